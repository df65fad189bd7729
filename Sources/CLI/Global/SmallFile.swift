internal import Glibc
internal import Terminal

/// Reads and writes whole small files: contexts, mappings, import journals.
enum SmallFile {
  /// Largest file read, in bytes: what is read here is written by hand or by this client.
  static let longest = 4 << 20

  /// A file's bytes.
  ///
  /// - Parameter longest: bytes, at most.
  /// - Returns: nil where there is no such file.
  /// - Throws: ``CLIProblem`` where it cannot be read, or is too large.
  static func read(_ path: String, upTo longest: Int = longest) throws(CLIProblem) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw failure(.badFile, path, Term(en: "The file cannot be read", fi: "Tiedostoa ei voi lukea"))
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(.badFile, path, Term(en: "The file cannot be read", fi: "Tiedostoa ei voi lukea"))
      }
      bytes += chunk.prefix(count)
      guard bytes.count <= longest else {
        throw CLIProblem(
          .badFile,
          Term(
            en: "The file is larger than \(longest >> 20) MiB.", fi: "Tiedosto on yli \(longest >> 20) MiB."),
          at: path)
      }
    }
  }

  /// Writes a file in one step: a reader sees the old content or the new, never half of one.
  ///
  /// - Parameters:
  ///   - mode: who may read it; 0600 where it tells of credentials.
  ///   - isDurable: whether it must be in its place before anything else happens, though the power fails.
  static func replace(
    _ path: String, with bytes: [UInt8], mode: mode_t, isDurable: Bool = false
  ) throws(CLIProblem) {
    try makeFolder(of: path)
    let temporary = "\(path).\(getpid()).new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failure(.failure, path, cannotWrite) }
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let problem = failure(.failure, path, cannotWrite)
        close(descriptor)
        unlink(temporary)
        throw problem
      }
      written += count
    }
    guard fsync(descriptor) == 0, close(descriptor) == 0, rename(temporary, path) == 0 else {
      let problem = failure(.failure, path, cannotWrite)
      unlink(temporary)
      throw problem
    }
    if isDurable { try settle(folderOf: path) }
  }

  private static func settle(folderOf path: String) throws(CLIProblem) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(.failure, path, cannotWrite) }
    defer { close(descriptor) }
    // Some file systems know no such thing, and have nothing to settle.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure(.failure, path, cannotWrite) }
  }

  private static let cannotWrite = Term(en: "The file cannot be written", fi: "Tiedostoa ei voi kirjoittaa")

  /// Makes the folders above a file that are not there, for the user alone.
  private static func makeFolder(of path: String) throws(CLIProblem) {
    guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
    var made = ""
    for part in path[..<slash].split(separator: "/", omittingEmptySubsequences: true) {
      made += path.hasPrefix("/") || !made.isEmpty ? "/\(part)" : String(part)
      if mkdir(made, 0o700) != 0, errno != EEXIST { throw failure(.failure, made, cannotWrite) }
    }
  }

  static func failure(_ exit: ExitStatus, _ path: String, _ what: Term) -> CLIProblem {
    let reason = String(cString: strerror(errno))
    return CLIProblem(
      exit, Term(en: "\(what.english): \(reason).", fi: "\(what.finnish): \(reason)."), at: path,
      remedy: Term(
        en: "Check that the path is right and that you may use it.",
        fi: "Tarkista, että polku on oikein ja että sinulla on siihen oikeus."))
  }

  /// A path from the root, so that it means the same wherever the client is run later.
  static func absolute(_ path: String) -> String {
    if path.hasPrefix("~/"), let home = Environment.value("HOME") { return home + path.dropFirst(1) }
    guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return String(cString: folder) + "/" + path
  }
}
