internal import Digests
internal import Store

/// How the tables' file is laid out beyond what its format says.
enum TablesLayout {
  /// What the file's places are worked out with: its own, made with it.
  /// - Throws: ``OpenFailed`` where the file has lost it; ``SQLiteFailure``.
  static func salt(on connection: Connection) throws -> [UInt8] {
    let statement = try connection.prepare("SELECT salt FROM layout")
    guard try statement.step(), case let salt = statement.bytes(0), salt.count == SipHash.keyBytes else {
      throw OpenFailed(
        cause: .unreadable,
        detail:
          "\(connection.path) no longer says where its records lie: restore the last backup (punosd restore)")
    }
    return salt
  }

  static func hasRecords(_ connection: Connection) throws(SQLiteFailure) -> Bool {
    try connection.integer("SELECT 1 FROM records UNION ALL SELECT 1 FROM shard_records LIMIT 1") != nil
  }
}
