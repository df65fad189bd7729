internal import Glibc
public import Store
public import TextAnalysis

/// Stores from copies.
extension SQLiteStore {
  /// Makes a store from a backup, and erases again whom the registers say were erased since.
  ///
  /// It is made beside its place, with `.restoring` after its name, and put there when it is whole: a store that still has
  /// somebody who was erased is never one that can be opened by mistake.
  /// - Parameters:
  ///   - backup: a directory that ``backUp(to:)`` made. It stays as it is.
  ///   - directory: where the store is to be. May hold a register of erasures (`erasures`) and nothing else
  ///     of a store.
  ///   - register: a directory with another register to go by, such as that of the store that was lost; nil:
  ///     none.
  ///   - analyser: what the store is searched with, so that its index forgets who is erased; nil: the backup's store has none.
  /// - Returns: how many erasures were done again.
  public static func restore(
    from backup: String, to directory: String, erasuresOf register: String? = nil, schema: RecordSchema,
    options: SQLiteStoreOptions = .init(), analyser: TextAnalyser? = nil
  ) async throws -> Int {
    let restoring = directory + ".restoring"
    do {
      for name in StoreFiles.databases where access(directory + "/" + name, F_OK) == 0 {
        throw OpenFailed(cause: .inputOutput, detail: "\(directory) has a store already; move it away first")
      }
      if let register, !StoreFiles.areIn(register) {
        throw OpenFailed(cause: .inputOutput, detail: "\(register) has no store, and no register of erasures")
      }
      let places = [directory, restoring] + (register.map { [$0] } ?? [])
      let missing = try ErasureRegister(directory: backup).missing(of: places)
      try await copy(backup, to: restoring, missing)
      try await eraseAgain(missing, in: restoring, schema, options, analyser)
      try FileSystem.remove(directory, of: StoreFiles.names)
      try FileSystem.move(restoring, to: directory)
      return missing.count
    } catch let failure as FileSystem.Failure {
      throw OpenFailed(cause: .inputOutput, detail: failure.detail)
    }
  }

  private static func copy(_ backup: String, to restoring: String, _ missing: [ErasureRegister.Line])
    async throws
  {
    let known = try ErasureRegister(directory: backup).all() + missing
    // A part of an earlier attempt may be there. Its register goes last: should this be interrupted, the next still knows.
    for name in StoreFiles.names where name != ErasureRegister.name { unlink(restoring + "/" + name) }
    try StoreLock.makeDirectory(restoring)
    try ErasureRegister(directory: restoring).write(known)
    for name in StoreFiles.databases { try FileSystem.copy(backup + "/" + name, to: restoring + "/" + name) }
    try FileSystem.syncFolder(restoring)
  }

  private static func eraseAgain(
    _ missing: [ErasureRegister.Line], in directory: String, _ schema: RecordSchema,
    _ options: SQLiteStoreOptions,
    _ analyser: TextAnalyser?
  ) async throws {
    let store =
      if let analyser {
        try SQLiteStore(directory: directory, schema: schema, options: options, analyser: analyser)
      } else {
        try SQLiteStore(directory: directory, schema: schema, options: options)
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
