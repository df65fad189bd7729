public import Foundation
internal import Glibc

/// Certificates for tests, made with the `openssl` program in a directory of their own that goes with them.
public final class DevelopmentCA: Sendable {
  /// A certificate and its key.
  public struct Pair: Sendable {
    public let certificate: String
    public let key: String
  }

  public struct Failure: Error { public let command: String }

  public let directory: URL
  /// The CA's own certificate.
  public var caFile: String { directory.appendingPathComponent("ca.crt").path }

  public init(name: String = "Test CA") throws {
    directory = FileManager.default.temporaryDirectory.appendingPathComponent("punos-ca-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
      "-subj", "/CN=\(name)", "-keyout", path("ca.key"), "-out", path("ca.crt"))
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  private func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

  /// A server's certificate for `localhost` and the loopback addresses.
  public func server(_ name: String = "server") throws -> Pair {
    try issue(
      name, subject: "/CN=localhost",
      extensions: "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth")
  }

  /// A client's certificate with URI entries.
  public func client(_ name: String = "client", uris: [String]) throws -> Pair {
    let names = uris.map { "URI:\($0)" }.joined(separator: ",")
    return try issue(
      name, subject: "/O=Example Oy/CN=\(name)",
      extensions: "subjectAltName=\(names)\nextendedKeyUsage=clientAuth")
  }

  /// A certificate of this CA.
  ///
  /// - Parameter days: its life; a negative one has ended already.
  public func issue(_ name: String, subject: String, extensions: String, days: Int = 2) throws -> Pair {
    let extensionFile = path("\(name).ext")
    try extensions.write(toFile: extensionFile, atomically: true, encoding: .utf8)
    try openssl(
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject,
      "-keyout", path("\(name).key"), "-out", path("\(name).csr"))
    try openssl(
      "x509", "-req", "-in", path("\(name).csr"), "-CA", path("ca.crt"), "-CAkey", path("ca.key"),
      "-CAcreateserial", "-days", String(days), "-extfile", extensionFile, "-out", path("\(name).crt"))
    return Pair(certificate: path("\(name).crt"), key: path("\(name).key"))
  }

  /// Runs the program and waits. Not with Foundation's `Process`, whose waiting needs a thread of the pool
  /// that tests occupy.
  private func openssl(_ arguments: String...) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor: Int32 in 0...2 {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    var pointers = (["openssl"] + arguments).map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var child: pid_t = 0
    let spawned = posix_spawn(&child, "/usr/bin/openssl", &actions, nil, &pointers, environ)
    var status: Int32 = 0
    guard spawned == 0, waitpid(child, &status, 0) == child, status == 0 else {
      throw Failure(command: arguments.joined(separator: " "))
    }
  }
}
