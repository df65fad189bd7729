public import PunosMessages

/// Counts the answers of a period, and of the one before it, as they come in; in any order, and without keeping them.
public struct ExperienceTallies: Sendable {
  /// The period, in seconds since 1970, the end not included.
  public let period: Range<Int64>
  /// The period of the same length before it.
  public let before: Range<Int64>
  /// The step of the trend.
  public let step: CalendarStep

  /// What the customer says of us.
  public private(set) var scores = MeasureTallies()
  /// The same in the period before.
  public private(set) var earlier = MeasureTallies()
  /// By step.
  public private(set) var steps: [Range<Int64>: MeasureTallies] = [:]
  /// Expectation beside experience by touchpoint and stage.
  public private(set) var gaps: [GapPlace: GapTally] = [:]
  /// What the customer's own customers say, by segment.
  public private(set) var segments: [SegmentPlace: MeasureTallies] = [:]

  public init(period: Range<Int64>, step: CalendarStep) {
    self.period = period
    self.step = step
    let length = Int64(clamping: period.count)
    let start = period.lowerBound.subtractingReportingOverflow(length)
    before = (start.overflow ? Int64.min : start.partialValue)..<period.lowerBound
  }

  /// Counts an answer; one outside both periods is left out.
  ///
  /// - Parameter account: the account it lies in.
  public mutating func add(_ answer: FeedbackAnswer, account: String) {
    if answer.isEndCustomer {
      guard period.contains(answer.time) else { return }
      segments[SegmentPlace(account: account, segment: answer.segment), default: MeasureTallies()].add(answer)
    } else if period.contains(answer.time) {
      scores.add(answer)
      if let range = step.range(around: answer.time) { steps[range, default: MeasureTallies()].add(answer) }
      gaps[GapPlace(answer), default: GapTally()].add(answer)
    } else if before.contains(answer.time) {
      earlier.add(answer)
    }
  }
}

/// A segment of an account's customers.
public struct SegmentPlace: Sendable, Hashable, Comparable {
  public var account: String
  /// Empty: not said.
  public var segment: String

  public init(account: String, segment: String) {
    self.account = account
    self.segment = segment
  }

  public static func < (left: Self, right: Self) -> Bool {
    (left.account, left.segment) < (right.account, right.segment)
  }
}

/// The answers to every measure.
public struct MeasureTallies: Sendable, Hashable {
  /// By measure; those that were asked.
  public private(set) var experienced: [Feedback.Measure: ScoreTally] = [:]
  /// The same of what had been expected.
  public private(set) var expected: [Feedback.Measure: ScoreTally] = [:]
  /// Answers in words only.
  public private(set) var texts = 0

  public init() {}

  mutating func add(_ answer: FeedbackAnswer) {
    guard let score = answer.score else {
      texts += 1
      return
    }
    experienced[answer.measure, default: ScoreTally(answer.measure)].add(score)
    if let wanted = answer.expected { expected[answer.measure, default: ScoreTally(answer.measure)].add(wanted) }
  }
}
