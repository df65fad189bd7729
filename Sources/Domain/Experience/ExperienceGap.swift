/// Where the two sides met, and in which stage.
public struct GapPlace: Sendable, Hashable {
  /// Empty: not said.
  public var touchpoint: String
  public var stage: String

  public init(touchpoint: String, stage: String) {
    self.touchpoint = touchpoint
    self.stage = stage
  }

  init(_ answer: FeedbackAnswer) { self.init(touchpoint: answer.touchpoint, stage: answer.stage) }
}

/// Expectation beside experience in one place. Answers of different measures are brought to one scale, 0 (worst) to 1
/// (best), counted in sixtieths: 10, 4 and 6 steps all divide 60, so sums are exact in whatever order answers come.
public struct GapTally: Sendable, Hashable {
  /// An answer that falls short of what was expected.
  public struct Shortfall: Sendable, Hashable {
    public var record: String
    /// Experience less expectation, -1 to 0.
    public var gap: Double { Double(sixtieths) / Double(GapTally.whole) }
    public var score: Int32
    public var expected: Int32
    var sixtieths: Int
  }

  /// How many answers explain a gap: what a person reads before looking at the records themselves.
  static let shown = 3
  static let whole = 60

  /// Answers with a score.
  public private(set) var responses = 0
  /// Answers with a score and an expectation.
  public private(set) var compared = 0
  /// The answers that fall shortest, the worst first.
  public private(set) var worst: [Shortfall] = []
  /// Records that answers say they are about.
  public private(set) var about: Set<String> = []
  private var experience = 0
  private var expectation = 0
  private var expectations = 0
  private var gaps = 0
  private var squaredGaps = 0

  public init() {}

  mutating func add(_ answer: FeedbackAnswer) {
    about.formUnion(answer.about)
    guard let scale = answer.measure.scale else { return }
    let expected = answer.expected.map { Self.sixtieths($0, scale) }
    if let expected {
      expectation += expected
      expectations += 1
    }
    guard let score = answer.score else { return }
    let experienced = Self.sixtieths(score, scale)
    experience += experienced
    responses += 1
    guard let expected, let wanted = answer.expected else { return }
    let gap = experienced - expected
    gaps += gap
    squaredGaps += gap * gap
    compared += 1
    if gap < 0 {
      keep(Shortfall(record: answer.record, score: score, expected: wanted, sixtieths: gap))
    }
  }

  private static func sixtieths(_ score: Int32, _ scale: ClosedRange<Int32>) -> Int {
    Int(score - scale.lowerBound) * whole / max(1, Int(scale.upperBound - scale.lowerBound))
  }

  private mutating func keep(_ shortfall: Shortfall) {
    let place = worst.firstIndex { Self.isWorse(shortfall, $0) } ?? worst.count
    worst.insert(shortfall, at: place)
    if worst.count > Self.shown { worst.removeLast() }
  }

  private static func isWorse(_ left: Shortfall, _ right: Shortfall) -> Bool {
    (left.sixtieths, left.record) < (right.sixtieths, right.record)
  }

  /// The mean experience, 0 to 1; nil without a score.
  public var meanExperience: Double? {
    responses > 0 ? Double(experience) / Double(responses * Self.whole) : nil
  }

  /// The mean expectation, 0 to 1; nil where nobody said.
  public var meanExpectation: Double? {
    expectations > 0 ? Double(expectation) / Double(expectations * Self.whole) : nil
  }

  /// The mean of experience less expectation, -1 to 1; nil where no answer has both.
  public var gap: Double? { compared > 0 ? Double(gaps) / Double(compared * Self.whole) : nil }

  /// What the true gap lies between, by Student's t; nil for fewer than two answers with both.
  public var interval: Interval? {
    guard let gap else { return nil }
    let scale = Double(Self.whole * Self.whole)
    let squares = (Double(squaredGaps) - Double(gaps) * Double(gaps) / Double(compared)) / scale
    guard let interval = ConfidenceIntervals.mean(gap, squares: squares, count: compared) else { return nil }
    return Interval(low: max(-1, interval.low), high: min(1, interval.high), method: interval.method)
  }
}
