/// A store that can be looked after while it is in use: copied, checked, and rid of what is too old.
public protocol MaintainedStore: Store {
  /// Where it notes whom it erases, apart from what it keeps, so that the note outlives it: what
  /// ``StoreRestorer/restore(from:erasuresOf:)`` is given once the store is lost. A folder, as the engine names it.
  var erasureRegister: String { get }

  /// Copies the store into a new folder while others read and write. The copy has everything as of one moment between the
  /// call and its end, in all tenants: records, changes, request ids, and whom it has erased.
  ///
  /// A copy that cannot be finished leaves no such folder.
  /// - Parameter folder: must not exist; its parent must.
  /// - Throws: ``OpenFailed`` where the folder cannot be made; ``ReadFailed`` where copying fails.
  func backUp(to folder: String) async throws

  /// Checks that what is kept can be read, that each tenant's revisions are contiguous and nothing of the log was altered,
  /// and that records, request ids, indexes, columns, counts and search are exactly what the log and the records say, while
  /// others read and write.
  func verify() async throws -> VerifyReport

  /// Lets go of changes that happened before a moment, of deleted records whose deletion is among them, and of request ids
  /// past their retention. The newest state of everything stays.
  /// - Returns: each tenant's oldest revision that can still be asked for.
  @discardableResult func compact(before moment: Moment) async throws -> [TenantID: Revision]
}

/// Makes a store of one engine from a backup, at a place that it was made for.
public protocol StoreRestorer: Sendable {
  /// Makes the store, and erases again whom the registers say were erased since the backup. It is there only once all of
  /// that is done; where it fails there is none, and what was known of erasures stays known.
  /// - Parameters:
  ///   - backup: a folder that ``MaintainedStore/backUp(to:)`` made. It stays as it is.
  ///   - register: where another store noted whom it erased (``MaintainedStore/erasureRegister``), or a later backup; nil:
  ///     there is none.
  /// - Returns: how many erasures were done again.
  /// - Throws: ``OpenFailed`` where there is a store already, or `backup` or `register` is none.
  func restore(from backup: String, erasuresOf register: String?) async throws -> Int
}

/// What a check of everything found.
public struct VerifyReport: Hashable, Sendable {
  /// What is wrong, each a sentence for the operator; none: all that was looked at is well. At most ``greatestCount``.
  public var problems: [String]
  /// What could not be looked at, and what to do about it; none: everything was.
  public var omissions: [String]
  public var commits: Int
  public var records: Int
  public var entries: Int
  /// What to do about the problems, as a sentence or two for the operator; nil: nothing.
  public var advice: String?

  public init(
    problems: [String], omissions: [String] = [], commits: Int, records: Int, entries: Int, advice: String?
  ) {
    self.problems = problems
    self.omissions = omissions
    self.commits = commits
    self.records = records
    self.entries = entries
    self.advice = advice
  }

  /// After so many problems the store is to be restored and not to be read about.
  public static let greatestCount = 100
}
