public import PunosMessages

extension LifecycleHistory {
  /// All moves, oldest first, each with when the account left its stage again (`left_time`) and whether it is there
  /// (`latest`): what a funnel counts who is where by, whatever the moves themselves tell of where they began.
  ///
  /// - Parameter gone: when the account itself was deleted; nil: it was not.
  public func withEnds(gone: ProtoTimestamp? = nil) -> [StageTransition] {
    var next = gone
    var isLast = gone == nil
    return Array(
      all.reversed().map { move in
        var move = move
        move.leftTime = move.reverted ? nil : next
        move.latest = !move.reverted && isLast
        guard !move.reverted else { return move }
        (next, isLast) = (move.movedTime, false)
        return move
      }.reversed())
  }
}
