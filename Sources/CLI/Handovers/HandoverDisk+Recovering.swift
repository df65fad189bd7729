internal import Domain
internal import FieldFormats
internal import Glibc

/// What syncs that were cut off left beside the files.
extension HandoverDisk {
  /// Whether a file got the text that a sync had begun to write: the old text lies in the place of the new one then.
  ///
  /// - Parameter isThere: whether there is a file now.
  func isWritten(_ noted: NotedFile, isThere: Bool) -> Bool {
    guard case .write(let text, _, let isNew) = noted.note.begun else { return false }
    if isNew { return isThere }
    if exists(hiddenName(noted.name, .written)) { return true }
    let temporary = beside(noted.name, .writing)
    // Where two files cannot change places in one step, the old one has this name in between.
    guard exists(hiddenName(noted.name, .writing)) else {
      return exists(hiddenName(noted.name, .writing) + Self.old)
    }
    return (try? Self.holds(temporary, text)) == false
  }

  /// Sets aside what nobody will ask for any more. What was in a file's place may be all there is of something that
  /// somebody typed at that moment.
  ///
  /// - Returns: what was set aside, from the folder.
  func recover(_ notes: [String: NotedFile]) -> [String] {
    guard !isRehearsal, let entries = try? Self.entries(of: "\(root)/\(Self.hidden)") else { return [] }
    let atWork = Set(
      notes.values.filter { if case .write = $0.note.begun { true } else { false } }.map {
        Self.fileName(of: $0.name)
      })
    let known = Set(notes.values.flatMap(\.texts))
    var kept: [String] = []
    for (file, isFolder) in entries where !isFolder {
      guard let what = [Beside.writing, .written].first(where: { file.hasPrefix($0.rawValue + ".") }) else {
        continue
      }
      let name = file.dropFirst(what.rawValue.count + 1)
      if atWork.contains(String(name.hasSuffix(Self.old) ? name.dropLast(Self.old.count) : name)) { continue }
      let path = "\(root)/\(Self.hidden)/\(file)"
      if what == .written {
        unlink(path)
      } else if let place = letGo(of: path, knowing: known) {
        kept.append(place)
      }
    }
    return kept
  }

  /// Lets go of a file beside the others, unless it holds something that is nowhere else.
  ///
  /// - Returns: where it was set aside, from the folder.
  func letGo(of path: String, knowing texts: some Collection<String>) -> String? {
    var kept: String?
    for path in [path, path + Self.old] {
      guard let bytes = try? SmallFile.read(path) else { continue }
      if texts.contains(where: { bytes.elementsEqual($0.utf8) }) {
        unlink(path)
        continue
      }
      let place = "cut-off-\(ResourceID.make()).md"
      if setAside(path, as: place) { kept = "\(Self.hidden)/removed/\(place)" }
    }
    return kept
  }
}
