internal import ProtobufBridge
internal import Terminal

/// What a field wants, in words: its type, and the range that the schema allows.
struct ExpectedValue {
  private let field: FieldDescriptor

  init(_ field: FieldDescriptor) { self.field = field }

  /// What to say of a value that is none of the field's.
  ///
  /// - Parameter path: of the field, as it was given.
  func problem(_ text: String, at path: String) -> CLIProblem {
    let sentence = "“\(text)” does not fit \(path): \(inWords) was expected."
    return CLIProblem(
      .usage, Term(en: sentence, fi: Sentences.told(sentence, in: .finnish)), at: "--set \(path)")
  }

  private var inWords: String {
    let type = typeInWords
    guard field.message == nil, let range = field.rule?.range else { return type }
    switch (range.min, range.max) {
    case (let least?, let most?): return "\(type) from \(plain(least)) to \(plain(most))"
    case (let least?, nil): return "\(type) of at least \(plain(least))"
    case (nil, let most?): return "\(type) of at most \(plain(most))"
    case (nil, nil): return type
    }
  }

  private var typeInWords: String {
    if field.message?.fullName == "google.protobuf.Timestamp" {
      return "a day (2026-03-31) or a moment (2026-03-31T12:00:00Z)"
    }
    if field.message != nil { return "JSON such as {…}" }
    switch field.type {
    case .bool: return "yes or no"
    case .double, .float: return "a number"
    case .string, .bytes: return "a text"
    default: return "a whole number"
    }
  }

  private func plain(_ number: Double) -> String { Int64(exactly: number).map(String.init) ?? "\(number)" }
}
