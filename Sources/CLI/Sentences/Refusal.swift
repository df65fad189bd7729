/// What a rule of the server refuses, in Finnish: found by the rule's name and its field, so that it is told whole even
/// where a server words its sentence in another way. What the sentence names is taken out of it where the wording is
/// known; else the records that it names stand behind the sentence.
struct Refusal: Sendable {
  /// The field that it is about without the places in lists, "stages.next"; empty for any field, or for a call.
  let field: String
  /// The whole sentence, with the way out.
  let finnish: String
  /// The server's wordings with holes, and the same in Finnish.
  let worded: [SentencePattern]

  init(_ field: String, _ finnish: String, _ worded: [Sentences.Entry] = []) {
    self.field = field
    self.finnish = finnish
    self.worded = worded.map { SentencePattern($0.english, $0.finnish) }
  }

  /// A refusal in Finnish; nil where the table has none for the rule and the field.
  ///
  /// - Parameters:
  ///   - sentence: as the server writes it.
  ///   - reason: the rule's name.
  ///   - path: of the field; empty where a call is refused for no field of its own.
  static func finnish(_ sentence: String, reason: String, field path: String = "") -> String? {
    guard let known = all[reason] else { return nil }
    let field = withoutPlaces(path)
    // A request names the record before the field: "relationship.valid_from".
    let exact = known.filter { $0.field == field || !$0.field.isEmpty && field.hasSuffix("." + $0.field) }
      .sorted { $0.field.utf8.count > $1.field.utf8.count }
    let fitting = exact + known.filter { $0.field.isEmpty && !field.isEmpty }
    for refusal in fitting {
      for pattern in refusal.worded {
        // What stands in the holes are names and the user's own words: they are not sentences to be translated.
        if let holes = pattern.holes(in: sentence) { return pattern.filled(holes) }
      }
    }
    return fitting.first.map { $0.finnish + named(in: sentence) }
  }

  /// `stages.next` for `stages[2].next[0]`.
  private static func withoutPlaces(_ path: String) -> String {
    var (result, isInside) = ("", false)
    for character in path {
      if character == "[" { isInside = true }
      if !isInside { result.append(character) }
      if character == "]" { isInside = false }
    }
    return result
  }

  /// The names of records in a sentence, in parentheses.
  private static func named(in sentence: String) -> String {
    let words = sentence.split { " ,;()".contains($0) }
      .map { $0.hasSuffix(".") ? $0.dropLast() : $0 }
      .filter { $0.contains("/") && !$0.contains("{") }
    return words.isEmpty ? "" : " (\(words.joined(separator: ", ")))"
  }
}
