internal import Domain

/// What a folder keeps of a file between two syncs: beside the files, one note each, so that a sync that is cut off has
/// lost nothing but what it was doing.
///
/// As text it is the handover's name, the base's revision, the path, each on a line, and the base's text. The revision has
/// a `+` behind it where the base is behind of it, and is `-` without a base. Where a step has begun, it stands after the
/// revision, with the number of bytes of the texts that follow: `12 push ID BYTES` (the base, then what is sent),
/// `12 write REVISION BYTES BYTES` or `12 make …` (the base, what the file gets, then the version, where that is another
/// text).
struct NotedFile: Sendable, Hashable {
  /// The handover's resource name.
  var name: String
  /// The file, from the folder.
  var path: String
  /// What is noted of it.
  var note: FileNote

  private static let nothing = "-"
  private static let behind = "+"
  private static let push = "push"
  private static let write = "write"
  private static let make = "make"

  /// The texts that it holds: a file beside the others that says one of them holds nothing of anybody's.
  var texts: [String] {
    let base = note.base.map { [$0.text] } ?? []
    switch note.begun {
    case nil: return base
    case .push(let text, _): return base + [text]
    case .write(let text, let version, _): return base + [text, version.text]
    }
  }

  // MARK: As text

  /// What is kept.
  var text: String {
    let base = note.base?.text ?? ""
    let (step, texts) = begun(base.utf8.count)
    let revision = note.base.map { "\($0.revision)" + ($0.isBehind ? Self.behind : "") } ?? Self.nothing
    return "\(name)\n\(revision)\(step)\n\(path)\n\(base)\(texts)"
  }

  private func begun(_ bytes: Int) -> (step: String, texts: String) {
    switch note.begun {
    case nil: return ("", "")
    case .push(let text, let id): return (" \(Self.push) \(id) \(bytes)", text)
    case .write(let text, let version, let isNew):
      let word = isNew ? Self.make : Self.write
      return (
        " \(word) \(version.revision) \(bytes) \(text.utf8.count)",
        text + (version.text == text ? "" : version.text)
      )
    }
  }

  init(name: String, path: String, note: FileNote) {
    self.name = name
    self.path = path
    self.note = note
  }

  /// A note from its text; nil where it is none.
  init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: "\n"), maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, !parts[0].isEmpty else { return nil }
    let words = String(Substring(parts[1])).split(separator: " ").map(String.init)
    guard let first = words.first, let note = Self.note(first, words.dropFirst(), Substring(parts[3])) else {
      return nil
    }
    self.init(name: String(Substring(parts[0])), path: String(Substring(parts[2])), note: note)
  }

  private static func note(_ revision: String, _ words: ArraySlice<String>, _ rest: Substring) -> FileNote? {
    let step = Array(words)
    var rest = rest
    var text: Substring? = rest
    if !step.isEmpty { text = step.count > 2 ? Int(step[2]).flatMap { take($0, of: &rest) } : nil }
    guard let text else { return nil }
    var note = FileNote()
    if revision != nothing {
      let isBehind = revision.hasSuffix(behind)
      guard let number = Int64(isBehind ? revision.dropLast() : revision[...]), !text.isEmpty else {
        return nil
      }
      note.base = NotedVersion(text: String(text), revision: number, isBehind: isBehind)
    }
    if step.isEmpty { return note.isEmpty ? nil : note }
    note.begun = begun(step, rest)
    return note.begun == nil ? nil : note
  }

  private static func begun(_ step: [String], _ rest: Substring) -> BegunStep? {
    if step[0] == push, step.count == 3 { return .push(text: String(rest), requestID: step[1]) }
    var rest = rest
    guard step[0] == write || step[0] == make, step.count == 4, let revision = Int64(step[1]),
      let text = Int(step[3]).flatMap({ take($0, of: &rest) })
    else { return nil }
    let version = NotedVersion(text: String(rest.isEmpty ? text : rest), revision: revision)
    return .write(text: String(text), version: version, isNew: step[0] == make)
  }

  /// So many bytes off the beginning; nil where there are fewer.
  private static func take(_ bytes: Int, of rest: inout Substring) -> Substring? {
    guard bytes >= 0, let end = rest.utf8.index(rest.startIndex, offsetBy: bytes, limitedBy: rest.endIndex)
    else {
      return nil
    }
    defer { rest = rest[end...] }
    return rest[..<end]
  }
}
