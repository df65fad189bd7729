internal import Glibc

/// Keeps a folder to one sync at a time. A program that is cut off lets go of it.
struct FolderLock: Sendable {
  private let descriptor: Int32

  /// How often somebody who waits looks again.
  private static let interval = Duration.milliseconds(50)

  /// Waits until nobody else syncs the folder.
  ///
  /// - Returns: nil where the file system knows no locks, or nothing may be written: then nobody is kept out.
  static func take(_ path: String) async throws -> FolderLock? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        close(descriptor)
        return nil
      }
      do {
        try await Task.sleep(for: interval)
      } catch {
        close(descriptor)
        throw error
      }
    }
    return FolderLock(descriptor: descriptor)
  }

  /// Lets others sync.
  func release() { close(descriptor) }
}

extension HandoverDisk {
  /// Keeps the folder to one sync at a time; a rehearsal keeps nobody out, for it writes nothing.
  func lock() async throws -> FolderLock? {
    guard !isRehearsal else { return nil }
    mkdir("\(root)/\(Self.hidden)", 0o700)
    return try await FolderLock.take("\(root)/\(Self.hidden)/lock")
  }
}
