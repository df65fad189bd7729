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
    return StoreMaker(
      watcherLag: Int(clamping: options.watcherLag),
      requestRetention: options.requestRetention.components.seconds,
      open: {
        try SQLiteStore(directory: path, schema: $0, options: options, analyser: SearchBench.analyser)
      },
      reopen: { store, schema in
        await store.close()
        return try SQLiteStore(
          directory: path, schema: schema, options: options, analyser: SearchBench.analyser)
      },
      compact: { store, moment in
        guard let store = store as? SQLiteStore else { return [:] }
        return try await store.compact(before: moment)
      })
  }
}
