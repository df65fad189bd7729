internal import Glibc
public import Store
public import TextAnalysis

/// Makes SQLite stores from copies.
///
/// A store is made beside its place, with `.restoring` after its name, and put there when it is whole: a store that still has
/// somebody who was erased is never one that can be opened by mistake.
public struct SQLiteRestorer: StoreRestorer {
  private let directory: String
  private let schema: RecordSchema
  private let options: SQLiteStoreOptions
  private let analyser: TextAnalyser?

  /// - Parameters:
  ///   - directory: where the store is to be. May hold a register of erasures (`erasures`) and nothing else of a store.
  ///   - schema: as for opening a store, and so `options`.
  ///   - analyser: what the store is searched with, so that its index forgets who is erased; nil: the backup's store has none.
  public init(
    to directory: String, schema: RecordSchema, options: SQLiteStoreOptions = .init(),
    analyser: TextAnalyser? = nil
  ) {
    self.directory = directory
    self.schema = schema
    self.options = options
    self.analyser = analyser
  }

  private var restoring: String { directory + ".restoring" }

  public func restore(from backup: String, erasuresOf register: String?) async throws -> Int {
    do {
      for name in StoreFiles.databases where access(directory + "/" + name, F_OK) == 0 {
        throw OpenFailed(cause: .inputOutput, detail: "\(directory) has a store already; move it away first")
      }
      if let register, !StoreFiles.areIn(register) {
        throw OpenFailed(cause: .inputOutput, detail: "\(register) has no store, and no register of erasures")
      }
      try checkIsAtRest(backup)
      let places = [directory, restoring] + (register.map { [$0] } ?? [])
      let missing = try ErasureRegister(directory: backup).missing(of: places)
      try copy(backup, missing)
      try await eraseAgain(missing)
      try FileSystem.remove(directory, of: StoreFiles.names)
      try FileSystem.move(restoring, to: directory)
      return missing.count
    } catch let failure as FileSystem.Failure {
      throw OpenFailed(cause: .inputOutput, detail: failure.detail)
    }
  }

  /// A store that is in use, or was not closed, has commits that its database files do not have yet: a copy of those would
  /// be without them, and nobody would know.
  private func checkIsAtRest(_ backup: String) throws(OpenFailed) {
    let isUnfinished = StoreFiles.databases.contains { FileSystem.size(of: backup + "/" + $0 + "-wal") > 0 }
    guard !isUnfinished, !StoreLock.isHeld(backup) else {
      throw OpenFailed(
        cause: .inputOutput,
        detail:
          "\(backup) is a store in use, or one that was not closed; make a backup of it, and restore that")
    }
  }

  private func copy(_ backup: String, _ missing: [ErasureRegister.Line]) throws {
    let known = try ErasureRegister(directory: backup).all() + missing
    // A part of an earlier attempt may be there. Its register goes last: should this be interrupted, the next still knows.
    for name in StoreFiles.names where name != ErasureRegister.name { unlink(restoring + "/" + name) }
    try StoreLock.makeDirectory(restoring)
    try ErasureRegister(directory: restoring).write(known)
    for name in StoreFiles.databases { try FileSystem.copy(backup + "/" + name, to: restoring + "/" + name) }
    try FileSystem.syncFolder(restoring)
  }

  private func eraseAgain(_ missing: [ErasureRegister.Line]) async throws {
    let store =
      if let analyser {
        try SQLiteStore(directory: restoring, schema: schema, options: options, analyser: analyser)
      } else {
        try SQLiteStore(directory: restoring, schema: schema, options: options)
      }
    do {
      // What was under way when the backup was made.
      try await store.resumeErasures()
      for line in missing {
        let erasure = Erasure(
          subject: line.subject, actor: Actor(principal: "service:restore"),
          reason: "erased before; done again after a restore")
        _ = try await store.erase(erasure, in: line.tenant, noting: nil)
      }
    } catch {
      await store.close()
      throw error
    }
    await store.close()
  }
}
