internal import CSQLite

/// A copy of a database under way.
///
/// `@unchecked Sendable`: made and stepped on the thread that owns the source's connection only; what that
/// connection writes
/// meanwhile goes into the copy too, so that it never starts over.
final class BackupCopy: @unchecked Sendable {
  private let source: Connection
  private let target: Connection
  private var backup: OpaquePointer?

  init(of source: Connection, to path: String) throws(SQLiteFailure) {
    self.source = source
    target = try Connection(path: path, access: .create, vfs: nil, cacheKilobytes: 1_024)
    // The whole copy would be synced in its last step, on the thread that commits wait for; its maker does it elsewhere.
    try target.execute("PRAGMA synchronous = OFF")
    backup = try target.beginBackup(of: source)
  }

  deinit {
    if let backup { sqlite3_backup_finish(backup) }
  }

  /// - Returns: whether all is copied.
  func step(pages: Int32) throws(SQLiteFailure) -> Bool {
    guard let backup else { return true }
    let code = sqlite3_backup_step(backup, pages)
    if code == SQLITE_OK { return false }
    self.backup = nil
    sqlite3_backup_finish(backup)
    if code == SQLITE_DONE { return true }
    throw target.failure(code, "backup to \(target.path)")
  }
}
