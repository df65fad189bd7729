internal import Glibc
internal import Store

/// Holds a store's directory for one process, from opening to closing.
///
/// A file of its own: closing any descriptor of a database file would drop SQLite's locks on it.
final class StoreLock: Sendable {
  static let name = "lock"

  private let descriptor: Int32

  /// - Throws: ``OpenFailed`` where another process, or this one already, has it.
  init(directory: String) throws(OpenFailed) {
    let path = directory + "/" + Self.name
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw OpenFailed(cause: .inputOutput, detail: "\(path): \(String(cString: strerror(errno)))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      throw code == EWOULDBLOCK
        ? OpenFailed(cause: .locked, detail: "\(directory) is in use by another process")
        : OpenFailed(cause: .inputOutput, detail: "\(path): \(String(cString: strerror(code)))")
    }
  }

  deinit { close(descriptor) }

  /// Whether somebody has the directory, without taking it or making anything there.
  static func isHeld(_ directory: String) -> Bool {
    let file = open(directory + "/" + name, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    return flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// Makes the directory where there is none; its parent must be there.
  static func makeDirectory(_ path: String) throws(OpenFailed) {
    if mkdir(path, 0o700) != 0, errno != EEXIST {
      throw OpenFailed(cause: .inputOutput, detail: "\(path): \(String(cString: strerror(errno)))")
    }
  }
}
