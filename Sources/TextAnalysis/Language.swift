/// A language whose words the analyser can reduce to base forms.
public enum Language: String, Sendable, Hashable, CaseIterable {
  /// Finnish: Voikko's base forms and compound parts, Snowball where Voikko is missing.
  case finnish = "fi"
  /// Swedish: Snowball stems.
  case swedish = "sv"
  /// English: Snowball stems.
  case english = "en"

  /// The language of a BCP 47 tag such as `fi`, `sv-FI` or `en-GB`.
  ///
  /// - Parameter tag: any text; only the primary subtag is read, whatever its case.
  /// - Returns: `nil` where the tag is empty or names a language the analyser has no rules for.
  public init?(tag: String) {
    let primary = tag.utf8.prefix { $0 != 0x2D && $0 != 0x5F }
    guard primary.count == 2 else { return nil }
    self.init(rawValue: String(decoding: primary.map { $0 | 0x20 }, as: UTF8.self))
  }
}
