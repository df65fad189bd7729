import Glibc

/// The folder that `punosd init` makes, and what lies where in it.
struct DataFolder {
  let path: String

  /// - Throws: ``ServerProblem`` where the configuration names no folder.
  init(_ configuration: Configuration) throws(ServerProblem) {
    guard let path = configuration.dataFolder else {
      throw ServerProblem(
        "No data folder was named. Say --data FOLDER, set PUNOS_DATA, or write \"data = FOLDER\" into the "
          + "configuration file; punosd init makes a new one.")
    }
    self.init(path: path)
  }

  init(path: String) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  var configurationFile: String { path + "/punosd.conf" }
  var storePath: String { path + "/store" }
  /// How far signals were computed.
  var signalPlaces: String { path + "/signals.places" }
  /// Where the running server takes maintenance tasks.
  var maintenanceSocket: String { path + "/maintenance.sock" }
  var pki: String { path + "/pki" }
  var caCertificate: String { pki + "/ca.pem" }
  var caKey: String { pki + "/ca-key.pem" }
  var serverCertificate: String { pki + "/server.pem" }
  var serverKey: String { pki + "/server-key.pem" }
  /// Where certificates issued for people and programs lie until they are handed over.
  var clients: String { path + "/clients" }

  /// Makes a folder that only its owner can read; one that is there already stays as it is.
  static func make(_ path: String) throws(ServerProblem) {
    guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
    throw ServerProblem("The folder \(path) cannot be made: \(reason()).")
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Writes a file whole: under another name first, synced, then renamed over it.
  ///
  /// - Parameter mode: 0o600 for what is secret.
  static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(ServerProblem) {
    let temporary = path + ".new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw ServerProblem("\(path) cannot be written: \(reason()).") }
    var sent = 0
    let isWritten = bytes.withUnsafeBytes { buffer in
      while sent < buffer.count {
        let count = Glibc.write(descriptor, buffer.baseAddress.map { $0 + sent }, buffer.count - sent)
        if count <= 0 { return false }
        sent += count
      }
      return fsync(descriptor) == 0
    }
    let why = isWritten ? "" : reason()
    close(descriptor)
    guard isWritten, rename(temporary, path) == 0 else {
      let last = why.isEmpty ? reason() : why
      unlink(temporary)
      throw ServerProblem("\(path) cannot be written: \(last).")
    }
  }

  /// Reads a small file whole.
  ///
  /// - Parameter limit: bytes; a longer file is refused.
  static func read(_ path: String, limit: Int) throws(ServerProblem) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ServerProblem("\(path) cannot be read: \(reason()).") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      guard count >= 0 else { throw ServerProblem("\(path) cannot be read: \(reason()).") }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= limit else {
        throw ServerProblem("\(path) is larger than \(limit) bytes, so it cannot be the file that is meant.")
      }
    }
  }

  private static func reason() -> String {
    String(cString: strerror(errno))
  }
}
