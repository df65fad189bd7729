import Domain
import HandoverModel
import PunosMessages

/// A folder with files, in memory.
struct ModelFolder {
  var files: [String: SyncedFile] = [:]
  /// What each file was made from, as whoever sees everything knows it.
  var origins: [String: HandoverReading] = [:]

  /// The file of a handover, and what is noted of it.
  func file(_ name: String) -> SyncedFile { files[name] ?? SyncedFile(name: name, text: nil) }
}

extension SyncedFile {
  mutating func apply(_ effect: FolderEffect) throws {
    switch effect {
    case .writeFile(let new, let old):
      guard text == old else { throw FileTypedInto() }
      text = new
      if case .write = note.begun { isWritten = true }
    case .note(let new):
      note = new
      isWritten = false
    case .removeFile(let old):
      guard text == old else { throw FileTypedInto() }
      text = nil
    }
  }
}

/// What a file was made from, told by what happened and not by what is noted: what differs from it, somebody typed.
enum FileOrigin {
  /// After a text was sent: it is on record, whether the program heard of it or not.
  static func after(_ file: SyncedFile, _ server: ModelServer) -> HandoverReading? {
    guard case .push(let text, let id) = file.note.begun, server.hasTaken(id) else { return nil }
    return try? HandoverReader.read(text)
  }

  /// After a version was written into the file.
  static func after(writing file: SyncedFile) -> HandoverReading? {
    guard case .write(_, let version, _) = file.note.begun else { return nil }
    return try? HandoverReader.read(version.text)
  }

  /// Whether a file that cannot be read shows something that somebody typed.
  static func isTheirs(_ file: SyncedFile, _ origin: HandoverReading?) -> Bool {
    guard let reading = try? HandoverReader.read(file.text ?? "") else { return true }
    return reading.lineOfShownChange(since: origin) != nil
  }

  /// Whether somebody edited or took out what the server keeps.
  static func isTheirs(_ file: SyncedFile, _ origin: HandoverReading?, refusedBy live: Handover?) -> Bool {
    guard let text = file.text, let reading = try? HandoverReader.read(text), let live else { return false }
    let before = origin?.handover ?? Handover()
    if live.state == .accepted || live.state == .closed {
      return !HandoverContent.isSame(reading.handover, before)
    }
    return live.items.contains { item in
      let (old, new) = (
        before.items.first { $0.id == item.id }, reading.handover.items.first { $0.id == item.id }
      )
      guard let old else { return new != nil && item.status == .accepted }
      guard let new else { return !item.thread.isEmpty || item.status == .accepted }
      return item.status == .accepted && !HandoverContent.isSame(new, old)
    }
  }
}
