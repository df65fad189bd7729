internal import CSQLite
internal import Store

/// SQLite said no: its extended result code, and what was being done.
struct SQLiteFailure: Error, Sendable {
  /// Extended result code.
  var code: Int32
  /// SQLite's own words. Names tables at most, never a bound value.
  var message: String
  /// What was being done ("commit", "prepare").
  var action: String

  /// The primary code, without the extension.
  var primary: Int32 { code & 0xff }

  var detail: String { "\(action): \(message) (SQLite \(code))" }

  /// Whether a sync to disk failed, after which nobody knows what the disk holds.
  var isSyncFailure: Bool {
    code == SQLiteCode.ioErrorFsync || code == SQLiteCode.ioErrorDirectoryFsync
  }

  /// As the refusal of a write.
  var asWriterUnavailable: WriterUnavailable {
    let cause: WriterUnavailable.Cause =
      if isSyncFailure {
        .syncFailed
      } else if primary == SQLITE_FULL {
        .diskFull
      } else if primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB {
        .corrupt
      } else {
        .inputOutput
      }
    return WriterUnavailable(cause: cause, detail: detail)
  }

  /// As the failure of a read.
  var asReadFailed: ReadFailed {
    let cause: ReadFailed.Cause =
      switch primary {
      case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
      case SQLITE_INTERRUPT: .tooExpensive
      default: .inputOutput
      }
    return ReadFailed(cause: cause, detail: detail)
  }
}

/// Extended codes that SQLite's header writes as expressions, which do not import.
enum SQLiteCode {
  static let ioErrorFsync = SQLITE_IOERR | (4 << 8)
  static let ioErrorDirectoryFsync = SQLITE_IOERR | (5 << 8)
}
