internal import CSQLite

/// A prepared statement, and the only owner of its handle. As its connection: one thread at a time.
final class Statement {
  private let handle: OpaquePointer
  private let connection: Connection

  init(taking handle: OpaquePointer, of connection: Connection) {
    self.handle = handle
    self.connection = connection
  }

  deinit { sqlite3_finalize(handle) }

  // SQLite copies what is bound before the call returns; the header's constant is a cast, which does not
  // import.
  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  func bind(_ place: Int32, _ value: Int64) { sqlite3_bind_int64(handle, place, value) }

  func bind(_ place: Int32, _ value: Double) { sqlite3_bind_double(handle, place, value) }

  func bindNull(_ place: Int32) { sqlite3_bind_null(handle, place) }

  func bind(_ place: Int32, _ bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes { raw in
      if let base = raw.baseAddress {
        sqlite3_bind_blob64(handle, place, base, UInt64(raw.count), Self.transient)
      } else {
        sqlite3_bind_zeroblob(handle, place, 0)
      }
    }
  }

  /// Runs the statement with bytes that are not copied; for statements without rows. Other values stay as they are bound.
  func run(_ place: Int32, _ bytes: [UInt8]) throws(SQLiteFailure) {
    let result: Result<Void, SQLiteFailure> = bytes.withUnsafeBytes { raw in
      guard let base = raw.baseAddress else {
        sqlite3_bind_zeroblob(handle, place, 0)
        return stepped()
      }
      // nil stands for SQLITE_STATIC: the bytes stay where they are until the binding is gone again.
      sqlite3_bind_blob64(handle, place, base, UInt64(raw.count), nil)
      defer { sqlite3_bind_null(handle, place) }
      return stepped()
    }
    try result.get()
  }

  private func stepped() -> Result<Void, SQLiteFailure> {
    do throws(SQLiteFailure) {
      return .success(try run())
    } catch {
      return .failure(error)
    }
  }

  func bind(_ place: Int32, _ text: String) {
    var text = text
    _ = text.withUTF8 { utf8 in
      utf8.withMemoryRebound(to: CChar.self) { chars in
        if let base = chars.baseAddress {
          sqlite3_bind_text64(handle, place, base, UInt64(chars.count), Self.transient, UInt8(SQLITE_UTF8))
        } else {
          sqlite3_bind_text64(handle, place, "", 0, Self.transient, UInt8(SQLITE_UTF8))
        }
      }
    }
  }

  /// - Returns: whether there is a row.
  func step() throws(SQLiteFailure) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    if code == SQLITE_DONE { return false }
    let failure = connection.failure(code, "step")
    sqlite3_reset(handle)
    throw failure
  }

  /// Steps once and makes the statement ready for the next use; for statements without rows.
  func run() throws(SQLiteFailure) {
    _ = try step()
    sqlite3_reset(handle)
  }

  /// The first column of the first row; ready for the next use afterwards.
  func first() throws(SQLiteFailure) -> Int64? {
    defer { reset() }
    return try step() ? integer(0) : nil
  }

  /// Ends the statement's read and makes it ready for the next use.
  func reset() { sqlite3_reset(handle) }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func real(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  /// The bytes of a blob or text, good within `body` only.
  func withBytes<T, E: Error>(_ column: Int32, _ body: (UnsafeRawBufferPointer) throws(E) -> T) throws(E) -> T
  {
    let base = sqlite3_column_blob(handle, column)
    let count = Int(sqlite3_column_bytes(handle, column))
    return try body(UnsafeRawBufferPointer(start: base, count: base == nil ? 0 : count))
  }

  /// Whether a column has just these bytes.
  func isEqual(_ column: Int32, _ bytes: [UInt8]) -> Bool {
    withBytes(column) { here in bytes.withUnsafeBytes { here.elementsEqual($0) } }
  }

  func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { [UInt8]($0) } }

  func text(_ column: Int32) -> String { withBytes(column) { String(decoding: $0, as: UTF8.self) } }
}
