internal import CFiles
internal import Domain
internal import Glibc
internal import Terminal

/// What the last sync left of a file: kept beside the files, one file each, so that a sync that is cut off has lost
/// nothing but what it was doing.
struct SyncBase: Sendable, Hashable {
  /// The handover's resource name.
  var name: String
  /// The revision of the server's version.
  var revision: Int64
  /// The file, from the folder.
  var path: String
  /// The server's version as text.
  var text: String
}

/// A folder of handovers on disk.
struct HandoverDisk: Sendable {
  /// Where the folder keeps what it knows of the last sync.
  static let hidden = ".punos"
  /// Files looked at, at most: far more than any team keeps, and a wrong folder (a home, say) is noticed.
  static let mostFiles = 50_000
  /// Folders inside each other, at most.
  static let deepest = 16

  /// The folder, without a slash behind.
  let root: String

  // MARK: What is there

  /// The Markdown files, from the folder, in order. Hidden files and folders are not looked at.
  func files() throws(CLIProblem) -> [String] {
    var found: [String] = []
    try collect("", depth: 0, &found)
    return found.sorted()
  }

  private func collect(_ folder: String, depth: Int, _ found: inout [String]) throws(CLIProblem) {
    for (name, isFolder) in try Self.entries(of: folder.isEmpty ? root : "\(root)/\(folder)") {
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      if isFolder, depth < Self.deepest { try collect(path, depth: depth + 1, &found) }
      if !isFolder, name.hasSuffix(".md") { found.append(path) }
      guard found.count <= Self.mostFiles else {
        throw CLIProblem(
          .badFile,
          Term(
            en: "There are more than \(Self.mostFiles) Markdown files in the folder.",
            fi: "Kansiossa on yli \(Self.mostFiles) Markdown-tiedostoa."),
          at: root,
          remedy: Term(en: "Give handovers a folder of their own.", fi: "Anna luovutuksille oma kansio."))
      }
    }
  }

