public import PunosMessages

/// What comes of bringing a copy and the server's version together: what is written, and what is answered.
public struct HandoverSync: Sendable {
  /// What to answer; `handover` is what would be stored, to be replaced by what was.
  public var answer: SyncHandoverResponse

  /// - Parameters:
  ///   - base: the version the copy was made from; nil for none.
  ///   - copy: what was made of it.
  ///   - current: the server's version.
  public init(base: Handover?, copy: Handover, current: Handover) {
    var copy = copy
    HandoverContent.canonicalise(&copy)
    let merge = HandoverMerge(base: base, yours: copy, theirs: current)
    answer = SyncHandoverResponse()
    answer.notes = merge.notes
    answer.conflicts = merge.conflicts
    if !merge.conflicts.isEmpty {
      answer.outcome = .conflict
      answer.handover = merge.merged
      answer.current = current
    } else if HandoverContent.isSame(merge.merged, current) {
      answer.outcome = .unchanged
      answer.handover = current
    } else {
      answer.outcome = .merged
      answer.handover = merge.merged
    }
  }

  /// What is to be stored; nil where nothing is written.
  public var write: Handover? { answer.outcome == .merged ? answer.handover : nil }
}
