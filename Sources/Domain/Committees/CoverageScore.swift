public import PunosMessages

/// How well a committee is covered as a whole.
///
/// For each role that the purchase usually has (``ExpectedRoles``), the best covered person in that role counts:
/// `depth × freshness`, where depth is 0 for none, 0.4 for brief, 0.75 for several and 1 for deep contact, and freshness
/// halves every ``halfLife`` days since the last contact, whoever was in touch. What is said without a day counts as one
/// half-life old when it was said, and fades from there, for as long as nothing fresher shows more. The score is the
/// weighted mean over the roles: between 0 and 1, never less for more contact, less from day to day without any, and the
/// same in whatever order the members are told.
public enum CoverageScore {
  /// Days after which contact is worth half: a quarter is how often a B2B account is usually reviewed, and whoever was
  /// not met for two half-lives is met anew.
  public static let halfLife = 45.0
  /// How old contact is taken to be that is spoken of without a day, in days before it was spoken of.
  static let unknownAge = halfLife
  static let secondsPerDay = 86_400.0

  /// What tells of contact.
  enum Basis: Hashable {
    /// A day of contact.
    case contact
    /// Somebody's word without a day, noted so many days ago; nil: nobody knows when.
    case word(noted: Double?)
  }

  /// What a person's coverage rests on: of what is known, that which shows most.
  struct Standing {
    var coverage: CommitteeMember.Coverage
    /// Days since the last contact, or what is taken for them.
    var age: Double
    var basis: Basis

    /// What is left of the contact, 0 to 1.
    var freshness: Double { Halving.remaining(after: age / halfLife) }

    var quality: Double { depth(coverage) * freshness }
  }

  /// What a person's coverage rests on; nil where nobody is in touch. Each thing that is said or shown can only add to it:
  /// an interaction of long ago takes nothing from what somebody says without a date.
  static func standing(_ seat: CommitteeSeat, at moment: Int64) -> Standing? {
    guard seat.isCovered else { return nil }
    var best = seat.lastContact.map {
      Standing(coverage: seat.coverage, age: days(from: $0, to: moment), basis: .contact)
    }
    for word in seat.undated where word.coverage >= .brief {
      let noted = word.said.map { days(from: $0, to: moment) }
      let standing = Standing(
        coverage: word.coverage, age: unknownAge + (noted ?? 0), basis: .word(noted: noted))
      if best.map({ standing.quality > $0.quality }) ?? true { best = standing }
    }
    return best
  }

  /// How well a person is covered, 0 to 1.
  static func quality(_ seat: CommitteeSeat, at moment: Int64) -> Double {
    standing(seat, at: moment)?.quality ?? 0
  }

  /// Days from one moment to another, in seconds since 1970.
  private static func days(from first: Int64, to last: Int64) -> Double {
    max(0, Double(last) - Double(first)) / secondsPerDay
  }

  /// How much contact of a kind is worth while it is fresh.
  static func depth(_ coverage: CommitteeMember.Coverage) -> Double {
    switch coverage {
    case .brief: 0.4
    case .several: 0.75
    case .deep: 1
    default: 0
    }
  }

  /// The score and what it is made of, the heaviest part first.
  public static func of(_ committee: Committee) -> (score: Double, because: [CoverageReason]) {
    let seats = committee.seats.filter { !committee.hasLeft($0) }
    let expected = ExpectedRoles.of(committee.purchaseType)
    let total = expected.reduce(0) { $0 + $1.weight }
    guard total > 0 else { return (0, []) }
    let reasons = expected.map { reason($0, seats, total: total, at: committee.moment) }
    let score = min(1, reasons.reduce(0) { $0 + $1.weight })
    return (
      score, reasons.sorted { $0.weight == $1.weight ? $0.sentence < $1.sentence : $0.weight > $1.weight }
    )
  }

  private static func reason(
    _ expected: ExpectedRoles.Expected, _ seats: [CommitteeSeat], total: Double, at moment: Int64
  ) -> CoverageReason {
    var reason = CoverageReason()
    let share = expected.weight / total
    // Of two that are covered as well, the first by name: the same in every order.
    let best = seats.filter { $0.roles.contains(expected.role) }.reduce(nil as CommitteeSeat?) { best, seat in
      guard let best, quality(best, at: moment) >= quality(seat, at: moment) else { return seat }
      return best
    }
    let words = expected.role.words
    let most = Figures.percent(share)
    guard let best else {
      reason.sentence = "Nobody is known as \(words.english); that would be up to \(most) of the score."
      reason.finnishSentence = "Ei tiedossa: \(words.finnish); siitä tulisi enintään \(most)."
      return reason
    }
    reason.weight = share * quality(best, at: moment)
    reason.records = best.records
    let met = standing(best, at: moment).map(CoverageWords.contact) ?? CoverageWords.untouched
    let part = Figures.percent(reason.weight)
    reason.sentence = "\(best.title), \(words.english): \(met.english); \(part) of a possible \(most)."
    reason.finnishSentence = "\(best.title), \(words.finnish): \(met.finnish); \(part), enintään \(most)."
    return reason
  }
}

/// Decay by half-lives.
public enum Halving {
  /// What remains after so many half-lives: 2 to the power of −`halves`, 0 to 1.
  ///
  /// Whole halves are exact; between two of them the power is a series, since the C library is not this module's.
  public static func remaining(after halves: Double) -> Double {
    guard halves > 0 else { return 1 }
    // Beyond this, nothing that is shown would differ from nothing.
    guard halves < 1000 else { return 0 }
    let whole = halves.rounded(.down)
    let exponent = -(halves - whole) * 0.693147180559945309
    // The series of e^x for −0.7 < x ≤ 0: eighteen terms are beyond the precision of a Double.
    var term = 1.0
    var sum = 1.0
    for index in 1...18 {
      term *= exponent / Double(index)
      sum += term
    }
    return sum * Double(sign: .plus, exponent: -Int(whole), significand: 1)
  }
}

/// Numbers in sentences.
enum Figures {
  /// "37 %".
  static func percent(_ share: Double) -> String { "\(Int((unit(share) * 100).rounded())) %" }

  /// A number held within 0 to 1; what is none is 0.
  static func unit(_ number: Double) -> Double { number > 0 ? (number < 1 ? number : 1) : 0 }

  /// "1 day", "12 days".
  static func days(_ count: Double) -> String {
    let whole = count > 0 ? Int((count < 1e9 ? count : 1e9).rounded(.down)) : 0
    return whole == 1 ? "1 day" : "\(whole) days"
  }

  /// "1 päivä", "12 päivää".
  static func finnishDays(_ count: Double) -> String {
    let whole = count > 0 ? Int((count < 1e9 ? count : 1e9).rounded(.down)) : 0
    return whole == 1 ? "1 päivä" : "\(whole) päivää"
  }
}
