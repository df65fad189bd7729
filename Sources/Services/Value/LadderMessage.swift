import Domain
import PunosMessages

/// A value ladder as the API says it.
struct LadderMessage {
  private let language: SentenceLanguage

  init(_ language: SentenceLanguage) { self.language = language }

  func message(_ ladder: StandingLadder, of account: String, revision: Int64) -> ValueLadder {
    var message = ValueLadder()
    message.name = account
    message.revision = revision
    message.date = ladder.date
    message.rungs = ladder.rungs.map { rung in
      var told = ValueRung()
      told.rung = rung.rung
      told.drivers = rung.standings.map { standing($0) }
      return told
    }
    message.apartShare = ladder.share(of: .setsApart)
    message.parityShare = ladder.share(of: .parity)
    message.priceShare = ladder.share(of: .price)
    message.findings = ValueFindings(language).concerns(of: ladder).map { finding($0) }
    return message
  }

  private func standing(_ standing: DriverStanding) -> ValueStanding {
    var message = ValueStanding()
    message.valueDriver = standing.driver.name
    message.statement = standing.driver.statement
    message.position = standing.driver.position
    message.customerWeight = standing.customer?.mean
    message.customerSpread = standing.customer?.spread
    message.guess = standing.guess?.mean
    message.gap = standing.gap
    message.because = reasons(standing)
    message.realisation = standing.realisation.points.map { point in
      var told = Realisation()
      told.date = point.date
      told.value = point.value
      told.percent = point.percent
      return told
    }
    message.realisedPercent = standing.realisation.percent
    message.outcome = standing.realisation.outcome.message
    message.commitment = standing.driver.commitment
    return message
  }

  private func reasons(_ standing: DriverStanding) -> [ScoreReason] {
    let sentences = WeightSentences(language)
    let customer = (standing.customer?.words ?? []).map { (word: $0, sentence: sentences.customer($0)) }
    let guesses = (standing.guess?.words ?? []).map { (word: $0, sentence: sentences.guess($0)) }
    return (customer + guesses).map { told in
      var reason = ScoreReason()
      reason.record = standing.driver.name
      reason.weight = told.word.weight
      reason.sentence = told.sentence
      return reason
    }
  }

  private func finding(_ concern: ValueConcern) -> ValueFinding {
    var message = ValueFinding()
    message.kind = concern.kind.message
    message.severity = concern.severity
    message.sentence = concern.sentence
    message.nextStep = concern.nextStep
    message.records = concern.records
    return message
  }
}

extension ValueRealisation.Outcome {
  /// The same as the API has it.
  var message: ValueStanding.Outcome {
    switch self {
    case .noPromise: .unspecified
    case .notMeasured: .notMeasured
    case .onTheWay: .onTheWay
    case .realised: .realised
    case .missed: .missed
    }
  }
}

extension ValueConcern.Kind {
  /// The same as the API has it.
  var message: ValueFinding.Kind {
    switch self {
    case .misjudged: .misjudged
    case .neverAsked: .neverAsked
    case .promiseMissed: .promiseMissed
    case .notMeasured: .notMeasured
    case .priceOnly: .priceOnly
    case .stale: .stale
    case .divided: .divided
    }
  }
}
