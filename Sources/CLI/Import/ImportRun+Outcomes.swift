internal import DataFiles
internal import PunosMessages
internal import RPC
internal import Terminal

/// What becomes of records that were sent.
extension ImportRun {
  func refuse(_ item: ImportItem, row: Int, column: String?, _ reason: String) throws {
    try problems.note(line: item.line, column: column ?? "", isWarning: false, reason)
    progress.settle(row, item.kind, .failed)
  }

  func settle(_ item: ImportItem, row: Int, _ result: UpsertResult) throws {
    var result = result
    // That it is there again is a change, whatever else the file says.
    if item.isRevived, result.outcome == .unchanged { result.outcome = .updated }
    if options.isDryRun, result.outcome == .created { expected.note(item) }
    progress.settle(row, item.kind, result.outcome)
    try outcomes.print(item, result)
  }

  func failed(_ item: ImportItem, row: Int, _ result: UpsertResult) throws {
    let details = StatusDetails(result.error ?? GoogleRPCStatus())
    if details.reason == "DELETED" { return try isDeletedThere(item, row: row, result, details.resource) }
    if options.isDryRun, expected.excuse(item, details) {
      var result = UpsertResult()
      result.outcome = .created
      return try settle(item, row: row, result)
    }
    let isPassing =
      Self.passingReasons.contains(details.reason)
      || (!details.fields.isEmpty && details.fields.allSatisfy { details.missingRecords.contains($0.path) })
    var reasons = details.told(in: session.language)
    if isPassing, !details.fields.isEmpty, details.fields.allSatisfy({ $0.path.hasSuffix(".account") }) {
      reasons = item.accountNames.map { "there is no account \($0)" }
    } else if reasons.isEmpty {
      reasons = [result.error?.message ?? ""]
    }
    if isPassing, mayPostpone, postponed.count < Self.mostPostponed {
      postponed.append((item, row, reasons.joined(separator: "; ")))
      return
    }
    let reason = reasons.joined(separator: "; ")
    try outcomes.print(item, result, refusedFor: reason)
    try refuse(item, row: row, column: details.fields.first?.path, reason)
  }

  /// Why a record may be refused now and taken later in the same import.
  private static let passingReasons: Set<String> = ["TWICE_IN_BATCH", "NOT_FOUND", "NOT_WRITTEN_BEFORE"]

  // MARK: Deleted on the server

  /// A row says what somebody has deleted: it stays deleted, unless whoever imports wants it back.
  private func isDeletedThere(_ item: ImportItem, row: Int, _ result: UpsertResult, _ name: String) throws {
    guard options.revivesDeleted, !item.isRevived else {
      hasMetDeleted = true
      let reason = "\(name) was deleted and stays so: bring it back with --revive"
      try outcomes.print(item, result, refusedFor: reason)
      return try refuse(item, row: row, column: "name", reason)
    }
    guard options.isDryRun else { return revivals.append((item, row, name)) }
    expected.note(item)
    expected.note(name)
    progress.settle(row, item.kind, .updated)
    try outcomes.printRevival(of: item, named: name)
  }

  /// Brings back what was deleted, those first that others refer to, and lets the file's rows be written on top of it.
  func bringBack(_ group: inout ThrowingTaskGroup<BatchOutcome, any Error>) async throws {
    guard !revivals.isEmpty else { return }
    let wanted = revivals.sorted { CLINouns.rank($0.item.kind) < CLINouns.rank($1.item.kind) }
    revivals = []
    round += 1
    for var entry in wanted {
      do {
        try await entry.item.undelete(entry.name, session, options)
        entry.item.isRevived = true
        try await take(entry.item, row: entry.row, &group)
      } catch let error as RPCError where error.code != .unavailable {
        try refuse(entry.item, row: entry.row, column: "name", error.message)
      }
    }
    try await sendAll(&group)
    try await drain(&group)
  }
}
