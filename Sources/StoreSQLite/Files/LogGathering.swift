internal import CSQLite
internal import Glibc
internal import Synchronization

/// A file layer under SQLite's that hands a write-ahead log's frames on in few large writes.
///
/// SQLite writes each frame in two calls, a header of 24 bytes and a page: at 4 KiB that is two and a half microseconds of
/// the kernel's, for what takes one when many frames go together. Frames of a transaction are gathered here until its last
/// one, which says so in its header; that one is handed on, with all before it, before SQLite's write returns and so before
/// any reader can be told of them. A sync, a look at the file's length and a read of what is gathered hand everything on
/// first. What fails then fails in a call of the transaction that wrote it, or in one that its rollback makes harmless.
///
/// Only connections that write have it, and only their write-ahead logs: all other files are opened as they would be.
enum LogGathering {
  /// Bytes gathered at most: sixteen frames, by which all there is to win is won.
  fileprivate static let greatest: Int32 = 64 << 10

  private static let names = Mutex<[String: String]>([:])

  /// The layer's name over another one's.
  /// - Parameter parent: SQLite's name of the layer below; nil: the system's.
  /// - Returns: nil where there is no such layer; SQLite then says so when it opens a file.
  static func name(over parent: String?) -> String? {
    names.withLock { names in
      if let known = names[parent ?? ""] { return known }
      guard let below = sqlite3_vfs_find(parent), let ours = layer(over: below) else { return nil }
      names[parent ?? ""] = ours
      return ours
    }
  }

  /// Registers a layer; it stays for as long as the process lives.
  private static func layer(over below: UnsafeMutablePointer<sqlite3_vfs>) -> String? {
    let name = "punos-gathering-" + String(cString: below.pointee.zName)
    let layer = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    // Whatever is not about opening a file is the one's below: it gets along without its own description.
    layer.initialize(to: below.pointee)
    layer.pointee.pNext = nil
    layer.pointee.zName = UnsafePointer(strdup(name))
    layer.pointee.szOsFile += Int32(MemoryLayout<punos_gathered_file>.stride)
    layer.pointee.pAppData = UnsafeMutableRawPointer(below)
    layer.pointee.xOpen = openFile
    return sqlite3_vfs_register(layer, 0) == SQLITE_OK ? name : nil
  }

  fileprivate static let methods: Methods = Methods()

  /// What SQLite calls. Never changed and never freed.
  fileprivate struct Methods: @unchecked Sendable {
    let table = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)

    init() {
      var methods = sqlite3_io_methods()
      // Version 1: a write-ahead log is neither shared memory nor mapped.
      methods.iVersion = 1
      methods.xClose = closeFile
      methods.xRead = { file, bytes, count, offset in
        GatheredLog(file)?.read(bytes, count, offset) ?? SQLITE_IOERR
      }
      methods.xWrite = { file, bytes, count, offset in
        GatheredLog(file)?.write(bytes, count, offset) ?? SQLITE_IOERR
      }
      methods.xTruncate = { file, size in
        GatheredLog(file)?.settled { $0.pMethods.pointee.xTruncate($1, size) } ?? SQLITE_IOERR
      }
      methods.xSync = { file, flags in
        GatheredLog(file)?.settled { $0.pMethods.pointee.xSync($1, flags) } ?? SQLITE_IOERR
      }
      methods.xFileSize = { file, size in
        GatheredLog(file)?.settled { $0.pMethods.pointee.xFileSize($1, size) } ?? SQLITE_IOERR
      }
      methods.xLock = { file, lock in
        GatheredLog(file)?.below { $0.pMethods.pointee.xLock($1, lock) } ?? SQLITE_IOERR
      }
      methods.xUnlock = { file, lock in
        GatheredLog(file)?.below { $0.pMethods.pointee.xUnlock($1, lock) } ?? SQLITE_IOERR
      }
      methods.xCheckReservedLock = { file, result in
        GatheredLog(file)?.below { $0.pMethods.pointee.xCheckReservedLock($1, result) } ?? SQLITE_IOERR
      }
      methods.xFileControl = { file, operation, argument in
        GatheredLog(file)?.below { $0.pMethods.pointee.xFileControl($1, operation, argument) }
          ?? SQLITE_NOTFOUND
      }
      methods.xSectorSize = { file in GatheredLog(file)?.below { $0.pMethods.pointee.xSectorSize($1) } ?? 0 }
      methods.xDeviceCharacteristics = { file in
        GatheredLog(file)?.below { $0.pMethods.pointee.xDeviceCharacteristics($1) } ?? 0
      }
      table.initialize(to: methods)
    }
  }
}

/// A write-ahead log's file behind the pointer that SQLite has of it.
private struct GatheredLog {
  private let file: UnsafeMutablePointer<punos_gathered_file>
  /// The same file in the layer below.
  private let inner: UnsafeMutablePointer<sqlite3_file>

  /// A frame's header: four bytes of the page's number, four of the database's size where the frame ends a transaction, and
  /// 0 where it does not.
  private static let headerBytes: Int32 = 24
  private static let sizePlace = 4

  init?(_ file: UnsafeMutablePointer<sqlite3_file>?) {
    guard let file else { return nil }
    let raw = UnsafeMutableRawPointer(file)
    self.file = raw.assumingMemoryBound(to: punos_gathered_file.self)
    inner = (raw + MemoryLayout<punos_gathered_file>.stride).assumingMemoryBound(to: sqlite3_file.self)
  }

