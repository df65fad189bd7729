import PunosMessages
import Store

/// What all evidence has in common, whatever claims rest on it.
enum EvidenceRules {
  /// Says who brought evidence that is new, and when.
  ///
  /// - Parameter known: the evidence that the record had before.
  static func complete(_ evidence: inout [Evidence], _ known: [Evidence], _ world: RecordWorld) {
    for index in evidence.indices where !known.contains(evidence[index]) {
      if evidence[index].principal.isEmpty {
        evidence[index].principal = world.caller.name
        evidence[index].team = world.caller.team
      }
      if evidence[index].observedTime == nil { evidence[index].observedTime = ProtoTimestamp(world.now) }
    }
  }

  /// Evidence that points nowhere.
  ///
  /// - Parameter field: the list's name.
  static func problems(of evidence: [Evidence], in field: String) -> [FieldProblem] {
    evidence.enumerated().compactMap { index, piece in
      guard piece.text.isEmpty, piece.record.isEmpty, piece.url.isEmpty else { return nil }
      return FieldProblem(
        path: "\(field)[\(index)]",
        description: "it points nowhere: a text, the name of a record, or a url was expected", reason: "NO_EVIDENCE")
    }
  }
}
