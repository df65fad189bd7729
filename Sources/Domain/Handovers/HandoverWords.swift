public import PunosMessages

/// How handovers write kinds, states and moments: words that a file is read back from.
public enum HandoverWords {
  private static let kinds: [(HandoverItem.Kind, String)] = [
    (.need, "Need"), (.promise, "Promise"), (.stakeholder, "Stakeholder"),
    (.successCriterion, "Success criterion"), (.risk, "Risk"), (.openQuestion, "Open question"),
    (.constraint, "Constraint"), (.commercialTerm, "Commercial term"), (.nextStep, "Next step"),
  ]

  /// Every kind's word.
  static var kindWords: [String] { kinds.map(\.1) }

  /// A kind in words; of one that this version does not know, its number.
  public static func text(of kind: HandoverItem.Kind) -> String {
    kinds.first { $0.0 == kind }?.1 ?? "Kind \(kind.rawValue)"
  }

  /// The kind of a word, in upper or lower case; nil where there is none.
  static func kind(of word: String) -> HandoverItem.Kind? {
    let word = TextLines.trimmed(word).lowercased()
    if let kind = kinds.first(where: { $0.1.lowercased() == word })?.0 { return kind }
    guard word.hasPrefix("kind "), let number = Int32(word.dropFirst(5)) else { return nil }
    return HandoverItem.Kind(rawValue: number)
  }

  /// A state in a word.
  public static func text(of state: Handover.State) -> String {
    switch state {
    case .offered: "offered"
    case .accepted: "accepted"
    case .returned: "returned"
    case .closed: "closed"
    case .draft, .unspecified: "draft"
    default: "state-\(state.rawValue)"
    }
  }

  /// A status in a word; empty where nothing was said yet.
  public static func text(of status: HandoverItem.Status) -> String {
    switch status {
    case .accepted: "accepted"
    case .queried: "queried"
    case .rejected: "rejected"
    case .open, .unspecified: ""
    default: "status-\(status.rawValue)"
    }
  }

  /// What a message is, in words.
  public static func text(of kind: HandoverMessage.Kind) -> String {
    switch kind {
    case .query: "asked"
    case .answer: "answered"
    case .rejection: "rejected"
    default: "said"
    }
  }

  /// A moment as `2026-11-23 12:00`, in UTC; empty where there is none.
  public static func text(of moment: ProtoTimestamp?) -> String {
    guard let moment else { return "" }
    let second = ((moment.seconds % 86_400) + 86_400) % 86_400
    return day(of: moment) + " " + two(second / 3600) + ":" + two(second / 60 % 60)
  }

  /// A moment as `2026-11-23T12:00:05Z` (RFC 3339), for programs.
  public static func instant(of moment: ProtoTimestamp) -> String {
    let second = ((moment.seconds % 86_400) + 86_400) % 86_400
    return "\(day(of: moment))T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
  }

  /// The day of a moment as `2026-11-23`, in UTC; days written so compare as text.
  ///
  /// After Howard Hinnant's `civil_from_days`.
  public static func day(of moment: ProtoTimestamp) -> String {
    let days = (moment.seconds - (((moment.seconds % 86_400) + 86_400) % 86_400)) / 86_400 &+ 719_468
    let era = (days >= 0 ? days : days - 146_096) / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let digits = String(year)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "-" + two(month) + "-"
      + two(dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
