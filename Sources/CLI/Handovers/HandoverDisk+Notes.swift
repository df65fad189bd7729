internal import Domain
internal import Glibc
internal import Terminal

extension HandoverDisk {
  private func notePath(_ name: String) -> String {
    "\(root)/\(Self.hidden)/handovers/\(Self.fileName(of: name)).base"
  }

  /// A handover's name as that of a file. Parts of names have no dots, so that no two names meet.
  static func fileName(of name: String) -> String { name.split(separator: "/").joined(separator: ".") }

  /// What is noted of the files, by the handover's name. A note that cannot be read counts as none: both sides are then
  /// brought together without one, which at worst shows a person more than they had to see.
  func notes() throws(CLIProblem) -> [String: NotedFile] {
    let folder = "\(root)/\(Self.hidden)/handovers"
    var notes: [String: NotedFile] = [:]
    for (file, isFolder) in try Self.entries(of: folder) where !isFolder && file.hasSuffix(".base") {
      guard let noted = try noted("\(folder)/\(file)") else { continue }
      notes[noted.name] = noted
    }
    return notes
  }

  private func noted(_ path: String) throws(CLIProblem) -> NotedFile? {
    // Several texts of up to the longest file each.
    guard let bytes = try? SmallFile.read(path, upTo: Self.longestNote) else { return nil }
    return String(validating: bytes, as: UTF8.self).flatMap { NotedFile($0) }
  }

  /// Bytes of a note, at most: a base, what the file gets and the version behind it, each as long as a file may be, and a
  /// few lines.
  private static let longestNote = 3 * SmallFile.longest + 4096

  func save(_ noted: NotedFile) throws {
    guard !isRehearsal else { return }
    try beforeStep(.saveNote)
    try SmallFile.replace(
      notePath(noted.name), with: Array(noted.text.utf8), mode: 0o600, isDurable: noted.note.begun != nil)
  }

  private func forget(_ name: String) throws {
    guard !isRehearsal else { return }
    try beforeStep(.forgetNote)
    unlink(notePath(name))
  }

  /// Notes what is to be known of a file, and lets go of what lies beside it from the step that was noted before.
  ///
  /// - Returns: what was set aside, from the folder: somebody typed it just when a sync was cut off.
  func keep(_ note: FileNote, of name: String, at path: String) throws -> String? {
    guard !isRehearsal else { return nil }
    // Before a step begins nothing may look as if it had been taken.
    if note.begun != nil { unlink(beside(name, .written)) }
    let before = exists(hiddenName(name, .writing)) ? try noted(notePath(name)) : nil
    if note.isEmpty {
      try forget(name)
    } else {
      try save(NotedFile(name: name, path: path, note: note))
    }
    guard note.begun == nil else { return nil }
    unlink(beside(name, .written))
    return letGo(of: beside(name, .writing), knowing: before?.texts ?? [])
  }
}
