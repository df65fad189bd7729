internal import Store
internal import Synchronization

/// What has to be done now and then: told the time once a second.
final class Housekeeping: Sendable {
  let options: SQLiteStoreOptions

  init(options: SQLiteStoreOptions) { self.options = options }

  func tick(writer: Writer, applier: Applier) {}
}
