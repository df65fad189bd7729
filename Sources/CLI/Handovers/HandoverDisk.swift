internal import Domain
internal import Glibc
internal import Terminal

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
  /// Whether nothing is to be written.
  var isRehearsal = false
  /// Called before each step of writing; what it throws is where the program ends. Tests cut syncs off with it.
  var beforeStep: @Sendable (DiskStep) throws -> Void = { _ in }

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

  static func entries(of folder: String) throws(CLIProblem) -> [(name: String, isFolder: Bool)] {
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
  ///
  /// - Throws: ``CLIProblem`` where it cannot be read, or is no UTF-8: to mend it would be to change what was written.
  func text(_ path: String) throws(CLIProblem) -> String? {
    guard let bytes = try SmallFile.read("\(root)/\(path)") else { return nil }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Self.notUTF8(bytes, path) }
    return text
  }

  private static func notUTF8(_ bytes: [UInt8], _ path: String) -> CLIProblem {
    let line = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .firstIndex { String(validating: $0, as: UTF8.self) == nil }
    return CLIProblem(
      .badFile, Term(en: "The file is not written in UTF-8.", fi: "Tiedosto ei ole UTF-8-muodossa."),
      at: "\(path):\((line ?? 0) + 1)",
      remedy: Term(
        en: "Save it as UTF-8 (in most editors: Save with encoding).",
        fi: "Tallenna se UTF-8-muodossa (useimmissa ohjelmissa: tallenna koodauksella)."))
  }

  /// The handover's name in a file that cannot be read as a whole; nil where its beginning has none.
  func nameInBeginning(of path: String) -> String? {
    let descriptor = open("\(root)/\(path)", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var beginning = [UInt8](repeating: 0, count: Self.longestFrontMatter)
    let count = Glibc.read(descriptor, &beginning, beginning.count)
    guard count > 0 else { return nil }
    return FrontName.of(String(decoding: beginning.prefix(count), as: UTF8.self))
  }

  /// Bytes of a file in which its front matter is looked for: a hundred times what a handover's takes.
  private static let longestFrontMatter = 64 << 10

  /// Whether there is anything of a name.
  func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat("\(root)/\(path)", &status) == 0
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
    guard !isRehearsal else { return }
    try SmallFile.replace(settingsPath, with: Array("\(server)\n\(parent)\n".utf8), mode: 0o600)
  }
}
