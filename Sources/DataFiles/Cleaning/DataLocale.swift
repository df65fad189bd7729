/// How a place writes numbers and dates.
public struct DataLocale: Sendable, Hashable {
  /// In which order day, month and year are written when slashes or dots stand between them.
  public enum DateOrder: String, Sendable, Hashable {
    /// 31.12.2026
    case dayMonthYear
    /// 12/31/2026
    case monthDayYear
    /// 2026/12/31
    case yearMonthDay
  }

  /// The language tag this was made from.
  public var tag: String
  /// The mark before the fraction: `,` or `.`.
  public var decimalMark: Character
  /// Marks that may stand between groups of thousands, beside blanks.
  public var groupMarks: Set<Character>
  /// The order in dates.
  public var dateOrder: DateOrder

  private static let commaLanguages: Set<String> = [
    "fi", "sv", "nb", "nn", "no", "da", "is", "et", "lv", "lt", "de", "fr", "it", "es", "pt", "nl", "pl", "cs", "sk",
    "sl", "hr", "sr", "hu", "ro", "bg", "el", "ru", "uk", "tr", "id", "vi", "fo", "kl", "se",
  ]

  /// The habits of a language and region.
  ///
  /// - Parameter tag: BCP 47, such as `fi`, `en-GB`, `de-CH`. `en` alone is taken for `en-US`.
  /// - Returns: nil for a language whose habits are not known here: better asked than guessed.
  public init?(_ tag: String) {
    let parts = tag.split { $0 == "-" || $0 == "_" }
    guard let first = parts.first else { return nil }
    let language = first.lowercased()
    let region = parts.dropFirst().first { $0.utf8.count == 2 }?.uppercased() ?? ""
    self.tag = tag
    if language == "en" {
      decimalMark = "."
      groupMarks = [","]
      dateOrder = ["", "US", "PH"].contains(region) ? .monthDayYear : .dayMonthYear
      if region == "ZA" { decimalMark = "," }
      if ["CA", "FI", "SE"].contains(region) { dateOrder = .yearMonthDay }
    } else if ["ja", "zh", "ko"].contains(language) {
      decimalMark = "."
      groupMarks = [","]
      dateOrder = .yearMonthDay
    } else if Self.commaLanguages.contains(language) {
      let swiss = region == "CH" || region == "LI"
      let mexican = language == "es" && ["MX", "US", "GT", "HN", "NI", "SV", "DO", "PA", "PR"].contains(region)
      decimalMark = swiss || mexican ? "." : ","
      groupMarks = swiss ? ["'", "’"] : mexican ? [","] : ["."]
      dateOrder = ["sv", "lt", "hu"].contains(language) ? .yearMonthDay : .dayMonthYear
    } else {
      return nil
    }
  }

  /// Finnish habits.
  public static let finnish = DataLocale(tag: "fi", decimalMark: ",", groupMarks: ["."], dateOrder: .dayMonthYear)
  /// American habits, which are also those of most programs.
  public static let american = DataLocale(
    tag: "en-US", decimalMark: ".", groupMarks: [","], dateOrder: .monthDayYear)

  private init(tag: String, decimalMark: Character, groupMarks: Set<Character>, dateOrder: DateOrder) {
    self.tag = tag
    self.decimalMark = decimalMark
    self.groupMarks = groupMarks
    self.dateOrder = dateOrder
  }
}
