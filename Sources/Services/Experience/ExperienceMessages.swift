import Domain
import PunosMessages

/// Experience as the API says it.
struct ExperienceMessages {
  private let sentences: ExperienceSentences

  init(_ language: SentenceLanguage) { sentences = ExperienceSentences(language) }

  /// What the customer says of us: scores, trend, changes.
  func experience(_ tallies: ExperienceTallies) -> Experience {
    var experience = Experience()
    experience.scores = scores(tallies.scores)
    experience.texts = Int32(clamping: tallies.scores.texts)
    experience.steps = tallies.steps.sorted { $0.key.lowerBound < $1.key.lowerBound }.compactMap { range, answers in
      let scores = scores(answers)
      guard !scores.isEmpty else { return nil }
      var step = ExperienceStep()
      step.startTime = Self.time(range.lowerBound)
      step.endTime = Self.time(range.upperBound)
      step.scores = scores
      return step
    }
    experience.changes = Feedback.Measure.scored.compactMap { measure in
      guard let before = tallies.earlier.experienced[measure], let after = tallies.scores.experienced[measure]
      else { return nil }
      return change(measure, before, after, tallies)
    }
    return experience
  }

  private static func time(_ seconds: Int64) -> ProtoTimestamp {
    var time = ProtoTimestamp()
    time.seconds = seconds
    return time
  }

  private func scores(_ answers: MeasureTallies) -> [ExperienceScore] {
    Feedback.Measure.scored.compactMap { measure in
      answers.experienced[measure].flatMap { score($0, expected: answers.expected[measure]) }
    }
  }

  private func score(_ tally: ScoreTally, expected: ScoreTally?) -> ExperienceScore? {
    guard let value = tally.score else { return nil }
    var score = ExperienceScore()
    score.measure = tally.measure
    score.responses = Int32(clamping: tally.responses)
    score.score = value
    score.interval = tally.interval.map { Self.interval($0) }
    score.smallSample = tally.isSmall
    score.sentence = sentences.sentence(tally)
    score.favourable = Int32(clamping: tally.favourable)
    score.neutral = Int32(clamping: tally.neutral)
    score.unfavourable = Int32(clamping: tally.unfavourable)
    score.answers = tally.counts.mapValues { Int32(clamping: $0) }
    score.expected = expected?.score
    score.expectedResponses = Int32(clamping: expected?.responses ?? 0)
    return score
  }

  private func change(
    _ measure: Feedback.Measure, _ before: ScoreTally, _ after: ScoreTally, _ tallies: ExperienceTallies
  ) -> ExperienceChange? {
    guard let found = ScoreChange(from: before, to: after) else { return nil }
    var change = ExperienceChange()
    change.measure = measure
    change.before = score(before, expected: tallies.earlier.expected[measure])
    change.after = score(after, expected: tallies.scores.expected[measure])
    change.difference = found.difference
    change.interval = found.interval.map { Self.interval($0) }
    change.direction = found.direction.message
    return change
  }

  private static func interval(_ interval: Interval) -> ConfidenceInterval {
    var message = ConfidenceInterval()
    message.low = interval.low
    message.high = interval.high
    message.method = interval.method.message
    return message
  }

  /// Expectation beside experience in one place.
  func touchpoint(_ place: GapPlace, _ tally: GapTally, _ deeds: Deeds) -> TouchpointExperience {
    var message = TouchpointExperience()
    message.touchpoint = place.touchpoint
    message.stage = place.stage
    message.responses = Int32(clamping: tally.responses)
    message.experience = tally.meanExperience ?? 0
    message.expectation = tally.meanExpectation
    message.gap = tally.gap
    message.gapInterval = tally.interval.map { Self.interval($0) }
    message.compared = Int32(clamping: tally.compared)
    message.because = tally.worst.map { shortfall in
      var reason = ScoreReason()
      reason.record = shortfall.record
      reason.weight = shortfall.gap
      reason.sentence = sentences.sentence(shortfall)
      return reason
    }
    message.deeds = deeds
    message.sentence = sentences.sentence(place, tally)
    return message
  }

  /// What became of promises, and how often people were in touch.
  func deeds(_ promises: PromiseTally, _ touches: TouchTally.Touches) -> Deeds {
    var deeds = Deeds()
    deeds.kept = Int32(clamping: promises.kept)
    deeds.broken = Int32(clamping: promises.broken)
    deeds.open = Int32(clamping: promises.open)
    deeds.overdue = Int32(clamping: promises.overdue)
    deeds.records = promises.records
    deeds.interactions = Int32(clamping: touches.count)
    deeds.latestInteractionTime = touches.latest.map { Self.time($0) }
    return deeds
  }

  /// What a segment says.
  func segment(_ place: SegmentPlace, _ answers: MeasureTallies, _ segment: EndCustomerSegment?) -> SegmentExperience {
    var message = SegmentExperience()
    message.account = place.account
    message.segment = place.segment
    message.title = segment?.title ?? ""
    message.scores = scores(answers)
    message.texts = Int32(clamping: answers.texts)
    message.valueDrivers = segment?.valueDrivers.map(\.valueDriver) ?? []
    return message
  }
}

extension Interval.Method {
  /// The same as the API has it.
  fileprivate var message: ConfidenceInterval.Method {
    switch self {
    case .multinomialWald: .multinomialWald
    case .adjustedWald: .adjustedWald
    case .wilson: .wilson
    case .studentT: .studentT
    }
  }
}

extension ScoreChange.Direction {
  /// The same as the API has it.
  fileprivate var message: ExperienceChange.Direction {
    switch self {
    case .unknown: .unspecified
    case .rising: .rising
    case .falling: .falling
    case .unclear: .unclear
    }
  }
}
