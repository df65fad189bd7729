import PunosMessages

/// Words of findings on coverage.
enum CoverageWords {
  /// "met several times, 12 days ago".
  static func contact(_ seat: CommitteeSeat, at moment: Int64) -> String {
    let depth: String =
      switch seat.coverage {
      case .brief: "met briefly"
      case .several: "met several times"
      case .deep: "in close contact"
      default: "not in touch"
      }
    guard let age = CoverageScore.age(seat, at: moment) else { return "\(depth), nobody says when" }
    return "\(depth), last \(Figures.days(age)) ago"
  }

  /// "works against us".
  static func stance(_ stance: CommitteeMember.Stance) -> String {
    switch stance {
    case .against: "is against us"
    case .sceptical: "doubts"
    case .neutral: "is neutral"
    case .supportive: "is in favour"
    case .mentor: "works for us"
    default: "has a stance that is not known"
    }
  }

  /// "economic buyer and decision maker"; "without a known role".
  static func roles(_ seat: CommitteeSeat) -> String {
    let words = seat.roles.filter { $0 != .unspecified }.sorted { $0.rawValue < $1.rawValue }.map(\.words)
    return words.isEmpty ? "without a known role" : words.joined(separator: " and ")
  }

  /// A level of contact.
  static func level(_ coverage: CommitteeMember.Coverage) -> String {
    switch coverage {
    case .brief: "brief"
    case .several: "several"
    case .deep: "deep"
    default: "none"
    }
  }
}
