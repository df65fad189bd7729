internal import Glibc
internal import PunosMessages

/// The encounters of two people, summed up so that a tie takes few bytes however often the two have met, and can be
/// weighed at any moment.
///
/// As everything fades at the same rate, each sum is kept as it would weigh at one fixed moment: encounters come in
/// any order, and go again when they are corrected.
public struct TieEvidence: Sendable, Hashable {
  /// The moment at which the sums are kept, in seconds since 1970: 2020-01-01. Any would do; one near to the present
  /// keeps the numbers near to one.
  private static let reference: Int64 = 1_577_836_800

  private var inbound = 0.0
  private var outbound = 0.0
  private var mutual = 0.0
  /// How many encounters there are.
  public private(set) var count: Int32 = 0

  /// No encounters.
  public init() {}

  /// Takes an encounter in.
  public mutating func add(_ encounter: Encounter) {
    change(encounter, by: 1)
    count &+= 1
  }

  /// Takes an encounter out that was taken in before.
  public mutating func remove(_ encounter: Encounter) {
    change(encounter, by: -1)
    count &-= 1
    // What sums of fractions leave behind is no evidence.
    if count <= 0 { self = TieEvidence() }
  }

  private mutating func change(_ encounter: Encounter, by sign: Double) {
    let weight = sign * encounter.freshWeight * TieScale.fading(from: encounter.time, to: Self.reference)
    switch encounter.direction {
    case .inbound: inbound = max(0, inbound + weight)
    case .outbound: outbound = max(0, outbound + weight)
    default: mutual = max(0, mutual + weight)
    }
  }

  /// What being answered adds: as much as was said that the other side has an answer to.
  ///
  /// - Parameter now: in seconds since 1970.
  func answered(at now: Int64) -> Double {
    2 * min(inbound, outbound) * TieScale.fading(from: Self.reference, to: now)
  }

  /// How strongly the encounters tie the two, from 0 to under 1.
  ///
  /// The sum is squashed, so that one busy week never looks like ten good years.
  ///
  /// - Parameter now: in seconds since 1970; not before the latest encounter.
  public func strength(at now: Int64) -> Double {
    let sum = (inbound + outbound + mutual + 2 * min(inbound, outbound)) * TieScale.fading(from: Self.reference, to: now)
    return Self.squashed(sum)
  }

  /// Into 0 ..< 1; the greatest number under one stands for certainty, which evidence never gives.
  private static func squashed(_ sum: Double) -> Double {
    sum > 0 ? min(1 - exp(-sum / TieScale.enough), 1.0.nextDown) : 0
  }
}
