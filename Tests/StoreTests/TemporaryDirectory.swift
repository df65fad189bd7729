import Foundation
import Store
import StoreConformance
import StoreSQLite

/// A directory that goes when it is let go of.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "punos-store-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}

extension StoreMaker {
  /// SQLite stores below a directory.
  static func sqlite(in directory: TemporaryDirectory, options: SQLiteStoreOptions = .init()) -> StoreMaker {
    let path = directory.path + "/store"
    return StoreMaker(
      open: { try SQLiteStore(directory: path, schema: $0, options: options) },
      reopen: { store, schema in
        await store.close()
        return try SQLiteStore(directory: path, schema: schema, options: options)
      })
  }
}
