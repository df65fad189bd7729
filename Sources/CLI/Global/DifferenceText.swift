internal import DataFiles
internal import PunosMessages

/// Differences of fields as people read them: `status: potential → current`.
struct DifferenceText {
  private let language: Language
  private let style: Style

  /// Differences shown of one change: what more there is, a count says.
  static let mostShown = 12

  init(_ session: Session) { self.init(session.language, session.output.style) }

  init(_ language: Language, _ style: Style) {
    self.language = language
    self.style = style
  }

  /// A line or more for each difference.
  func lines(_ differences: [PunosMessages.FieldDifference], width: Int, most: Int = mostShown) -> [String] {
    let told = differences.filter { !$0.path.hasPrefix("sources") || differences.count == 1 }
    let shown = told.isEmpty ? differences : told
    var lines = shown.prefix(most).map { line($0, width: width) }
    if shown.count > most {
      let more = shown.count - most
      lines.append(style(.dim, language.say(en: "… and \(more) more", fi: "… ja \(more) muuta")))
    }
    return lines
  }

  private func line(_ difference: PunosMessages.FieldDifference, width: Int) -> String {
    let name = FieldNames.title(of: difference.path, language)
    let before = Self.value(difference.before, language)
    let after = Self.value(difference.after, language)
    let room = max(16, width - TextWidth.of(name) - 2)
    switch (before.isEmpty, after.isEmpty) {
    case (true, _): return style(.dim, name + ":") + " " + style(.green, "+ " + TextWidth.cut(after, to: room - 2))
    case (_, true): return style(.dim, name + ":") + " " + style(.red, "− " + TextWidth.cut(before, to: room - 2))
    default:
      let left = min(TextWidth.of(before), max(room / 2 - 2, room - 3 - TextWidth.of(after)))
      let shownBefore = TextWidth.cut(before, to: left)
      let shownAfter = TextWidth.cut(after, to: max(8, room - 3 - TextWidth.of(shownBefore)))
      return style(.dim, name + ":") + " \(shownBefore) → " + style(.green, shownAfter)
    }
  }

  /// A value given as JSON, as short text.
  static func value(_ json: String, _ language: Language) -> String {
    guard !json.isEmpty else { return "" }
    guard let value = try? JSONParser.parse(Array(json.utf8)) else { return oneLine(json) }
    return oneLine(text(value, language))
  }

  private static func text(_ value: JSONValue, _ language: Language) -> String {
    switch value {
    case .null: ""
    case .bool(let flag): flag ? language.say(en: "yes", fi: "kyllä") : language.say(en: "no", fi: "ei")
    case .number(let text): text
    case .string(let text): FieldNames.enumTitle(text, language) ?? text
    case .array(let elements): elements.map { Self.text($0, language) }.joined(separator: ", ")
    case .object(let members):
      members.filter { $0.value != .null }.map { Self.text($0.value, language) }.filter { !$0.isEmpty }
        .joined(separator: " ")
    }
  }

  private static func oneLine(_ text: String) -> String { String(text.map { $0.isNewline ? " " : $0 }) }
}
