import Logging
import ProtobufBridge
import PunosMessages
import Store
import StoreSQLite
import TextAnalysis

/// Opens the store of a data folder, for serving it or for looking after it.
struct StoreOpener {
  let folder: DataFolder
  let configuration: Configuration
  let logger: Logger

  func schema() throws -> RecordSchema {
    try RecordSchema(schema: Schema.shared, fold: { NameOrder.form($0) }, foldVersion: NameOrder.version)
  }

  func options() -> SQLiteStoreOptions {
    var options = SQLiteStoreOptions()
    options.keepsChangesFor = .seconds(configuration.changeRetentionDays * 86_400)
    let log = logger
    options.log = { log.notice("\($0)") }
    return options
  }

  func analyser() -> TextAnalyser {
    let analyser = TextAnalyser()
    if let warning = analyser.takeWarning() { logger.warning("\(warning)") }
    return analyser
  }

  /// What makes the store from a backup.
  func restorer() throws -> any StoreRestorer {
    SQLiteRestorer(to: folder.storePath, schema: try schema(), options: options(), analyser: analyser())
  }

  func open() throws -> SQLiteStore {
    try SQLiteStore(
      directory: folder.storePath, schema: try schema(), options: options(), analyser: analyser())
  }
}
