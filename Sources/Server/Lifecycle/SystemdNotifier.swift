import Glibc

/// Tells systemd how the service is doing, by the datagram protocol of `sd_notify`. Without `NOTIFY_SOCKET` in the
/// environment it does nothing.
public struct SystemdNotifier: Sendable {
  private let socketPath: String?

  /// - Parameter environment: where `NOTIFY_SOCKET` is looked up.
  public init(environment: [String: String]) {
    let path = environment["NOTIFY_SOCKET"] ?? ""
    socketPath = path.first == "/" || path.first == "@" ? path : nil
  }

  /// Calls are taken now.
  public func ready() { send("READY=1\nSTATUS=Serving\n") }

  /// A stop has begun.
  public func stopping() { send("STOPPING=1\nSTATUS=Finishing calls in flight\n") }

  private func send(_ message: String) {
    guard let socketPath else { return }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var path = Array(socketPath.utf8)
    // A leading @ means the abstract namespace, which the kernel marks with a NUL.
    if path.first == UInt8(ascii: "@") { path[0] = 0 }
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard path.count < room else { return }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let pathOffset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
    let length = socklen_t(pathOffset + path.count)
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        let bytes = Array(message.utf8)
        _ = bytes.withUnsafeBytes {
          sendto(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL), generic, length)
        }
      }
    }
  }
}
