public import PunosMessages

/// Where a funnel sticks.
///
/// A stage's weight is made of three parts: how many drop out of it; delay, which is how much longer than expected those that
/// left it had been there, or how many of those that are there have been there longer, whichever is worse; and its share of
/// the value that was lost, in the currency in which that is greatest. Drop-off and delay of few count less (`n / (n + 5)`), so that
/// one unlucky customer makes no bottleneck. The weight is between 0 and 1; it grows with every one of these and does not
/// depend on the order of the stages.
public enum Bottlenecks {
  private static let dropShare = 0.4
  private static let delayShare = 0.35
  private static let lossShare = 0.25
  /// Customers that must have left a stage for it to count half.
  private static let fewCustomers = 5.0
  /// Less than this is no bottleneck: every stage loses somebody.
  public static let leastWeight = 0.05

  /// The bottlenecks, worst first; of equal ones the earlier stage first.
  public static func of(_ stages: [FunnelStage]) -> [Bottleneck] {
    let lost = sums(stages)
    return stages.map { bottleneck($0, lost) }.enumerated().filter { $0.element.weight >= leastWeight }
      .sorted {
        $0.element.weight == $1.element.weight ? $0.offset < $1.offset : $0.element.weight > $1.element.weight
      }
      .map(\.element)
  }

  /// What was lost in all, by currency.
  private static func sums(_ stages: [FunnelStage]) -> [String: Double] {
    var sums: [String: Double] = [:]
    for money in stages.flatMap(\.valueLost) { sums[money.currency, default: 0] += amount(money) }
    return sums
  }

  /// The greatest share of what was lost in one currency that was lost at a stage; nil where nothing was. Amounts of
  /// different currencies are not compared.
  private static func greatestLoss(_ stage: FunnelStage, of lost: [String: Double]) -> (
    share: Double, currency: String
  )? {
    sums([stage]).compactMap { currency, amount in
      guard let all = lost[currency], all > 0, amount > 0 else { return nil }
      return (Figures.unit(amount / all), currency)
    }.max { $0.0 == $1.0 ? $0.1 > $1.1 : $0.0 < $1.0 }
  }

  private static func amount(_ money: Money) -> Double { Double(money.units) + Double(money.nanos) / 1e9 }

  private static func bottleneck(_ stage: FunnelStage, _ lost: [String: Double]) -> Bottleneck {
    let leavers = stage.converted &+ stage.dropped &+ stage.wentBack
    let left = Double(max(0, leavers))
    let trust = trust(left)
    var reasons: [BottleneckReason] = []
    if stage.dropped > 0, left > 0 {
      let share = Double(stage.dropped) / left
      reasons.append(
        reason(
          dropShare * Figures.unit(share) * trust,
          BothLanguages(
            "\(stage.dropped) of \(leavers) that left it dropped out (\(Figures.percent(share))).",
            "Vaiheesta lähti \(leavers), heistä poistui \(stage.dropped) (\(Figures.percent(share))).")))
    }
    if let delay = worse(delayOfLeavers(stage, trust), delayOfThose(thereIn: stage)) { reasons.append(delay) }
    if let loss = greatestLoss(stage, of: lost) {
      let share = Figures.percent(loss.share)
      let isOneOfSeveral = lost.count > 1
      reasons.append(
        reason(
          lossShare * loss.share,
          BothLanguages(
            "\(share) of the value lost\(isOneOfSeveral ? " in \(loss.currency)" : "") was lost here.",
            isOneOfSeveral
              ? "Valuutassa \(loss.currency) menetetystä arvosta \(share) menetettiin tässä."
              : "Menetetystä arvosta \(share) menetettiin tässä.")))
    }
    var bottleneck = Bottleneck()
    bottleneck.stage = stage.stage
    bottleneck.weight = Figures.unit(reasons.reduce(0) { $0 + $1.weight })
    bottleneck.because = reasons.sorted { $0.weight > $1.weight }
    let first = bottleneck.because.first
    bottleneck.sentence = "\(stage.title): " + (first?.sentence ?? "nothing stands out.")
    bottleneck.finnishSentence = "\(stage.title): " + (first?.finnishSentence ?? "mikään ei erotu.")
    return bottleneck
  }

  /// How much is given on what so many customers did, 0 to 1.
  private static func trust(_ customers: Double) -> Double { customers / (customers + fewCustomers) }

  /// The weightier of two reasons; of equal ones the first.
  private static func worse(_ one: BottleneckReason?, _ other: BottleneckReason?) -> BottleneckReason? {
    guard let one, let other else { return one ?? other }
    return other.weight > one.weight ? other : one
  }

  /// That those which left a stage had been there longer than expected.
  private static func delayOfLeavers(_ stage: FunnelStage, _ trust: Double) -> BottleneckReason? {
    guard let median = stage.medianDays, let expected = stage.expectedDays.map(Double.init), expected > 0,
      median > expected
    else { return nil }
    return reason(
      delayShare * Figures.unit(1 - expected / median) * trust,
      BothLanguages(
        "Half of those that left it had been there for \(Figures.days(median)) or longer; \(Figures.days(expected)) are "
          + "expected.",
        "Puolet lähteneistä oli vaiheessa vähintään \(Figures.finnishDays(median)); odotus on "
          + "\(Figures.finnishDays(expected))."))
  }

  /// That those which are in a stage have been there longer than expected.
  private static func delayOfThose(thereIn stage: FunnelStage) -> BottleneckReason? {
    guard let overdue = stage.overdue, overdue > 0, stage.present > 0,
      let expected = stage.expectedDays.map(Double.init)
    else { return nil }
    let present = Double(stage.present)
    return reason(
      delayShare * Figures.unit(Double(overdue) / present) * trust(present),
      BothLanguages(
        "\(overdue) of \(stage.present) that are there have been there longer than the expected \(Figures.days(expected)).",
        "Vaiheessa on \(stage.present), heistä \(overdue) yli odotuksen (\(Figures.finnishDays(expected)))."))
  }

  private static func reason(_ weight: Double, _ sentence: BothLanguages) -> BottleneckReason {
    var reason = BottleneckReason()
    reason.weight = weight
    (reason.sentence, reason.finnishSentence) = (sentence.english, sentence.finnish)
    return reason
  }
}

/// A median of counted values.
public enum Histogram {
  /// The median; of an even number of values the mean of the two in the middle; nil of none.
  ///
  /// - Parameter counts: each value and how often it occurs, in any order.
  public static func median(_ counts: [(value: Int64, count: Int64)]) -> Double? {
    let sorted = counts.filter { $0.count > 0 }.sorted { $0.value < $1.value }
    let total = sorted.reduce(Int64(0)) { $0.addingReportingOverflow($1.count).partialValue }
    guard total > 0 else { return nil }
    func value(at place: Int64) -> Double {
      var passed: Int64 = 0
      for entry in sorted {
        passed = passed &+ entry.count
        if place < passed { return Double(entry.value) }
      }
      return sorted.last.map { Double($0.value) } ?? 0
    }
    return total.isMultiple(of: 2)
      ? (value(at: total / 2 - 1) + value(at: total / 2)) / 2 : value(at: total / 2)
  }
}
