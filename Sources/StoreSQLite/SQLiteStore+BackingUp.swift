internal import Glibc
public import Store

/// Copies of a store, and stores from copies.
extension SQLiteStore {
  /// Pages copied at a time: two milliseconds of the connection's thread.
  private static let pagesPerStep: Int32 = 512

  /// Copies the store into a new directory while it is in use. The copy is itself a store, as of a moment
  /// between the call
  /// and its end.
  /// - Parameter target: must not exist; its parent must.
  /// - Throws: ``OpenFailed`` where the directory cannot be made; ``ReadFailed`` where copying fails.
  public func backUp(to target: String) async throws {
    guard mkdir(target, 0o700) == 0 else {
      throw OpenFailed(cause: .inputOutput, detail: "\(target): \(String(cString: strerror(errno)))")
    }
    try await applier.waitForReading()
    // The tables first: whatever the log gets later, it has what these were made from.
    let tablesPath = target + "/" + Opening.tablesName
    let tables = try await applier.run { try BackupCopy(of: $0.connection, to: tablesPath) }
    while try await !applier.run({ _ in try tables.step(pages: Self.pagesPerStep) }) {}
    let logPath = target + "/" + Opening.logName
    let log = try await writer.run { try BackupCopy(of: $0.log.connection, to: logPath) }
    while try await !writer.run({ _ in try log.step(pages: Self.pagesPerStep) }) {}
    try ErasureRegister(directory: target).write(ErasureRegister(directory: directory).all())
  }

  /// Makes a store from a backup, and erases again whom the register says were erased since.
  /// - Parameters:
  ///   - backup: a directory that ``backUp(to:)`` made. It stays as it is.
  ///   - directory: where the store is to be. May hold a register of erasures (`erasures`) and nothing else
  ///     of a store.
  ///   - register: a directory with another register to go by, such as that of the store that was lost; nil:
  ///     none.
  /// - Returns: how many erasures were done again.
  public static func restore(
    from backup: String, to directory: String, erasuresOf register: String? = nil, schema: RecordSchema,
    options: SQLiteStoreOptions = .init()
  ) async throws -> Int {
    try StoreLock.makeDirectory(directory)
    for name in [Opening.logName, Opening.tablesName] where access(directory + "/" + name, F_OK) == 0 {
      throw OpenFailed(cause: .inputOutput, detail: "\(directory) has a store already; move it away first")
    }
    let done = try ErasureRegister(directory: backup).all()
    var known = try ErasureRegister(directory: directory).all()
    if let register { known += try ErasureRegister(directory: register).all() }
    let missing = known.filter { one in
      !done.contains { $0.tenant == one.tenant && $0.subject == one.subject }
    }
    // The register first: should this be interrupted, the next attempt still knows.
    try ErasureRegister(directory: directory).write(done + missing)
    for name in [Opening.tablesName, Opening.logName] {
      try FileSystem.copy(backup + "/" + name, to: directory + "/" + name)
    }
    let store = try SQLiteStore(directory: directory, schema: schema, options: options)
    do {
      for erasure in missing {
        _ = try await store.erase(
          Erasure(
            subject: erasure.subject, actor: Actor(principal: "service:restore"),
            reason: "erased before; done again after a restore"), in: erasure.tenant)
      }
    } catch {
      await store.close()
      throw error
    }
    await store.close()
    return missing.count
  }
}
