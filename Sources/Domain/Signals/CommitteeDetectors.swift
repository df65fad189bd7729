public import PunosMessages

/// Finds what a change means for a committee as it was known before: a single member's record does not say who else
/// decides, nor who of ours has gone.
public enum CommitteeDetectors {
  /// Somebody decides who was not known to, where others were known to decide: the first that is written down of a
  /// committee is no change of it.
  ///
  /// - Parameters:
  ///   - new: a member whose record is new.
  ///   - known: members of the account whose records were there before, in any order.
  ///   - day: of the change, YYYY-MM-DD.
  public static func newDecider(
    _ new: CommitteeMember, beside known: [CommitteeMember], on day: String
  ) -> FoundSignal? {
    let deciders = known.filter { other in
      other.hasDecidingRole
        && (other.purchase == new.purchase || other.purchase.isEmpty || new.purchase.isEmpty)
    }
    let isKnown = deciders.contains { $0.contact == new.contact && $0.decides }
    guard new.decides, !deciders.isEmpty, !isKnown else { return nil }
    return PeopleDetectors.decides(new, on: day)
  }

  /// Somebody whom we were in touch with works at the customer no longer.
  ///
  /// - Parameters:
  ///   - contact: who has left, or is leaving.
  ///   - members: of the account's committee, in any order.
  ///   - day: of the change.
  public static func coverageLost(
    byLeaving contact: String, _ members: [CommitteeMember], on day: String
  ) -> [FoundSignal] {
    members.filter { $0.contact == contact && $0.isInTouch && $0.weighs }.map { member in
      PeopleDetectors.lost(
        member, on: day,
        explanation:
          "The person leaves the customer. Learn who takes over their part, and end theirs in the committee.")
    }
  }

  /// Everybody of ours who was in touch with somebody looks after the customer no longer.
  ///
  /// - Parameter teammates: of ours, whose time as owners of the account has an end now.
  public static func coverageLost(
    without teammates: Set<String>, _ members: [CommitteeMember], on day: String
  ) -> [FoundSignal] {
    members.filter { member in
      let covering = Set(member.coveredBy)
      return !covering.isEmpty && covering.isSubset(of: teammates) && member.isInTouch && member.weighs
    }.map { member in
      PeopleDetectors.lost(
        member, on: day,
        explanation: "Whoever of ours was in touch looks after this customer no longer. "
          + "Decide who meets this person next, and let them be introduced.")
    }
  }

  /// Teammates who looked after an account before a change, and do so no longer.
  public static func ended(_ before: Account, _ after: Account) -> Set<String> {
    func present(_ account: Account) -> Set<String> {
      Set(account.owners.filter(\.validTo.isEmpty).map(\.principal))
    }
    return present(before).subtracting(present(after))
  }
}
