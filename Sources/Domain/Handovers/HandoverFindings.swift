import ProtobufBridge
public import PunosMessages

/// What the receiving team learns after it took a handover over, as an insight for the team that passed it on.
public enum HandoverFindings {
  /// An insight that names what an item of a handover told of: its promises, where it links any; else its other
  /// records; else the handover itself. It serves the team that passed the item on.
  ///
  /// - Parameters:
  ///   - insight: what is claimed, and what else was given; what was given stays.
  ///   - item: the item that it bears on.
  public static func completed(_ insight: Insight, on item: HandoverItem, of handover: Handover) -> Insight {
    var insight = insight
    if insight.dimension == .unspecified { insight.dimension = .experience }
    if insight.serves.isEmpty { insight.serves = purpose(of: handover.fromTeam) }
    let promises = item.links.filter { $0.split(separator: "/").dropFirst(2).first == "commitments" }
    let records = promises.isEmpty ? item.links : promises
    for record in records.isEmpty ? [handover.name] : records
    where !insight.evidence.contains(where: { $0.record == record }) {
      if let place = insight.evidence.firstIndex(where: { $0.record.isEmpty }) {
        insight.evidence[place].record = record
      } else {
        insight.evidence.append(
          Evidence.with {
            $0.kind = insight.evidence.first?.kind ?? insight.sourceKind
            $0.record = record
          })
      }
    }
    return insight
  }

  /// Whose work it serves; none for a team whose work Punos does not know.
  private static func purpose(of team: String) -> [Purpose] {
    switch team {
    case "sales": [.sales]
    case "delivery", "service": [.delivery]
    default: []
    }
  }
}
