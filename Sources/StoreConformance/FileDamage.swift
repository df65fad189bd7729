internal import Glibc

/// Damages a file that nobody has open, as a disk or a hand may.
public enum FileDamage {
  private static let chunk = 1 << 16

  /// Makes another text, as long, of each place where a text stands.
  /// - Throws: ``PromiseBroken`` where it stands nowhere, or the file cannot be read or written.
  public static func alter(_ text: String, in path: String) throws {
    let file = open(path, O_RDWR | O_CLOEXEC)
    guard file >= 0 else { throw PromiseBroken("\(path) cannot be opened") }
    defer { close(file) }
    let wanted = Array(text.utf8)
    let bytes = try contents(of: file, path)
    var altered = 0
    for start in bytes.indices where bytes[start...].starts(with: wanted) {
      let other = [wanted[0] ^ 1]
      guard pwrite(file, other, 1, off_t(start)) == 1 else {
        throw PromiseBroken("\(path) cannot be written")
      }
      altered += 1
    }
    if altered == 0 { throw PromiseBroken("\(path) does not have \(text)") }
  }

  private static func contents(of file: Int32, _ path: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: chunk)
    while true {
      let count = read(file, &piece, chunk)
      if count < 0 { throw PromiseBroken("\(path) cannot be read") }
      if count == 0 { return bytes }
      bytes += piece[..<count]
    }
  }
}
