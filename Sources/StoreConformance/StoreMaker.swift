public import Store

/// Makes stores of one engine for the suite.
public struct StoreMaker: Sendable {
  /// Opens an empty store with a schema; one that can be searched, if the engine's can.
  public var open: @Sendable (RecordSchema) async throws -> any MaintainedStore
  /// Closes a store and opens the same data again.
  public var reopen: @Sendable (any Store, RecordSchema) async throws -> any MaintainedStore
  /// What makes the store of a name from a backup. Until then there is none of that name.
  public var restorer: @Sendable (_ name: String, RecordSchema) -> any StoreRestorer
  /// Opens the store that the restorer of a name has made.
  public var openRestored: @Sendable (_ name: String, RecordSchema) async throws -> any MaintainedStore
  /// Closes a store, makes another text of one that stands in a record's body (but not in the change that brought it), as a
  /// disk or a hand may, and opens it again.
  public var damage: @Sendable (any Store, _ text: String, RecordSchema) async throws -> any MaintainedStore
  /// A folder that is there, for backups.
  public var folder: String

  /// Revisions that a watcher of such a store may fall behind once it has caught up.
  public var watcherLag: Int
  /// Seconds for which a request id is known.
  public var requestRetention: Int64

  public init(
    folder: String, watcherLag: Int, requestRetention: Int64,
    open: @escaping @Sendable (RecordSchema) async throws -> any MaintainedStore,
    reopen: @escaping @Sendable (any Store, RecordSchema) async throws -> any MaintainedStore,
    restorer: @escaping @Sendable (_ name: String, RecordSchema) -> any StoreRestorer,
    openRestored: @escaping @Sendable (_ name: String, RecordSchema) async throws -> any MaintainedStore,
    damage: @escaping @Sendable (any Store, _ text: String, RecordSchema) async throws -> any MaintainedStore
  ) {
    self.folder = folder
    self.watcherLag = watcherLag
    self.requestRetention = requestRetention
    self.open = open
    self.reopen = reopen
    self.restorer = restorer
    self.openRestored = openRestored
    self.damage = damage
  }
}
