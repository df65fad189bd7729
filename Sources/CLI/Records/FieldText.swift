internal import DataFiles
internal import ProtobufBridge
internal import PunosMessages
internal import Terminal

/// Values of fields as people read them, by the schema: days, moments, amounts and shares by the language's habits, values
/// of enums in words, messages as what they say.
struct FieldText {
  let writing: Writing

  /// Fewest things said of an element that are told apart by dots: two stand well beside each other.
  private static let fewestDotted = 3

  /// The value of a field, or of one element of it.
  func text(_ value: JSONValue, _ field: FieldDescriptor) -> String {
    if case .array(let elements) = value {
      return elements.map { text($0, field) }.joined(separator: field.message == nil ? ", " : "; ")
    }
    if field.isMap, case .object(let members) = value { return map(members, field) }
    if let message = field.message { return self.message(value, message) }
    switch value {
    case .string(let text): return DisplayWidth.harmless(string(text, field))
    case .number(let text):
      return field.type == .double || field.type == .float ? writing.format.exact(text) : text
    case .bool(let flag):
      return flag ? writing.language.say(en: "yes", fi: "kyllä") : writing.language.say(en: "no", fi: "ei")
    case .null, .array, .object: return ""
    }
  }

  private func string(_ text: String, _ field: FieldDescriptor) -> String {
    if field.enumeration != nil { return Self.enumTitle(text, writing.language) }
    if FieldRule.isDate(field.rule) { return writing.format.date(text) }
    if field.name == "team" { return FieldNames.label(text, writing.language) }
    return text
  }

  /// A value of an enum in words; its own words where no others are known: `POSITION_PREFERRED` is "preferred".
  static func enumTitle(_ name: String, _ language: Language) -> String {
    FieldNames.enumTitle(name, language)
      ?? name.split(separator: "_").dropFirst().joined(separator: " ").lowercased()
  }

  private func map(_ members: [JSONMember], _ field: FieldDescriptor) -> String {
    guard let element = field.message?.field(2) else { return "" }
    return members.map { member in
      let key = RegistryWords.attribute(member.name, writing.language) ?? member.name
      return DisplayWidth.harmless("\(key): ") + text(member.value, element)
    }.joined(separator: "; ")
  }

  private func message(_ value: JSONValue, _ message: MessageDescriptor) -> String {
    switch message.fullName {
    case Money.fullName: return read(value, Money.self).map(writing.money) ?? ""
    case "google.protobuf.Timestamp": return read(value, ProtoTimestamp.self).map(writing.full) ?? ""
    default: break
    }
    // Well-known messages are texts in JSON.
    guard case .object(let members) = value else { return DisplayWidth.harmless(value.stringValue ?? "") }
    let texts = message.fields.compactMap { field in
      members.first { $0.name == field.jsonName }.map { text($0.value, field) }
    }.filter { !$0.isEmpty }
    return texts.joined(separator: texts.count < Self.fewestDotted ? " " : " · ")
  }

  private func read<M: Message>(_ value: JSONValue, _: M.Type) -> M? {
    try? M(jsonString: String(decoding: value.serialized(), as: UTF8.self))
  }
}
