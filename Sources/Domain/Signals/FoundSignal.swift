import FieldFormats
public import PunosMessages

/// A signal that a detector found. It names records, never people: who they are is read from the records.
public struct FoundSignal: Sendable, Hashable {
  /// What kind of change it is.
  public var kind: Signal.Kind
  /// How much it matters.
  public var severity: Signal.Severity
  /// What happened, in one sentence.
  public var title: String
  /// Why it was raised, and what to do.
  public var explanation: String
  /// The records that show it.
  public var evidence: [String]
  /// Named after the cause: the same cause gives the same key, however often it is looked at.
  public var dedupKey: String
  /// The person at the customer whom it is about; empty where it is none.
  public var contact: String
  /// The team that should react; empty where that is not known.
  public var team: String
  /// The teammate who should react; empty where that is not known.
  public var owner: String

  public init(
    kind: Signal.Kind, severity: Signal.Severity, title: String, explanation: String, evidence: [String],
    dedupKey: String, contact: String = "", team: String = "", owner: String = ""
  ) {
    self.kind = kind
    self.severity = severity
    self.title = title
    self.explanation = explanation
    self.evidence = evidence
    self.dedupKey = dedupKey
    self.contact = contact
    self.team = team
    self.owner = owner
  }
}

/// A day and the moment it was asked at.
public struct Today: Sendable, Hashable {
  /// Seconds since 1970.
  public let now: Int64
  /// The calendar day in UTC, YYYY-MM-DD.
  public let text: String
  /// Days since 1970.
  public let number: Int

  /// - Parameter now: seconds since 1970; beyond the years 1 … 9999 counts as 1970.
  public init(_ now: Int64) {
    let (whole, rest) = now.quotientAndRemainder(dividingBy: Fading.secondsPerDay)
    let day = rest < 0 ? whole - 1 : whole
    let date = Int(exactly: day).flatMap { CalendarDate(daysSince1970: $0) }
    self.now = now
    number = date?.daysSince1970 ?? 0
    text = (date ?? CalendarDate(daysSince1970: 0))?.description ?? "1970-01-01"
  }

  /// How many days ago a day was; negative for one to come, nil for what is no day.
  public func days(since day: String) -> Int? { CalendarDate(day).map { number - $0.daysSince1970 } }
}
