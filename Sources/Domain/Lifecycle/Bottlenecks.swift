public import PunosMessages

/// Where a funnel sticks.
///
/// A stage's weight is made of three parts: how many drop out of it, how much longer than expected those that left it had
/// been there, and its share of the value that was lost. Drop-off and delay of a stage that few left count less
/// (`n / (n + 5)`), so that one unlucky customer makes no bottleneck. The weight is between 0 and 1; it grows with every
/// one of the three and does not depend on the order of the stages.
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
    let losses = mainLosses(stages)
    let lost = losses.reduce(0, +)
    return zip(stages, losses).map { stage, loss in bottleneck(stage, lossShare: lost > 0 ? loss / lost : 0) }
      .enumerated().filter { $0.element.weight >= leastWeight }
      .sorted {
        $0.element.weight == $1.element.weight ? $0.offset < $1.offset : $0.element.weight > $1.element.weight
      }
      .map(\.element)
  }

  /// What was lost at each stage, in the currency in which most was lost.
  private static func mainLosses(_ stages: [FunnelStage]) -> [Double] {
    var sums: [String: Double] = [:]
    for money in stages.flatMap(\.valueLost) { sums[money.currency, default: 0] += amount(money) }
    let main = sums.max { $0.value == $1.value ? $0.key > $1.key : $0.value < $1.value }?.key
    return stages.map { stage in stage.valueLost.filter { $0.currency == main }.reduce(0) { $0 + amount($1) }
    }
  }

  private static func amount(_ money: Money) -> Double { Double(money.units) + Double(money.nanos) / 1e9 }

  private static func bottleneck(_ stage: FunnelStage, lossShare loss: Double) -> Bottleneck {
    let leavers = stage.converted &+ stage.dropped &+ stage.wentBack
    let left = Double(max(0, leavers))
    let trust = left / (left + fewCustomers)
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
    if let median = stage.medianDays, let expected = stage.expectedDays, expected > 0,
      median > Double(expected)
    {
      reasons.append(
        reason(
          delayShare * Figures.unit(1 - Double(expected) / median) * trust,
          BothLanguages(
            "Half of those that left it had been there longer than \(Figures.days(median)); \(Figures.days(Double(expected))) "
              + "are expected.",
            "Puolet lähteneistä oli vaiheessa kauemmin kuin \(Figures.finnishDays(median)); odotus on "
              + "\(Figures.finnishDays(Double(expected))).")))
    }
    if loss > 0 {
      reasons.append(
        reason(
          lossShare * Figures.unit(loss),
          BothLanguages(
            "\(Figures.percent(loss)) of the value lost was lost here.",
            "Menetetystä arvosta \(Figures.percent(loss)) menetettiin tässä.")))
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