  private static func entries(of folder: String) throws(CLIProblem) -> [(name: String, isFolder: Bool)] {
    guard let stream = opendir(folder) else {
      if errno == ENOENT { return [] }
      throw SmallFile.failure(
        .badFile, folder, Term(en: "The folder cannot be read", fi: "Kansiota ei voi lukea"))
    }
    defer { closedir(stream) }
    var entries: [(String, Bool)] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard !name.hasPrefix(".") else { continue }
      var type = Int32(entry.pointee.d_type)
      if type == Int32(DT_UNKNOWN) {
        var status = stat()
        if lstat("\(folder)/\(name)", &status) == 0 {
          type = status.st_mode & S_IFMT == S_IFDIR ? Int32(DT_DIR) : Int32(DT_REG)
        }
      }
      if type == Int32(DT_DIR) { entries.append((name, true)) }
      if type == Int32(DT_REG) { entries.append((name, false)) }
    }
    return entries
  }

  /// A file's text; nil where there is none.
  func text(_ path: String) throws(CLIProblem) -> String? {
    try SmallFile.read("\(root)/\(path)").map { String(decoding: $0, as: UTF8.self) }
  }

  /// Changes whenever a file is written, renamed or deleted.
  func signature() throws(CLIProblem) -> Int {
    var hasher = Hasher()
    for path in try files() {
      var status = stat()
      guard lstat("\(root)/\(path)", &status) == 0 else { continue }
      hasher.combine(path)
      hasher.combine(status.st_mtim.tv_sec)
      hasher.combine(status.st_mtim.tv_nsec)
      hasher.combine(status.st_size)
    }
    return hasher.finalize()
  }

  // MARK: Bases

  private func basePath(_ name: String) -> String {
    // Parts of names have no dots, so that no two names meet.
    "\(root)/\(Self.hidden)/handovers/" + name.split(separator: "/").joined(separator: ".") + ".base"
  }

  /// What the last sync left, by the handover's name. A base that cannot be read counts as none: both sides are then
  /// brought together without one, which at worst shows a person more than they had to see.
  func bases() throws(CLIProblem) -> [String: SyncBase] {
    let folder = "\(root)/\(Self.hidden)/handovers"
    var bases: [String: SyncBase] = [:]
    for (file, isFolder) in try Self.entries(of: folder) where !isFolder && file.hasSuffix(".base") {
      guard let bytes = try SmallFile.read("\(folder)/\(file)"),
        let base = Self.base(String(decoding: bytes, as: UTF8.self))
      else { continue }
      bases[base.name] = base
    }
    return bases
  }

  private static func base(_ text: String) -> SyncBase? {
    let parts = text.utf8.split(separator: UInt8(ascii: "\n"), maxSplits: 3, omittingEmptySubsequences: false)
      .map { String(Substring($0)) }
    guard parts.count == 4, let revision = Int64(parts[1]), !parts[0].isEmpty, !parts[3].isEmpty else {
      return nil
    }
    return SyncBase(name: parts[0], revision: revision, path: parts[2], text: parts[3])
  }

  func save(_ base: SyncBase) throws(CLIProblem) {
    let text = "\(base.name)\n\(base.revision)\n\(base.path)\n\(base.text)"
    try SmallFile.replace(basePath(base.name), with: Array(text.utf8), mode: 0o600)
  }

  func forget(_ name: String) { unlink(basePath(name)) }

  // MARK: Writing files

  /// Writes a file in one step, unless somebody typed into it since it was read: the new text and the old file change
  /// places, and where the old one turns out to be another than was read they change back.
  ///
  /// - Parameter old: what the file held when it was read; nil: there was none.
  func write(_ path: String, _ text: String, replacing old: String?) throws {
    let target = "\(root)/\(path)"
    let temporary = "\(root)/\(Self.hidden)/writing.\(getpid())"
    try SmallFile.replace(temporary, with: Array(text.utf8), mode: 0o644)
    defer { unlink(temporary) }
    guard let old else {
      try makeFolder(of: path)
      // Fails where somebody made a file of that name meanwhile.
      guard Self.rename(temporary, target, Self.mustBeNew) else { throw FileTypedInto() }
      return
    }
    guard try self.text(path) == old else { throw FileTypedInto() }
    guard Self.rename(temporary, target, Self.exchange) else { throw FileTypedInto() }
    let replaced = try SmallFile.read(temporary).map { String(decoding: $0, as: UTF8.self) }
    if replaced != old {
      guard Self.rename(temporary, target, Self.exchange) else {
        throw CLIProblem(
          .failure,
          Term(
            en:
              "Somebody typed into the file while it was written; what they typed is in \(temporary).saved.",
            fi:
              "Tiedostoa muokattiin kirjoituksen aikana; muokattu sisältö on tiedostossa \(temporary).saved."),
          at: keep(temporary) ? target : temporary)
      }
      throw FileTypedInto()
    }
  }

  private func keep(_ temporary: String) -> Bool { Glibc.rename(temporary, temporary + ".saved") == 0 }

  private static let mustBeNew = punos_rename_no_replace
  private static let exchange = punos_rename_exchange

  private static func rename(_ from: String, _ to: String, _ flag: UInt32) -> Bool {
    if punos_rename(from, to, flag) == 0 { return true }
    // Some file systems know no flags; what was checked a moment ago is then all there is.
    guard errno == EINVAL || errno == ENOSYS else { return false }
    if flag == mustBeNew { return link(from, to) == 0 }
    let copy = from + ".old"
    guard link(to, copy) == 0, Glibc.rename(from, to) == 0 else { return false }
    return Glibc.rename(copy, from) == 0
  }

  private func makeFolder(of path: String) throws {
    var made = root
    for part in path.split(separator: "/").dropLast() {
      made += "/\(part)"
      guard mkdir(made, 0o755) == 0 || errno == EEXIST else {
        throw SmallFile.failure(
          .failure, made, Term(en: "The folder cannot be made", fi: "Kansiota ei voi luoda"))
      }
    }
  }

  /// Takes a file away, unless somebody typed into it since it was read. It stays in the hidden folder, as a last
  /// resort.
  func remove(_ path: String, replacing old: String) throws {
    guard try text(path) == old else { throw FileTypedInto() }
    let trash = "\(root)/\(Self.hidden)/removed"
    mkdir(trash, 0o700)
    let name = path.split(separator: "/").joined(separator: ".")
    guard Glibc.rename("\(root)/\(path)", "\(trash)/\(name)") == 0 || errno == ENOENT else {
      throw SmallFile.failure(
        .failure, path, Term(en: "The file cannot be removed", fi: "Tiedostoa ei voi poistaa"))
    }
  }

  // MARK: Which server

  private var settingsPath: String { "\(root)/\(Self.hidden)/folder" }

  /// The server and the accounts that the folder was synced with; nil for a new folder.
  func settings() throws(CLIProblem) -> (server: String, parent: String)? {
    guard let bytes = try SmallFile.read(settingsPath) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    guard lines.count == 2 else { return nil }
    return (lines[0], lines[1])
  }

  func save(server: String, parent: String) throws(CLIProblem) {
    try SmallFile.replace(settingsPath, with: Array("\(server)\n\(parent)\n".utf8), mode: 0o600)
  }
}
