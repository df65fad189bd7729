internal import Glibc
public import PunosMessages

/// Something that two people took part in, as far as it tells how well they know each other.
public struct Encounter: Sendable, Hashable {
  /// The resource name of the record that tells of it.
  public var record: String
  /// When, in seconds since 1970.
  public var time: Int64
  /// How.
  public var channel: Interaction.Channel
  /// From the customer, to the customer, or both ways.
  public var direction: Interaction.Direction
  /// How many people took part, the two included; at least two.
  public var people: Int

  /// Something that two people took part in.
  public init(
    record: String, time: Int64, channel: Interaction.Channel, direction: Interaction.Direction, people: Int = 2
  ) {
    self.record = record
    self.time = time
    self.channel = channel
    self.direction = direction
    self.people = people
  }

  /// What it weighs while it is fresh: the channel's closeness, doubled where it went both ways, shared among those
  /// who were there. By the root of their number: ten people in a room get to know each other less than two, but
  /// more than a tenth.
  public var freshWeight: Double {
    let ways: Double = direction == .mutual ? 2 : 1
    return channel.closeness * ways / Double(max(people, 2) - 1).squareRoot()
  }

  /// What it weighs at a moment; zero before it happened.
  ///
  /// - Parameter now: in seconds since 1970.
  public func weight(at now: Int64) -> Double {
    time > now ? 0 : freshWeight * TieScale.fading(from: time, to: now)
  }
}

/// The measures by which ties between people are weighed.
public enum TieScale {
  /// After so many days without contact a tie's evidence counts half: half a year, the time in which a customer's
  /// organisation and the people in it have usually changed once.
  public static let halfLifeDays = 180.0

  /// The evidence that makes a tie of 1 - 1/e, about 0.63: one and a half fresh meetings of two people.
  public static let enough = 3.0

  /// Interactions older than this (ten half-lives) weigh less than a thousandth and are left out.
  public static let horizonDays = 1_800

  /// People that may take part in one interaction for it to tie them: a webinar of hundreds ties nobody.
  public static let largestGathering = 30

  static let secondsADay = 86_400.0

  /// By how much evidence fades between two moments, 1 for none.
  static func fading(from time: Int64, to now: Int64) -> Double {
    exp2((Double(time) - Double(now)) / (halfLifeDays * secondsADay))
  }

  /// The earliest moment that counts, in seconds since 1970.
  public static func horizon(of now: Int64) -> Int64 {
    let (earliest, over) = now.subtractingReportingOverflow(Int64(horizonDays) * Int64(secondsADay))
    return over ? .min : earliest
  }
}
