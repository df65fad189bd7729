internal import ProtobufBridge
internal import PunosMessages
internal import Terminal

/// A value of an enum as people type it: its name without the prefix, or the word that is shown for it.
enum EnumArgument {
  /// - Parameter text: empty for the value that is not set.
  /// - Throws: ``CLIProblem`` with what is known.
  static func value<Value: ProtoEnum>(_ text: String, at option: String) throws(CLIProblem) -> Value {
    if text.isEmpty { return Value(rawValue: 0) }
    let known = Schema.shared.enumeration(Value.fullName)?.values.dropFirst() ?? []
    let wanted = text.uppercased().map { $0 == "-" || $0 == " " ? "_" : $0 }
    let match = known.first { value in
      value.name.hasSuffix("_" + String(wanted))
        || Language.allCases.contains {
          FieldNames.enumTitle(value.name, $0)?.lowercased() == text.lowercased()
        }
    }
    if let match { return Value(rawValue: match.number) }
    throw CLIProblem(
      .usage, Term(en: "There is no “\(text)” to choose.", fi: "Vaihtoehtoa ”\(text)” ei ole."), at: option,
      details: [
        known.map { FieldNames.enumTitle($0.name, .english) ?? $0.name.lowercased() }.joined(separator: ", ")
      ])
  }
}
