public import PunosMessages

extension Feedback.Measure {
  /// The whole numbers that an answer can be; nil for words only.
  public var scale: ClosedRange<Int32>? {
    switch self {
    case .nps: 0...10
    case .csat: 1...5
    case .ces: 1...7
    default: nil
    }
  }

  /// What people call it.
  public var word: String {
    switch self {
    case .nps: "NPS"
    case .csat: "CSAT"
    case .ces: "CES"
    default: "free text"
    }
  }

  /// The measures that have a score, in the order in which they are shown.
  public static let scored: [Feedback.Measure] = [.nps, .csat, .ces]
}

/// An answer as far as scores need it.
public struct FeedbackAnswer: Sendable, Hashable {
  /// The record's resource name.
  public var record: String
  /// Seconds since 1970.
  public var time: Int64
  public var measure: Feedback.Measure
  /// nil: words only.
  public var score: Int32?
  public var expected: Int32?
  public var touchpoint: String
  public var stage: String
  /// Whether one of the customer's own customers speaks.
  public var isEndCustomer: Bool
  /// The segment of the customer's own customers; empty: not said.
  public var segment: String
  /// Names of records that it is about.
  public var about: [String]

  public init(_ feedback: Feedback) {
    record = feedback.name
    time = feedback.time?.seconds ?? 0
    measure = feedback.measure
    let scale = feedback.measure.scale
    // What lies off the scale is refused when it is written; what came in some other way is no answer.
    score = feedback.score.flatMap { scale?.contains($0) == true ? $0 : nil }
    expected = feedback.expectedScore.flatMap { scale?.contains($0) == true ? $0 : nil }
    touchpoint = feedback.touchpoint
    stage = feedback.stage
    isEndCustomer = feedback.voice == .endCustomer
    segment = feedback.segment
    about = feedback.about
  }
}

/// The answers to one measure, counted by score: all that any score is computed from, in whatever order they came.
public struct ScoreTally: Sendable, Hashable {
  public let measure: Feedback.Measure
  /// How many gave each score.
  public private(set) var counts: [Int32: Int] = [:]

  public init(_ measure: Feedback.Measure) { self.measure = measure }

  /// Counts an answer; one off the scale is left out.
  public mutating func add(_ score: Int32) {
    guard measure.scale?.contains(score) == true else { return }
    counts[score, default: 0] += 1
  }

  /// How many answered.
  public var responses: Int { counts.values.reduce(0, +) }

  func count(_ range: ClosedRange<Int32>) -> Int {
    counts.reduce(0) { $0 + (range.contains($1.key) ? $1.value : 0) }
  }

  /// NPS: 9 and 10, promoters. CSAT: 4 and 5, satisfied. CES: 5 to 7, found it easy.
  public var favourable: Int {
    switch measure {
    case .nps: count(9...10)
    case .csat: count(4...5)
    case .ces: count(5...7)
    default: 0
    }
  }

  /// NPS: 7 and 8, passives. CSAT: 3. CES: 4.
  public var neutral: Int {
    switch measure {
    case .nps: count(7...8)
    case .csat: count(3...3)
    case .ces: count(4...4)
    default: 0
    }
  }

  /// The others: of an NPS the detractors.
  public var unfavourable: Int { responses - favourable - neutral }

  /// The mean answer; nil without one. Sums of whole numbers: the order of the answers cannot show.
  var mean: Double? {
    let responses = responses
    guard responses > 0 else { return nil }
    return Double(counts.reduce(0) { $0 + Int($1.key) * $1.value }) / Double(responses)
  }

  /// The sum of squared distances from the mean.
  var squares: Double {
    let responses = responses
    guard responses > 0 else { return 0 }
    let sum = counts.reduce(0) { $0 + Int($1.key) * $1.value }
    let ofSquares = counts.reduce(0) { $0 + Int($1.key) * Int($1.key) * $1.value }
    return Double(ofSquares) - Double(sum) * Double(sum) / Double(responses)
  }

  /// The score by its published definition; nil without an answer.
  ///
  /// NPS is the percentage of promoters less that of detractors (F. Reichheld, "The One Number You Need to Grow",
  /// Harvard Business Review, 2003). CSAT is the percentage of the two best of five answers ("top two box"). CES is
  /// the mean of seven degrees of agreement that it was easy (CEB's CES 2.0).
  public var score: Double? {
    let responses = responses
    guard responses > 0 else { return nil }
    switch measure {
    case .nps: return 100 * Double(favourable - unfavourable) / Double(responses)
    case .csat: return 100 * Double(favourable) / Double(responses)
    case .ces: return mean
    default: return nil
    }
  }

  /// What the true score lies between; nil where that cannot be said.
  public var interval: Interval? {
    switch measure {
    case .nps:
      return ConfidenceIntervals.netPromoter(promoters: favourable, detractors: unfavourable, of: responses)
    case .csat:
      guard let share = ConfidenceIntervals.wilson(favourable, of: responses) else { return nil }
      return Interval(low: 100 * share.low, high: 100 * share.high, method: share.method)
    case .ces:
      guard let mean, let interval = ConfidenceIntervals.mean(mean, squares: squares, count: responses) else {
        return nil
      }
      return Interval(low: max(1, interval.low), high: min(7, interval.high), method: interval.method)
    default: return nil
    }
  }

  /// Whether there are too few answers to lean on the score.
  public var isSmall: Bool { responses < ConfidenceIntervals.smallSample }

  /// How unsure the score is: its standard error, on the score's own scale; nil where that cannot be said.
  var standardError: Double? {
    let responses = responses
    guard responses > 1 else { return nil }
    let count = Double(responses)
    switch measure {
    case .nps:
      let up = Double(favourable) / count
      let down = Double(unfavourable) / count
      return 100 * (max(0, up + down - (up - down) * (up - down)) / count).squareRoot()
    case .csat:
      let share = Double(favourable) / count
      return 100 * (share * (1 - share) / count).squareRoot()
    case .ces: return (max(0, squares) / (count - 1) / count).squareRoot()
    default: return nil
    }
  }
}
