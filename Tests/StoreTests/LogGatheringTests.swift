import Foundation
import Testing

@testable import StoreSQLite

/// What a connection has committed is in its files the moment it says so, however its writes were gathered.
@Suite struct LogGatheringTests {
  let directory: TemporaryDirectory
  let path: String
  /// Small enough that pages of an open transaction go out before its end, some of them twice.
  private static let cacheKilobytes = 40

  init() throws {
    directory = try TemporaryDirectory()
    path = directory.path + "/gathered.db"
  }

  private func open(_ path: String, _ access: Connection.Access = .create) throws -> Connection {
    let connection = try Connection(path: path, access: access, vfs: nil, cacheKilobytes: Self.cacheKilobytes)
    if access == .create { try connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL") }
    return connection
  }

  private func sum(_ connection: Connection) throws -> [Int64?] {
    [
      try connection.integer("SELECT count(*) FROM kept"),
      try connection.integer("SELECT sum(value) FROM kept"),
      try connection.integer("SELECT sum(length(body)) FROM kept"),
    ]
  }

  /// The files as a crash would leave them now, opened again.
  private func afterACrash(_ number: Int) throws -> Connection {
    let copy = directory.path + "/copy\(number).db"
    for end in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + end, toPath: copy + end) }
    return try open(copy)
  }

  @Test func whatIsCommittedIsSeenByReadersAndSurvivesACrashAtOnce() throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    var random = SearchRandom(state: seed)
    let writer = try open(path)
    try writer.execute(
      "CREATE TABLE kept (id INTEGER PRIMARY KEY, value INTEGER NOT NULL, body BLOB NOT NULL)")
    let reader = try open(path, .readOnly)
    for turn in 0..<60 {
      let before = try sum(reader)
      try writer.execute("BEGIN IMMEDIATE")
      for _ in 0..<Int.random(in: 1...120, using: &random) {
        try writer.execute(
          """
          INSERT OR REPLACE INTO kept VALUES (\(Int.random(in: 0..<400, using: &random)), \(turn),
            zeroblob(\(Int.random(in: 1..<3_000, using: &random))))
          """)
      }
      #expect(try sum(reader) == before, "seed \(seed), turn \(turn): not yet committed")
      if Int.random(in: 0..<4, using: &random) == 0 {
        try writer.execute("ROLLBACK")
        #expect(try sum(reader) == before, "seed \(seed), turn \(turn): taken back")
      } else {
        try writer.execute("COMMIT")
        #expect(try sum(reader) == sum(writer), "seed \(seed), turn \(turn): committed")
      }
      let left = try afterACrash(turn)
      #expect(try sum(left) == sum(writer), "seed \(seed), turn \(turn): after a crash")
      if turn % 7 == 0 { _ = try writer.checkpoint(.passive) }
    }
    #expect(try writer.prepare("PRAGMA integrity_check").firstText() == "ok", "seed \(seed)")
  }
}

extension Statement {
  fileprivate func firstText() throws -> String? { try step() ? text(0) : nil }
}
