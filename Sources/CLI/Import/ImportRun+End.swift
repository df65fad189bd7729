internal import PunosMessages
internal import RPC

/// The end of an import: what had to wait for the rest of the file.
extension ImportRun {
  /// Lets everything that waits be settled.
  func finish(_ group: inout ThrowingTaskGroup<BatchOutcome, any Error>) async throws {
    try await sendAll(&group)
    try await drain(&group)
    try await bringDeleted(&group)
    try await bringBack(&group)
    for _ in 1...Self.mostRounds where !postponed.isEmpty {
      let again = postponed
      postponed = []
      round += 1
      for entry in again { try await take(entry.item, row: entry.row, &group) }
      try await sendAll(&group)
      try await drain(&group)
      try await bringBack(&group)
      // Nothing has found what it was waiting for: the rest never will.
      if postponed.count >= again.count { break }
    }
    try await leaveGaps(&group)
    try await bringBack(&group)
    try await deleteAgain()
    for entry in postponed {
      try refuse(entry.item, row: entry.row, column: entry.item.references.first?.column, entry.reason)
    }
    postponed = []
  }

  /// What an export's records refer to and nothing has brought was deleted before the export was made: they come
  /// without it.
  private func leaveGaps(_ group: inout ThrowingTaskGroup<BatchOutcome, any Error>) async throws {
    let last = postponed.filter { $0.item.newRecords == .asExported }
    postponed.removeAll { $0.item.newRecords == .asExported }
    mayPostpone = false
    round += 1
    for var entry in last {
      entry.item.newRecords = .asExportedWithGaps
      try await take(entry.item, row: entry.row, &group)
    }
    try await sendAll(&group)
    try await drain(&group)
  }

  // MARK: Deleted records

  /// Keeps a record that is told as deleted until the others are there, or as many wait as may.
  func hold(
    _ item: ImportItem, row: Int, _ group: inout ThrowingTaskGroup<BatchOutcome, any Error>
  ) async throws {
    deleted.hold(item, row: row)
    if deleted.held.count >= Self.mostPostponed { try await bringDeleted(&group) }
  }

  /// Brings those that are not there, as they were before they were deleted.
  private func bringDeleted(_ group: inout ThrowingTaskGroup<BatchOutcome, any Error>) async throws {
    for (item, row) in deleted.takeHeld() {
      var result = UpsertResult()
      switch try await item.presence(session) {
      case .absent: try await take(item, row: row, &group)
      case .deleted:
        result.outcome = .unchanged
        try settle(item, row: row, result)
      case .living:
        result.outcome = .updated
        deleted.note(item, row: row, result)
      }
    }
    try await sendAll(&group)
    try await drain(&group)
  }

  private func deleteAgain() async throws {
    for ((item, row), result) in deleted.takeBrought() {
      do {
        if !options.isDryRun { try await item.delete(session, options) }
        try settle(item, row: row, result)
      } catch let error as RPCError where error.code != .unavailable {
        try refuse(item, row: row, column: "delete_time", error.message)
      }
    }
  }
}
