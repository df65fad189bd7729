#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Bytes from a file, a pipe or memory, a chunk at a time, so that a file of any size needs the memory of one chunk.
///
/// Belongs to one reader; the descriptor of a file it opened is closed with it.
public final class ByteSource {
  /// Large enough that system calls do not count, small enough to stay in the processor's cache.
  static let chunkSize = 256 * 1024

  private enum Origin {
    case descriptor(Int32, owned: Bool)
    case memory([UInt8])
  }

  private let origin: Origin
  private var memoryPosition = 0
  /// Bytes put back by ``unread(_:)``, given out before anything else.
  private var pending: [UInt8] = []

  /// How many bytes were given out; beside ``size`` the measure of progress.
  public private(set) var consumed = 0
  /// How many bytes there are in all; nil for a pipe or a terminal.
  public let size: Int?
  /// Whether the source can be read a second time from the beginning.
  public let canRewind: Bool

  /// Opens a file for reading.
  ///
  /// - Parameter path: as the system knows it; `-` is standard input.
  /// - Throws: ``DataFileError`` that names what the system said; a folder is refused.
  public convenience init(path: String) throws(DataFileError) {
    if path == "-" {
      self.init(descriptor: 0, owned: false)
      return
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.systemError("open", errno) }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw Self.systemError("read", EISDIR)
    }
    self.init(descriptor: descriptor, owned: true)
  }

  /// Reads from an open descriptor.
  ///
  /// - Parameters:
  ///   - descriptor: open for reading.
  ///   - owned: whether the source closes it.
  public init(descriptor: Int32, owned: Bool) {
    origin = .descriptor(descriptor, owned: owned)
    var status = stat()
    let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    size = isFile ? Int(status.st_size) : nil
    canRewind = isFile
  }

  /// Reads from memory.
  public init(bytes: [UInt8]) {
    origin = .memory(bytes)
    size = bytes.count
    canRewind = true
  }

  deinit {
    if case .descriptor(let descriptor, owned: true) = origin { close(descriptor) }
  }

  /// The next bytes, at most ``chunkSize``.
  ///
  /// - Returns: an empty array at the end.
  /// - Throws: ``DataFileError`` that names what the system said.
  public func read() throws(DataFileError) -> [UInt8] {
    if !pending.isEmpty {
      let chunk = pending
      pending = []
      consumed += chunk.count
      return chunk
    }
    switch origin {
    case .memory(let bytes):
      let end = min(bytes.count, memoryPosition + Self.chunkSize)
      let chunk = Array(bytes[memoryPosition..<end])
      memoryPosition = end
      consumed += chunk.count
      return chunk
    case .descriptor(let descriptor, _):
      var failure: Int32 = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: Self.chunkSize) { buffer, count in
        while true {
          let got = Self.systemRead(descriptor, buffer)
          if got >= 0 {
            count = got
            return
          }
          if errno != EINTR {
            failure = errno
            return
          }
        }
      }
      guard failure == 0 else { throw Self.systemError("read", failure) }
      consumed += chunk.count
      return chunk
    }
  }

  /// Puts bytes back, to be given out next; for looking ahead.
  func unread(_ bytes: [UInt8]) {
    pending = bytes + pending
    consumed -= bytes.count
  }

  /// Starts again from the beginning.
  ///
  /// - Throws: ``DataFileError`` when the source is a pipe or a terminal.
  public func rewind() throws(DataFileError) {
    pending = []
    consumed = 0
    switch origin {
    case .memory: memoryPosition = 0
    case .descriptor(let descriptor, _):
      guard canRewind, lseek(descriptor, 0, SEEK_SET) == 0 else { throw Self.systemError("rewind", ESPIPE) }
    }
  }

  private static func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    #if canImport(Glibc)
      Glibc.read(descriptor, buffer.baseAddress, buffer.count)
    #else
      Musl.read(descriptor, buffer.baseAddress, buffer.count)
    #endif
  }

  private static func systemError(_ operation: String, _ number: Int32) -> DataFileError {
    let reason = strerror(number).map { String(cString: $0) } ?? "error \(number)"
    return DataFileError(.system(operation: operation, errno: number), "cannot \(operation) the file: \(reason)")
  }
}
