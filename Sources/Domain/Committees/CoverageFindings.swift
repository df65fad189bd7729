public import PunosMessages

/// What is missing in our coverage of a committee.
///
/// Every finding has a weight above 0 to 1 that says what it is made of, the records that show it, and one next step.
/// Weights only rank: they grow with the influence of the people concerned and with the time since the last contact.
public struct CoverageFindings: Sendable {
  /// Half-lives of contact (``CoverageScore/halfLife``) after which it counts as stale: a quarter of it is left.
  public static let staleAfterHalves = 2.0

  let committee: Committee
  let seats: [CommitteeSeat]
  let gone: [CommitteeSeat]
  let covered: [CommitteeSeat]

  init(_ committee: Committee) {
    self.committee = committee
    let all = committee.seats
    gone = all.filter { committee.hasLeft($0) }
    seats = all.filter { !committee.hasLeft($0) }
    covered = seats.filter(\.isCovered)
  }

  /// All findings, the weightiest first; of equal ones by kind, then by the records that show them.
  public static func of(_ committee: Committee) -> [CoverageFinding] {
    let findings = CoverageFindings(committee)
    let all =
      findings.missingRoles() + findings.threads() + findings.opponents() + findings.stale()
      + findings.belowWanted()
      + findings.championsWithoutAccess() + findings.left()
    return all.sorted { left, right in
      if left.weight != right.weight { return left.weight > right.weight }
      if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
      if left.role != right.role { return left.role.rawValue < right.role.rawValue }
      return left.evidence.lexicographicallyPrecedes(right.evidence)
    }
  }

  /// The record that a finding about the whole committee points to.
  var whole: String { committee.purchase.isEmpty ? committee.account : committee.purchase }

  /// Whoever can help us most: in favour, in touch, and listened to.
  var helper: CommitteeSeat? {
    CommitteeSeat.heaviest(covered.filter { $0.stance >= .supportive }) ?? CommitteeSeat.heaviest(covered)
  }

  /// How much somebody's word weighs, as a reason says it.
  func weighs(_ seat: CommitteeSeat) -> BothLanguages {
    let share = Figures.percent(seat.influence)
    return BothLanguages("Their word weighs \(share).", "Hänen sanansa painaa \(share).")
  }

  /// The share of the committee's influence that some of it has.
  func share(of some: [CommitteeSeat]) -> Double {
    let all = seats.reduce(0) { $0 + $1.influence }
    return all > 0 ? Figures.unit(some.reduce(0) { $0 + $1.influence } / all) : 0
  }

  func finding(
    _ kind: CoverageFinding.Kind, _ because: [CoverageReason], evidence: [String], _ sentence: BothLanguages,
    next: BothLanguages
  ) -> CoverageFinding {
    var finding = CoverageFinding()
    finding.kind = kind
    finding.weight = Figures.unit(because.reduce(0) { $0 + $1.weight })
    finding.because = because
    finding.evidence = evidence
    (finding.sentence, finding.finnishSentence) = (sentence.english, sentence.finnish)
    (finding.nextStep, finding.finnishNextStep) = (next.english, next.finnish)
    return finding
  }

  func reason(_ weight: Double, _ sentence: BothLanguages, _ records: [String] = []) -> CoverageReason {
    var reason = CoverageReason()
    reason.weight = weight
    (reason.sentence, reason.finnishSentence) = (sentence.english, sentence.finnish)
    reason.records = records
    return reason
  }
}

extension CommitteeSeat {
  /// The one whose word weighs most; of equal ones the first by name.
  static func heaviest(_ seats: [CommitteeSeat]) -> CommitteeSeat? {
    seats.min { $0.influence == $1.influence ? $0.contact < $1.contact : $0.influence > $1.influence }
  }
}

extension CommitteeMember.Stance: Comparable {
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
