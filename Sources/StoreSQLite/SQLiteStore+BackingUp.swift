internal import Glibc
public import Store

/// Copies of a store.
extension SQLiteStore: MaintainedStore {
  public var erasureRegister: String { directory }

  /// Pages copied at a time: two milliseconds of the connection's thread.
  private static let pagesPerStep: Int32 = 512

  /// The copy is itself a store. Until it is whole it lies beside its place, with `.partial` after its name.
  public func backUp(to target: String) async throws {
    guard access(target, F_OK) != 0 else {
      throw OpenFailed(cause: .inputOutput, detail: "\(target) is there already")
    }
    let partial = target + ".partial"
    guard mkdir(partial, 0o700) == 0 else {
      throw OpenFailed(cause: .inputOutput, detail: "\(partial): \(String(cString: strerror(errno)))")
    }
    do {
      try await copy(to: partial)
      try FileSystem.move(partial, to: target)
    } catch {
      // What is left is no backup. Why it is not comes first.
      try? FileSystem.remove(partial, of: StoreFiles.names)
      throw readingError(error)
    }
  }

  private func copy(to target: String) async throws {
    try await applier.waitForReading()
    // The register before the log, and on the thread that erases: whom it names the log's copy has erased, or goes on with
    // when it is opened. Whom it does not name a restore erases again.
    let register = ErasureRegister(directory: directory)
    try ErasureRegister(directory: target).write(try await writer.run { _ in try register.all() })
    // The tables before the log: whatever the log gets later, it has what these were made from.
    let tablesPath = target + "/" + Opening.tablesName
    try await copyTables(to: tablesPath)
    let logPath = target + "/" + Opening.logName
    try await copyLog(to: logPath)
    try await workers.run { _ in
      for path in [tablesPath, logPath] { try FileSystem.syncFile(path) }
      try FileSystem.syncFolder(target)
    }
  }

  // Each copy is let go of, and its file with it, before the file is synced.

  private func copyTables(to path: String) async throws {
    let copy = try await applier.run { try BackupCopy(of: $0.connection, to: path) }
    while try await !applier.run({ _ in try copy.step(pages: Self.pagesPerStep) }) {}
  }

  private func copyLog(to path: String) async throws {
    let copy = try await writer.run { try BackupCopy(of: $0.log.connection, to: path) }
    while try await !writer.run({ _ in try copy.step(pages: Self.pagesPerStep) }) {}
  }
}

/// The files a store's directory may have.
enum StoreFiles {
  static let databases = [Opening.tablesName, Opening.logName]
  static let names =
    databases.flatMap { [$0, $0 + "-wal", $0 + "-shm", $0 + "-journal"] }
    + [ErasureRegister.name, ErasureRegister.name + ".new", StoreLock.name]

  /// Whether a directory holds a store, or what was left of one.
  static func areIn(_ directory: String) -> Bool {
    (databases + [ErasureRegister.name]).contains { access(directory + "/" + $0, F_OK) == 0 }
  }
}