  func open(
    _ below: UnsafeMutablePointer<sqlite3_vfs>, _ name: UnsafePointer<CChar>?, _ flags: Int32,
    _ out: UnsafeMutablePointer<Int32>?
  )
    -> Int32
  {
    file.initialize(to: punos_gathered_file())
    file.pointee.end = -1
    inner.initialize(to: sqlite3_file())
    let code = below.pointee.xOpen(below, name, inner, flags, out)
    guard code == SQLITE_OK else {
      // A layer may want a file closed that it could not open.
      if inner.pointee.pMethods != nil { _ = inner.pointee.pMethods.pointee.xClose(inner) }
      return code
    }
    file.pointee.base.pMethods = UnsafePointer(LogGathering.methods.table)
    return SQLITE_OK
  }

  func close() -> Int32 {
    // What is still gathered belongs to no transaction that anybody was told of.
    file.pointee.buffer?.deallocate()
    file.pointee.buffer = nil
    file.pointee.base.pMethods = nil
    return inner.pointee.pMethods.pointee.xClose(inner)
  }

  /// Calls the layer below.
  func below(_ body: (sqlite3_file, UnsafeMutablePointer<sqlite3_file>) -> Int32) -> Int32 {
    body(inner.pointee, inner)
  }

  /// Calls the layer below once it has everything.
  func settled(_ body: (sqlite3_file, UnsafeMutablePointer<sqlite3_file>) -> Int32) -> Int32 {
    let code = handOn()
    return code == SQLITE_OK ? below(body) : code
  }

  func read(_ bytes: UnsafeMutableRawPointer?, _ count: Int32, _ offset: Int64) -> Int32 {
    let begin = file.pointee.start
    let isGathered =
      file.pointee.count > 0 && offset < begin + Int64(file.pointee.count) && offset + Int64(count) > begin
    return isGathered
      ? settled { $0.pMethods.pointee.xRead($1, bytes, count, offset) }
      : below { $0.pMethods.pointee.xRead($1, bytes, count, offset) }
  }

  func write(_ bytes: UnsafeRawPointer?, _ count: Int32, _ offset: Int64) -> Int32 {
    guard let bytes, count > 0 else { return below { $0.pMethods.pointee.xWrite($1, bytes, count, offset) } }
    let endsTransaction = file.pointee.ends_transaction != 0
    file.pointee.ends_transaction = count == Self.headerBytes && Self.isLast(bytes) ? 1 : 0
    // Only what goes on where the last write ended is part of a run. Whatever else SQLite does (a header of the whole log,
    // a page once more, checksums once more) goes its way at once, behind what was there before it.
    let goesOn = offset == file.pointee.end
    let code =
      goesOn && count <= LogGathering.greatest ? gather(bytes, count, offset) : pass(bytes, count, offset)
    guard code == SQLITE_OK else { return code }
    file.pointee.end = offset + Int64(count)
    return endsTransaction ? handOn() : SQLITE_OK
  }

  private static func isLast(_ header: UnsafeRawPointer) -> Bool {
    header.loadUnaligned(fromByteOffset: sizePlace, as: UInt32.self) != 0
  }

  private func pass(_ bytes: UnsafeRawPointer, _ count: Int32, _ offset: Int64) -> Int32 {
    settled { $0.pMethods.pointee.xWrite($1, bytes, count, offset) }
  }

  private func gather(_ bytes: UnsafeRawPointer, _ count: Int32, _ offset: Int64) -> Int32 {
    if file.pointee.count > LogGathering.greatest - count {
      let code = handOn()
      if code != SQLITE_OK { return code }
    }
    if file.pointee.count == 0 { file.pointee.start = offset }
    let buffer = file.pointee.buffer ?? .allocate(byteCount: Int(LogGathering.greatest), alignment: 16)
    file.pointee.buffer = buffer
    (buffer + Int(file.pointee.count)).copyMemory(from: bytes, byteCount: Int(count))
    file.pointee.count += count
    return SQLITE_OK
  }

  /// Writes what is gathered. If that fails it is forgotten: SQLite takes the transaction back.
  private func handOn() -> Int32 {
    let count = file.pointee.count
    guard count > 0, let buffer = file.pointee.buffer else { return SQLITE_OK }
    file.pointee.count = 0
    let code = inner.pointee.pMethods.pointee.xWrite(inner, buffer, count, file.pointee.start)
    if code != SQLITE_OK { file.pointee.end = -1 }
    return code
  }
}

private func openFile(
  _ layer: UnsafeMutablePointer<sqlite3_vfs>?, _ name: UnsafePointer<CChar>?,
  _ file: UnsafeMutablePointer<sqlite3_file>?,
  _ flags: Int32, _ out: UnsafeMutablePointer<Int32>?
) -> Int32 {
  guard let file, let below = layer?.pointee.pAppData?.assumingMemoryBound(to: sqlite3_vfs.self) else {
    return SQLITE_CANTOPEN
  }
  guard flags & SQLITE_OPEN_WAL != 0 else { return below.pointee.xOpen(below, name, file, flags, out) }
  return GatheredLog(file)?.open(below, name, flags, out) ?? SQLITE_CANTOPEN
}

private func closeFile(_ file: UnsafeMutablePointer<sqlite3_file>?) -> Int32 {
  GatheredLog(file)?.close() ?? SQLITE_OK
}
