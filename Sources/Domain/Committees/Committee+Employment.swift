import PunosMessages

/// Whether a person works at an account on a day.
enum Presence: Hashable {
  case here
  /// Their first employment there begins later.
  case notYet
  /// They work there no longer, since that day, YYYY-MM-DD; nil: nobody says since when.
  case gone(since: String?)
}

extension Committee {
  /// Whether a person works at the account on the day asked about. An employment without dates is of every day; where
  /// there is none at all, it was taken back or the contact was deleted, and the person works there no longer.
  func presence(of contact: String) -> Presence {
    let employments = employments[contact] ?? []
    if employments.contains(where: { $0.covers(date) }) { return .here }
    let ends = employments.map(\.validTo).filter { !$0.isEmpty && $0 <= date }
    if let last = ends.max() { return .gone(since: last) }
    return employments.isEmpty ? .gone(since: nil) : .notYet
  }

  /// Whether a person works at the account no longer on the day asked about.
  func hasLeft(_ seat: CommitteeSeat) -> Bool {
    if case .gone = presence(of: seat.contact) { true } else { false }
  }
}

extension Employment {
  /// Whether it is valid on a day, YYYY-MM-DD.
  fileprivate func covers(_ day: String) -> Bool {
    validFrom <= day && (validTo.isEmpty || day < validTo)
  }
}
