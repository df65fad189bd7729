public import PunosMessages

/// When, and in how many ways, we were last in touch with a person.
public struct ContactTouch: Sendable, Hashable {
  /// The contact's resource name.
  public var contact: String
  /// The last time, in seconds since 1970.
  public var last: Int64
  /// How many different channels were used (meetings, calls, letters), as far as it matters.
  public var channels: Int
  /// Who of ours took part, as far as it matters.
  public var teammates: Set<String>

  public init(contact: String, last: Int64, channels: Int, teammates: Set<String> = []) {
    self.contact = contact
    self.last = last
    self.channels = channels
    self.teammates = teammates
  }
}

/// Finds out from a person's interactions when, and in how many ways, we were last in touch.
///
/// They are looked at from the newest on, until what they show is enough: several channels, and more than one of ours. So
/// nothing that is told besides takes away from what was found, however much it is, up to ``mostLookedAt``.
public struct TouchSearch: Sendable {
  /// Interactions of one person that are looked at: of a person who orders thrice a day those of a year, and five
  /// milliseconds to read.
  public static let mostLookedAt = 1_000
  /// Days back from the moment asked about in which more channels and more of ours are looked for, once the last contact
  /// is found: eight half-lives (``CoverageScore/halfLife``), after which nothing is left of it.
  static let daysOfInterest = 8 * CoverageScore.halfLife
  /// Closeness of a channel (``Interaction/Channel/closeness``) from which somebody of ours was in touch with the person
  /// themselves: orders, invoices and visits to a portal need nobody.
  private static let personalCloseness = 0.25
  /// More of ours than this, and the contact does not hang on one.
  private static let severalTeammates = 2

  private let contact: String
  private let moment: Int64
  private let start: Int64
  private var last: Int64?
  private var channels: Set<Interaction.Channel> = []
  private var teammates: Set<String> = []
  /// How many were looked at.
  public private(set) var looked = 0
  /// Whether more can add nothing, or is too much.
  public private(set) var isOver = false

  /// - Parameters:
  ///   - contact: the contact's resource name.
  ///   - moment: in seconds since 1970; what comes later is left out.
  public init(of contact: String, until moment: Int64) {
    self.contact = contact
    self.moment = moment
    start = moment.subtractingReportingOverflow(Int64(Self.daysOfInterest * CoverageScore.secondsPerDay)).0
  }

  /// Looks at the next one: not later than the one before.
  public mutating func look(at interaction: Interaction) {
    guard !isOver, let time = interaction.time?.seconds, time <= moment else { return }
    looked += 1
    isOver = looked >= Self.mostLookedAt || last != nil && time < start
    guard last == nil || time >= start, interaction.channel.closeness >= Self.personalCloseness else {
      return
    }
    if last == nil { last = time }
    channels.insert(interaction.channel)
    teammates.formUnion(interaction.teammates.map(\.principal).filter { !$0.isEmpty })
    if channels.count >= CommitteeSeat.severalChannels, teammates.count >= Self.severalTeammates {
      isOver = true
    }
  }

  /// What was found; nil where nobody of ours was in touch.
  public var touch: ContactTouch? {
    last.map { ContactTouch(contact: contact, last: $0, channels: channels.count, teammates: teammates) }
  }
}
