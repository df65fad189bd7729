internal import DataFiles
internal import ProtobufBridge
internal import PunosMessages
internal import Terminal

/// Differences of fields as people read them: `status: potential → current`.
enum DifferenceText {
  /// Differences shown of one change: what more there is, a count says.
  static let mostShown = 12
  /// Letters of a value shown inside a sentence.
  private static let longestValue = 40

  /// Those worth telling: where values come from is told only where nothing else changed.
  static func told(_ differences: [PunosMessages.FieldDifference]) -> [PunosMessages.FieldDifference] {
    let told = differences.filter { !$0.path.hasPrefix("sources") }
    return told.isEmpty ? differences : told
  }

  /// A difference in a few words.
  static func sentence(_ difference: PunosMessages.FieldDifference, _ language: Language) -> String {
    let name = FieldNames.title(of: difference.path, language)
    let before = DisplayWidth.truncated(
      value(difference.before, of: difference.path, language), to: longestValue)
    let after = DisplayWidth.truncated(
      value(difference.after, of: difference.path, language), to: longestValue)
    switch (before.isEmpty, after.isEmpty) {
    case (true, _): return "\(name): + \(after)"
    case (_, true): return "\(name): − \(before)"
    default: return "\(name): \(before) → \(after)"
    }
  }

  /// A line or more for each difference, fitted to a width.
  static func lines(
    _ differences: [PunosMessages.FieldDifference], _ language: Language, _ style: Style, width: Int,
    most: Int = mostShown
  ) -> [String] {
    let told = told(differences)
    var lines = told.prefix(most).map { line($0, language, style, width: width) }
    if told.count > most {
      let more = told.count - most
      lines.append(style.faint(language.say(en: "… and \(more) more", fi: "… ja \(more) muuta")))
    }
    return lines
  }

  private static func line(
    _ difference: PunosMessages.FieldDifference, _ language: Language, _ style: Style, width: Int
  ) -> String {
    let name = DisplayWidth.harmless(FieldNames.title(of: difference.path, language))
    let before = value(difference.before, of: difference.path, language)
    let after = value(difference.after, of: difference.path, language)
    let room = max(16, width - DisplayWidth.of(name) - 2)
    let label = style.faint(name + ":")
    switch (before.isEmpty, after.isEmpty) {
    case (true, _): return label + " " + style.good("+ " + DisplayWidth.truncated(after, to: room - 2))
    case (_, true): return label + " " + style.bad("− " + DisplayWidth.truncated(before, to: room - 2))
    default:
      let left = max(6, min(DisplayWidth.of(before), max(room / 2 - 2, room - 3 - DisplayWidth.of(after))))
      let shownBefore = DisplayWidth.truncated(before, to: left)
      let shownAfter = DisplayWidth.truncated(after, to: max(6, room - 3 - DisplayWidth.of(shownBefore)))
      return "\(label) \(shownBefore) → \(style.good(shownAfter))"
    }
  }

  /// A value of a field, as short text on one line.
  private static func value(_ json: String, of path: String, _ language: Language) -> String {
    if path.hasPrefix("registry_claims"), let claim = try? RegistryClaim(jsonString: json) {
      return RegistryWords.sentence(claim, language)
    }
    return value(json, language)
  }

  /// A value given as JSON, as short text on one line.
  static func value(_ json: String, _ language: Language) -> String {
    guard !json.isEmpty else { return "" }
    guard let value = try? JSONParser.parse(Array(json.utf8)) else {
      // Names of enum values come without quotes.
      return DisplayWidth.harmless(word(json, language))
    }
    return DisplayWidth.harmless(text(value, language))
  }

  /// A value of an enum in words, a moment or a day as the language writes them; any other text as it is.
  private static func word(_ text: String, _ language: Language) -> String {
    if let title = FieldNames.enumTitle(text, language) { return title }
    if text.utf8.count == 10 { return LocaleFormat(language).date(text) }
    guard text.utf8.last == UInt8(ascii: "Z"),
      text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }),
      let moment = try? ProtoTimestamp(jsonString: "\"\(text)\"")
    else { return text }
    return LocaleFormat(language).moment(moment.seconds)
  }

  private static func text(_ value: JSONValue, _ language: Language) -> String {
    switch value {
    case .null: ""
    case .bool(let flag): flag ? language.say(en: "yes", fi: "kyllä") : language.say(en: "no", fi: "ei")
    case .number(let text): text
    case .string(let text): word(text, language)
    case .array(let elements): elements.map { Self.text($0, language) }.joined(separator: ", ")
    case .object(let members):
      members.map { Self.text($0.value, language) }.filter { !$0.isEmpty }.joined(separator: " ")
    }
  }
}
