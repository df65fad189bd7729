internal import CFiles
internal import Domain
internal import Glibc
internal import PunosMessages
internal import Terminal

/// What a disk is about to do, where a program may be cut off.
enum DiskStep: CaseIterable, Sendable {
  /// Write the new text beside its place.
  case write
  /// Look whether its place still holds what was read.
  case check
  /// Let the two texts change places.
  case exchange
  /// Look whether that is the text that was read.
  case verify
  /// Tell by its name that it was.
  case tidy
  /// Take a file away.
  case remove
  /// Note what the next sync is to know.
  case saveNote
  /// Let go of that.
  case forgetNote
}

extension HandoverDisk {
  /// Makes a change of one handover's file or note.
  ///
  /// - Parameter path: where the file is; where it came to be, afterwards.
  /// - Returns: what was set aside, from the folder.
  func apply(_ effect: FolderEffect, to name: String, at path: inout String?) throws -> String? {
    switch effect {
    case .writeFile(let text, let old):
      let place = old == nil ? newPath(name, text, path) : path ?? newPath(name, text, path)
      path = place
      try write(place, text, replacing: old, for: name)
    case .note(let note):
      if path == nil, case .write(let text, _, _) = note.begun { path = newPath(name, text, nil) }
      return try keep(note, of: name, at: path ?? "")
    case .removeFile(let old):
      guard let path else { return nil }
      try remove(path, replacing: old)
    }
    return nil
  }

  /// Where a new file goes: a folder an account, a name that people recognise.
  private func newPath(_ name: String, _ text: String, _ before: String?) -> String {
    if let before, !exists(before) { return before }
    let parts = name.split(separator: "/")
    let account = parts.count > 1 ? String(parts[1]) : "handovers"
    let id = parts.last.map(String.init) ?? ""
    let title = (try? HandoverReader.read(text))?.handover.title ?? ""
    let first = "\(account)/\(FrontName.slug(title))-\(id.suffix(6)).md"
    return exists(first) ? "\(account)/\(FrontName.slug(title))-\(id).md" : first
  }

  // MARK: Files

  /// What lies beside a handover's file while it is written.
  enum Beside: String {
    /// The new text; once the texts have changed places, the old one.
    case writing
    /// The old text, after it was seen that it is what was read.
    case written
  }

  /// What else lies there for a moment where a file system cannot let two files change places.
  static let old = ".old"

  func hiddenName(_ name: String, _ what: Beside) -> String {
    "\(Self.hidden)/\(what.rawValue).\(Self.fileName(of: name))"
  }

  func beside(_ name: String, _ what: Beside) -> String { "\(root)/\(hiddenName(name, what))" }

  /// Writes a file in one step, unless somebody typed into it since it was read: the new text and the old file change
  /// places, and where the old one turns out to be another than was read they change back.
  ///
  /// - Parameters:
  ///   - old: what the file held when it was read; nil: there was none.
  ///   - name: the handover's.
  func write(_ path: String, _ text: String, replacing old: String?, for name: String) throws {
    guard !isRehearsal else { return }
    let temporary = beside(name, .writing)
    try makeFolder(of: path)
    try beforeStep(.write)
    try SmallFile.replace(temporary, with: Array(text.utf8), mode: 0o644)
    // What an error or a crash leaves beside the target, the next sync takes care of.
    let isPlaced = try place(temporary, at: "\(root)/\(path)", replacing: old)
    try beforeStep(.tidy)
    if isPlaced {
      Glibc.rename(temporary, beside(name, .written))
    } else {
      // Whatever else is there, somebody typed while the two changed places.
      if try Self.holds(temporary, text) { unlink(temporary) }
      throw FileTypedInto()
    }
  }

  /// - Returns: whether the target held what was read, and holds the new text now.
  private func place(_ temporary: String, at target: String, replacing old: String?) throws -> Bool {
    try beforeStep(.check)
    // Fails where somebody made a file of that name meanwhile.
    guard let old else { return Self.rename(temporary, target, Self.mustBeNew) }
    guard try Self.holds(target, old) else { return false }
    try beforeStep(.exchange)
    guard Self.rename(temporary, target, Self.exchange) else { return false }
    try beforeStep(.verify)
    if try Self.holds(temporary, old) { return true }
    guard Self.rename(temporary, target, Self.exchange) else {
      throw CLIProblem(
        .failure,
        Term(
          en: "Somebody typed into the file while it was written; the next sync sets what they typed aside.",
          fi:
            "Tiedostoa muokattiin kirjoituksen aikana; seuraava synkronointi panee muokatun sisällön talteen."
        ),
        at: temporary)
    }
    return false
  }

  private static let mustBeNew = punos_rename_no_replace
  private static let exchange = punos_rename_exchange

  private static func rename(_ from: String, _ to: String, _ flag: UInt32) -> Bool {
    if punos_rename(from, to, flag) == 0 { return true }
    // Some file systems know no flags; what was checked a moment ago is then all there is.
    guard errno == EINVAL || errno == ENOSYS else { return false }
    if flag == mustBeNew { return link(from, to) == 0 }
    let copy = from + old
    guard link(to, copy) == 0, Glibc.rename(from, to) == 0 else { return false }
    return Glibc.rename(copy, from) == 0
  }

  /// Whether a file holds exactly this text: equal bytes, since texts that differ only in how letters are composed are
  /// equal as strings.
  static func holds(_ path: String, _ text: String) throws(CLIProblem) -> Bool {
    guard let bytes = try SmallFile.read(path) else { return false }
    return bytes.elementsEqual(text.utf8)
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
    guard !isRehearsal else { return }
    try beforeStep(.remove)
    guard try Self.holds("\(root)/\(path)", old) else { throw FileTypedInto() }
    let name = path.split(separator: "/").joined(separator: ".")
    guard setAside("\(root)/\(path)", as: name) || errno == ENOENT else {
      throw SmallFile.failure(
        .failure, path, Term(en: "The file cannot be removed", fi: "Tiedostoa ei voi poistaa"))
    }
  }

  func setAside(_ path: String, as name: String) -> Bool {
    let aside = "\(root)/\(Self.hidden)/removed"
    mkdir(aside, 0o700)
    return Glibc.rename(path, "\(aside)/\(name)") == 0
  }
}
