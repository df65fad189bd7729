import Foundation
import Testing

/// Reads the SQL in the sources of the SQLite engine, so that docs/adr/sql-of-two-engines.md stays true.
@Suite struct SQLThatTwoEnginesSpeak {
  /// What an engine has of its own altogether: files, their layout and settings, its search index, and the dialect itself.
  private static let ownFiles: Set<String> = [
    "SQLDialect.swift", "Connection.swift", "BackupCopy.swift", "Migrations.swift", "Opening.swift",
    "TallyTables.swift",
    "SQLiteStore+Verifying.swift",
  ]
  private static let ownFolders: Set<String> = ["Search"]
  /// Lines elsewhere that lay out a table or set a connection up.
  private static let ownLines = [
    "updated INTEGER NOT NULL, deleted INTEGER", "PRAGMA recursive_triggers", "fts5",
  ]

  private static var onlySQLite: Regex<Substring> {
    #/INSERT OR |PRAGMA |WITHOUT ROWID|sqlite_schema|sqlite_master|\bGLOB\b|ifnull\(|iif\(|instr\(|strftime|[^.]total\(|\bCOLLATE\b|rowid|\bx'| IS \\\(| IS NOT \\\(|"1"|WHERE [01]\b/#
  }

  @Test func whatOnlySQLiteSpeaksStandsInItsDialectAndInWhatIsItsOwn() throws {
    let folder = FloorPlan.root.appendingPathComponent("Sources/StoreSQLite")
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    let onlySQLite = Self.onlySQLite
    var read = 0
    for case let file as URL in files where file.pathExtension == "swift" {
      let name = file.lastPathComponent
      if Self.ownFiles.contains(name)
        || Self.ownFolders.contains(file.deletingLastPathComponent().lastPathComponent)
      {
        continue
      }
      read += 1
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        guard line.contains("\""), !Self.ownLines.contains(where: line.contains) else { continue }
        let isOnlySQLite = line.contains(onlySQLite)
        #expect(!isOnlySQLite, "\(name): \(line)")
      }
    }
    #expect(read > 30, "the sources were found")
  }
}
