import ProtobufBridge
public import PunosMessages

/// Measures of handovers: how long acceptance takes, how much is asked, how promises fare afterwards.
public enum HandoverMeasuring {
  /// - Parameters:
  ///   - handovers: in any order.
  ///   - commitments: by name; those that handovers link to.
  ///   - template: the template of a handover.
  public static func measures(
    of handovers: [Handover], commitments: [String: Commitment], template: (Handover) -> HandoverTemplate
  ) -> HandoverMeasures {
    var measures = HandoverMeasures()
    let offered = handovers.filter { $0.firstOfferedTime != nil }
    let accepted = offered.filter { $0.acceptedTime != nil }
    measures.handovers = Int32(clamping: handovers.count)
    measures.offered = Int32(clamping: offered.count)
    measures.accepted = Int32(clamping: accepted.count)
    measures.returned = Int32(clamping: offered.filter { !$0.returns.isEmpty }.count)
    let times = accepted.compactMap(secondsToAccept).sorted()
    measures.medianTimeToAccept = percentile(50, of: times)
    measures.ninetiethTimeToAccept = percentile(90, of: times)
    let items = offered.flatMap(\.items)
    measures.items = Int32(clamping: items.count)
    measures.itemsQueried = Int32(clamping: items.filter { $0.thread.contains { $0.kind == .query } }.count)
    measures.itemsRejected = Int32(clamping: items.filter { $0.status == .rejected }.count)
    func isComplete(_ handover: Handover) -> Bool {
      handover.returns.isEmpty
        && HandoverReadinessCheck.readiness(of: handover, against: template(handover), on: "").completeness == 1
    }
    measures.completeHandovers = promises(of: accepted.filter { isComplete($0) }, commitments)
    measures.otherHandovers = promises(of: accepted.filter { !isComplete($0) }, commitments)
    return measures
  }

  private static func secondsToAccept(_ handover: Handover) -> Int64? {
    guard let offered = handover.firstOfferedTime, let accepted = handover.acceptedTime else { return nil }
    return max(0, accepted.seconds &- offered.seconds)
  }

  /// The nearest rank: the smallest of the values that at least so many in a hundred do not exceed.
  private static func percentile(_ percent: Int, of sorted: [Int64]) -> ProtoDuration? {
    guard !sorted.isEmpty else { return nil }
    let rank = (sorted.count * percent + 99) / 100
    return ProtoDuration.with { $0.seconds = sorted[min(sorted.count, max(1, rank)) - 1] }
  }

  private static func promises(
    of handovers: [Handover], _ commitments: [String: Commitment]
  ) -> HandoverMeasures.Promises {
    let linked = Set(handovers.flatMap { $0.items.flatMap(\.links) }).compactMap { commitments[$0] }
      .filter { $0.direction != .theirs }
    var promises = HandoverMeasures.Promises()
    promises.handovers = Int32(clamping: handovers.count)
    promises.kept = Int32(clamping: linked.filter { $0.status == .kept }.count)
    promises.broken = Int32(clamping: linked.filter { $0.status == .broken }.count)
    promises.open = Int32(clamping: linked.filter { $0.status == .open || $0.status == .unspecified }.count)
    let settled = promises.kept + promises.broken
    if settled > 0 { promises.keptShare = Double(promises.kept) / Double(settled) }
    return promises
  }
}
