import Domain
import PunosMessages
import RPC
import Store

/// Numbers of moves, which are their ids: of two moves made at the same time one comes too late, and is told so.
enum MoveNumbers {
  /// Digits of a move's number in its id, so that ids sort as the moves were made.
  private static let idDigits = 6

  /// The next one: behind every move that is there, deleted ones too. It is never less than their number, as those that
  /// came under other ids count; and never one that is taken, as deleted ones are swept away some day.
  ///
  /// - Parameter pending: what the same batch is about to write.
  static func next(
    inAccount account: String, _ store: any Store, _ tenant: TenantID, pending: some Sequence<RecordKey> = []
  ) throws -> String {
    var (count, greatest) = (0, 0)
    for key in pending where key.account == account && key.kind == StageTransitionRules.kind {
      count += 1
      greatest = max(greatest, number(key.id))
    }
    var scan = AccountScan(kinds: [StageTransitionRules.kind], includesDeleted: true)
    repeat {
      let page = try store.scan(account: account, in: tenant, scan)
      count += page.records.count
      greatest = page.records.reduce(greatest) { max($0, number($1.key.id)) }
      scan.after = page.next
    } while scan.after != nil && count < LifecycleHandler.maximumRecords
    let digits = String(max(count, greatest) + 1)
    return prefix + String(repeating: "0", count: max(0, idDigits - digits.utf8.count)) + digits
  }

  private static let prefix = "move-"

  /// The number in an id; 0 for one that was chosen by somebody else.
  private static func number(_ id: String) -> Int {
    guard id.hasPrefix(prefix), let number = Int(id.dropFirst(prefix.count)) else { return 0 }
    // Ids have up to 63 characters, and whoever chose a number of that size is to find room behind it.
    return (0..<Int.max).contains(number) ? number : 0
  }

  /// What two writes that change where an account is have in common, so that of two at the same time one comes too late:
  /// nobody has made the next move, and the latest one is as it was seen, neither taken back nor changed.
  ///
  /// - Parameter own: the record that the write itself makes or changes; a commit names no record twice.
  static func checks(inAccount account: String, beside own: RecordKey, _ world: RecordWorld) throws
    -> [CommitOperation]
  {
    // The number first: a move that is made before the history is read is then noticed at the commit.
    let next = RecordKey(
      account: account, kind: StageTransitionRules.kind,
      id: try next(inAccount: account, world.store, world.tenant))
    var checks: [CommitOperation] = next == own ? [] : [.check(next, expecting: .absent)]
    let history = LifecycleHistory(try world.values(of: StageTransitionRules.kind, inAccount: account))
    if let latest = history.current, let key = world.catalog.key(of: latest.name), key != own {
      checks.append(.check(key, expecting: .revision(Revision(latest.revision))))
    }
    return checks
  }

  /// What is said to whoever came too late.
  static func tooLate(_ account: String) -> Problem {
    Problem(
      .aborted, "MOVED_MEANWHILE",
      "Somebody else moved the account at the same time; look where it is now (GetLifecycle), and move it again.",
      resource: account)
  }

  /// Whether a commit of a new move failed by what ``checks(inAccount:beside:_:)`` asks, or by the number that another
  /// move took.
  static func isTooLate(_ problem: Problem) -> Bool {
    ["ALREADY_EXISTS", "STALE_ETAG"].contains(problem.reason)
  }
}
