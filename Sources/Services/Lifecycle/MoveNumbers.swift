import Store

/// Numbers of moves, which are their ids: of two moves made at the same time one comes too late, and is told so.
enum MoveNumbers {
  /// Digits of a move's number in its id, so that ids sort as the moves were made.
  private static let idDigits = 6

  /// The next one: that of moves ever made in an account, deleted ones too.
  static func next(inAccount account: String, _ store: any Store, _ tenant: TenantID) throws -> String {
    var count = 1
    var scan = AccountScan(kinds: [StageTransitionRules.kind], includesDeleted: true)
    repeat {
      let page = try store.scan(account: account, in: tenant, scan)
      count += page.records.count
      scan.after = page.next
    } while scan.after != nil && count < LifecycleHandler.maximumRecords
    let digits = String(count)
    return "move-" + String(repeating: "0", count: max(0, idDigits - digits.utf8.count)) + digits
  }
}
