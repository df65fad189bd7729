import Foundation
import Store
import StoreConformance
import StoreSQLite
import Synchronization

/// A directory that goes when it is let go of.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "punos-store-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// - Parameter folder: of it; nil: the directory itself.
  func files(in folder: String? = nil) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.map { path + "/" + $0 } ?? path).sorted()
  }
}

/// Something that is so from some moment on.
final class Flag: Sendable {
  private let state = Mutex(false)

  var isSet: Bool { state.withLock { $0 } }

  func set() { state.withLock { $0 = true } }
}

extension StoreMaker {
  /// SQLite stores below a directory.
  static func sqlite(in directory: TemporaryDirectory, options: SQLiteStoreOptions = .init()) -> StoreMaker {
    let path = directory.path + "/store"
    let open: @Sendable (_ path: String, RecordSchema) throws -> SQLiteStore = {
      try SQLiteStore(directory: $0, schema: $1, options: options, analyser: SearchBench.analyser)
    }
    return StoreMaker(
      folder: directory.path, watcherLag: Int(clamping: options.watcherLag),
      requestRetention: options.requestRetention.components.seconds,
      open: { try open(path, $0) },
      reopen: { store, schema in
        await store.close()
        return try open(path, schema)
      },
      restorer: {
        SQLiteRestorer(to: "\(path)-\($0)", schema: $1, options: options, analyser: SearchBench.analyser)
      },
      openRestored: { try open("\(path)-\($0)", $1) },
      damage: { store, text, schema in
        await store.close()
        try FileDamage.alter(text, in: path + "/tables.db")
        return try open(path, schema)
      })
  }
}
