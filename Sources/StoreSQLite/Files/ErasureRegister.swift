internal import Glibc
internal import Store

/// Who has been erased, in a file of its own beside the databases: what a restore of an older backup must do
/// again.
///
/// A line an erasure: tenant, TAB, the person's resource name with `%`, TAB and line breaks written as `%`
/// and two
/// hexadecimal digits. Resource names only: nothing of the person.
struct ErasureRegister {
  /// An erasure. The same twice where the person was erased twice.
  struct Line: Hashable, Sendable {
    var tenant: TenantID
    var subject: String
  }

  let directory: String

  static let name = "erasures"

  private var path: String { directory + "/" + Self.name }

  /// Adds a line and makes it durable.
  func append(_ tenant: TenantID, _ subject: String) throws(WriterUnavailable) {
    let line = Array("\(tenant.text)\t\(Self.escape(subject))\n".utf8)
    let file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure() }
    defer { close(file) }
    guard dropCutLine(file) else { throw failure() }
    let written = line.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
    guard written == line.count, fsync(file) == 0 else { throw failure() }
    do {
      // It may be new.
      try FileSystem.syncFolder(directory)
    } catch {
      throw failure()
    }
  }

  /// Takes away what a crash or a full disk left of a last line: the next would go on in it.
  /// - Returns: whether that worked.
  private func dropCutLine(_ file: Int32) -> Bool {
    var end = lseek(file, 0, SEEK_END)
    let whole = end
    var byte: UInt8 = 0
    while end > 0, pread(file, &byte, 1, end - 1) == 1, byte != Self.lineEnd { end -= 1 }
    guard end >= 0, end == 0 || byte == Self.lineEnd else { return false }
    return end == whole || ftruncate(file, end) == 0
  }

  private static let lineEnd = UInt8(ascii: "\n")

  /// Replaces the register, durably.
  func write(_ erasures: [Line]) throws {
    let text = erasures.map { "\($0.tenant.text)\t\(Self.escape($0.subject))\n" }.joined()
    try FileSystem.replace(path, with: Array(text.utf8))
  }

  /// All erasures, oldest first. A line cut short by a crash is left out: its erasure was never acknowledged.
  func all() throws -> [Line] {
    guard let text = try FileSystem.read(path), let end = text.utf8.lastIndex(of: Self.lineEnd) else {
      return []
    }
    var result: [Line] = []
    for line in text[..<end].split(separator: "\n", omittingEmptySubsequences: true) {
      let parts = line.split(separator: "\t", maxSplits: 1)
      guard parts.count == 2, let tenant = try? TenantID(String(parts[0])) else { continue }
      result.append(Line(tenant: tenant, subject: Self.unescape(String(parts[1]))))
    }
    return result
  }

  /// Erasures that registers in other directories have and this one has not. A register only grows, so that a person who is
  /// in another one more often was erased again since, perhaps after having come back.
  func missing(of directories: [String]) throws -> [Line] {
    var known: [Line: Int] = [:]
    for line in try all() { known[line, default: 0] += 1 }
    var missing: [Line] = []
    for directory in directories {
      var counts: [Line: Int] = [:]
      for line in try ErasureRegister(directory: directory).all() {
        counts[line, default: 0] += 1
        guard let count = counts[line], count > known[line, default: 0] else { continue }
        known[line] = count
        missing.append(line)
      }
    }
    return missing
  }

  private func failure() -> WriterUnavailable {
    WriterUnavailable(
      cause: errno == ENOSPC ? .diskFull : .inputOutput,
      detail: "\(path): \(String(cString: strerror(errno)))")
  }

  private static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\t": result += "%09"
      case "\n": result += "%0a"
      case "\r": result += "%0d"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func unescape(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let at = rest.firstIndex(of: "%") {
      result += rest[..<at]
      let digits = rest[rest.index(after: at)...].prefix(2)
      if digits.count == 2, let value = UInt8(digits, radix: 16) {
        result.unicodeScalars.append(Unicode.Scalar(value))
        rest = rest[digits.endIndex...]
      } else {
        result += "%"
        rest = rest[rest.index(after: at)...]
      }
    }
    return result + rest
  }
}

/// Small files, without Foundation.
enum FileSystem {
  struct Failure: Error {
    var code: Int32
    var path: String

    var detail: String { "\(path): \(String(cString: strerror(code)))" }
  }

  /// A register of a million erasures is under 100 MB.
  private static let greatestFile = 256 << 20

  /// - Returns: nil where there is no such file.
  static func read(_ path: String) throws -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    if file < 0, errno == ENOENT { return nil }
    guard file >= 0 else { throw Failure(code: errno, path: path) }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count < greatestFile {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
      if count < 0 { throw Failure(code: errno, path: path) }
      if count == 0 { break }
      bytes.append(contentsOf: chunk[0..<count])
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Writes a file beside the old one, makes it durable, and puts it in its place.
  static func replace(_ path: String, with bytes: [UInt8]) throws {
    let temporary = path + ".new"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw Failure(code: errno, path: temporary) }
    defer { close(file) }
    try writeAll(file, bytes[...], temporary)
    guard fsync(file) == 0, rename(temporary, path) == 0 else { throw Failure(code: errno, path: path) }
    try syncFolder(parent(of: path))
  }

  /// In bytes; 0 where there is no such file.
  static func size(of path: String) -> Int {
    var about = stat()
    return stat(path, &about) == 0 ? Int(about.st_size) : 0
  }

  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes durable which files a folder has.
  static func syncFolder(_ path: String) throws(Failure) {
    try sync(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  }

  /// Makes a file's bytes durable, whoever wrote them.
  static func syncFile(_ path: String) throws(Failure) { try sync(path, O_RDONLY | O_CLOEXEC) }

  private static func sync(_ path: String, _ flags: Int32) throws(Failure) {
    let file = open(path, flags)
    guard file >= 0 else { throw Failure(code: errno, path: path) }
    defer { close(file) }
    guard fsync(file) == 0 else { throw Failure(code: errno, path: path) }
  }

  /// Gives a folder another name, durably. There must be nothing of that name.
  static func move(_ folder: String, to target: String) throws(Failure) {
    guard rename(folder, target) == 0 else { throw Failure(code: errno, path: target) }
    try syncFolder(parent(of: target))
  }

  /// Removes a folder that has nothing but some files of these names; nothing where there is none.
  static func remove(_ folder: String, of names: [String]) throws(Failure) {
    guard access(folder, F_OK) == 0 else { return }
    for name in names { unlink(folder + "/" + name) }
    guard rmdir(folder) == 0 else { throw Failure(code: errno, path: folder) }
  }

  private static func writeAll(_ file: Int32, _ bytes: ArraySlice<UInt8>, _ path: String) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count <= 0 { throw Failure(code: errno, path: path) }
      rest = rest.dropFirst(count)
    }
  }

  /// Copies a file that nobody writes to, durably.
  static func copy(_ source: String, to target: String) throws {
    let from = open(source, O_RDONLY | O_CLOEXEC)
    guard from >= 0 else { throw Failure(code: errno, path: source) }
    defer { close(from) }
    let to = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard to >= 0 else { throw Failure(code: errno, path: target) }
    defer { close(to) }
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(from, $0.baseAddress, $0.count) }
      if count < 0 { throw Failure(code: errno, path: source) }
      if count == 0 { break }
      try writeAll(to, chunk[0..<count], target)
    }
    if fsync(to) != 0 { throw Failure(code: errno, path: target) }
  }
}
