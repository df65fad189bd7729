public import PunosMessages
public import Store

extension ValueDriver: RecordMessage {}

/// What value drivers ask beyond the schema.
public struct ValueDriverRules: NounRules {
  public static let kind = NounCatalog.valueDriverKind

  public init() {}

  public func complete(_ value: inout ValueDriver, before: ValueDriver?, _ world: RecordWorld) throws {
    let today = Days.text(world.now)
    for index in value.customerWeights.indices where value.customerWeights[index].date.isEmpty {
      value.customerWeights[index].date = today
    }
    for index in value.guesses.indices {
      if value.guesses[index].date.isEmpty { value.guesses[index].date = today }
      if value.guesses[index].voice.isEmpty { value.guesses[index].voice = world.caller.team }
    }
    EvidenceRules.complete(&value.evidence, before?.evidence ?? [], world)
  }

  public func problems(of value: ValueDriver, _ world: RecordWorld) throws -> [FieldProblem] {
    let days = DayRules(world)
    return EvidenceRules.problems(of: value.evidence, in: "evidence")
      + weightProblems(value.customerWeights, in: "customer_weights", days)
      + weightProblems(value.guesses, in: "guesses", days)
      + promiseProblems(of: value) + measurementProblems(of: value, days)
      + SameAccount.problems(value.commitment, at: "commitment", in: value.name)
  }

  /// Words that do not fit: of a day to come, or two of one voice on one day.
  private func weightProblems(
    _ weights: [ValueDriver.Weight], in field: String, _ days: DayRules
  ) -> [FieldProblem] {
    var problems: [FieldProblem] = []
    for (index, weight) in weights.enumerated() {
      problems += days.problems(weight.date, at: "\(field)[\(index)].date", what: "a weight is what somebody has said")
      let twin = weights.prefix(index).firstIndex { $0.voice == weight.voice && $0.date == weight.date }
      if let twin {
        problems.append(
          FieldProblem(
            path: "\(field)[\(index)]",
            description: "\(field)[\(twin)] has a weight of the same voice and day; keep one, or say whose voice it is",
            reason: "DUPLICATE_WEIGHT"))
      }
    }
    return problems
  }

  private func promiseProblems(of value: ValueDriver) -> [FieldProblem] {
    var problems: [FieldProblem] = []
    let isMeasured = value.baseline != nil || value.promised != nil || !value.realised.isEmpty
    if isMeasured, value.metric.isEmpty {
      problems.append(
        FieldProblem(
          path: "metric", description: "numbers came without what they measure; name the metric", reason: "REQUIRED"))
    }
    guard let promised = value.promised else { return problems }
    guard let baseline = value.baseline else {
      problems.append(
        FieldProblem(
          path: "baseline",
          description: "a promise came without where the customer was before; set baseline, so that progress can be told",
          reason: "REQUIRED"))
      return problems
    }
    if let target = promised.value, target == baseline.value {
      problems.append(
        FieldProblem(
          path: "promised.value", description: "it promises what was there already (baseline); correct one of the two",
          reason: "NO_CHANGE_PROMISED"))
    }
    // Days written YYYY-MM-DD compare as text; their form is the schema's rule.
    if !promised.date.isEmpty, !baseline.date.isEmpty, promised.date <= baseline.date {
      problems.append(
        FieldProblem(
          path: "promised.date", description: "the day it is due must lie after the baseline's; correct one of the two",
          reason: "EMPTY_SPAN"))
    }
    return problems
  }

  private func measurementProblems(of value: ValueDriver, _ days: DayRules) -> [FieldProblem] {
    var problems: [FieldProblem] = []
    func check(_ measurement: ValueDriver.Measurement, _ path: String) {
      guard let number = measurement.value, !number.isFinite else { return }
      problems.append(
        FieldProblem(path: "\(path).value", description: "a number was expected, not infinity or NaN", reason: "NOT_A_NUMBER"))
    }
    if let baseline = value.baseline {
      check(baseline, "baseline")
      problems += days.problems(baseline.date, at: "baseline.date", what: "a baseline has been measured")
    }
    if let promised = value.promised { check(promised, "promised") }
    for (index, measurement) in value.realised.enumerated() {
      let path = "realised[\(index)]"
      check(measurement, path)
      problems += days.problems(measurement.date, at: "\(path).date", what: "what is realised has been measured")
      if let start = value.baseline?.date, !start.isEmpty, measurement.date < start {
        problems.append(
          FieldProblem(
            path: "\(path).date", description: "it lies before the baseline's day; correct one of the two",
            reason: "BEFORE_BASELINE"))
      }
      if let twin = value.realised.prefix(index).firstIndex(where: { $0.date == measurement.date }) {
        problems.append(
          FieldProblem(
            path: "\(path).date", description: "realised[\(twin)] is of the same day; keep one of the two",
            reason: "DUPLICATE_MEASUREMENT"))
      }
    }
    return problems
  }

  public func externalIDs(of value: ValueDriver) -> [ExternalId] { value.externalIds }

  public func unite(_ incoming: ValueDriver, into current: ValueDriver) -> ValueDriver {
    Unite.messages(incoming, into: current)
  }
}
