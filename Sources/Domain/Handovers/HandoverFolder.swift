public import PunosMessages

/// What stands in a folder's file, compared with what the last sync left there.
public enum FileSide: Sendable, Hashable {
  /// There is no file.
  case missing
  /// As the last sync left it.
  case untouched
  /// Edited, or never synced.
  case edited
}

/// What the server has.
public enum ServerSide: Sendable, Hashable {
  /// Nothing, or a deleted record.
  case absent
  /// The record, last changed by this revision.
  case at(Int64)
}

/// What a sync does with one handover.
public enum FolderStep: Sendable, Hashable {
  /// Both sides are as the last sync left them.
  case nothing
  /// The server's version goes into the file.
  case pull
  /// The file goes to the server, which brings both together.
  case push
  /// The server's record was deleted while the file was edited: it is brought back, then pushed.
  case restoreAndPush
  /// The server's record was deleted: the file goes too.
  case removeFile
  /// The file was deleted: the record goes too.
  case deleteRecord
  /// Gone on both sides.
  case forget

  /// Decides. Whoever edited wins over whoever deleted: what was deleted can be deleted again, what is lost cannot be
  /// written again.
  ///
  /// - Parameter base: the revision of the last sync; nil where there was none.
  public init(file: FileSide, base: Int64?, server: ServerSide) {
    switch (file, base, server) {
    case (.missing, nil, .absent): self = .nothing
    case (.missing, nil, .at): self = .pull
    case (_, nil, _): self = .push
    case (.untouched, let base?, .at(let revision)): self = revision == base ? .nothing : .pull
    case (.untouched, _, .absent): self = .removeFile
    case (.edited, _, .at): self = .push
    case (.edited, _, .absent): self = .restoreAndPush
    case (.missing, let base?, .at(let revision)): self = revision == base ? .deleteRecord : .pull
    case (.missing, _, .absent): self = .forget
    }
  }
}

/// A change of a folder. A sync makes them one after the other, and may be cut off between any two: what it was about to
/// do is noted before, so that the next sync knows what a file was made from, whatever was typed into it since.
public enum FolderEffect: Sendable, Hashable {
  /// The file gets this text, unless somebody typed into it since it was read as `replacing` (nil: there was none).
  case writeFile(String, replacing: String?)
  /// What the next sync is to know of the file, in the place of all that was noted before.
  case note(FileNote)
  /// The file goes, unless somebody typed into it since it was read.
  case removeFile(replacing: String)
}

/// New items of a file get their ids before anything is sent: a sync that is cut off and run again then sends the same
/// items and not others like them.
public enum NewItems {
  /// - Returns: whether any item had none.
  public static func number(_ handover: inout Handover, _ makeID: () -> String) -> Bool {
    var numbered = false
    for index in handover.items.indices where handover.items[index].id.isEmpty {
      handover.items[index].id = makeID()
      numbered = true
    }
    return numbered
  }

  /// The file's text with ids put into the headings that have none; everything else stays as it was typed.
  ///
  /// - Parameter reading: of the text, its items numbered since.
  public static func numbered(_ text: String, _ reading: HandoverReading) -> String {
    var lines = TextLines.of(text)
    for (item, line) in zip(reading.handover.items, reading.itemLines) where lines.indices.contains(line - 1)
    {
      if !lines[line - 1].contains("{#\(item.id)") { lines[line - 1] = named(lines[line - 1], item.id) }
    }
    return TextLines.joined(lines)
  }

  private static func named(_ heading: String, _ id: String) -> String {
    var heading = heading
    let isDOS = heading.utf8.last == 13
    if isDOS { heading = String(Substring(heading.utf8.dropLast())) }
    return TextLines.trimmed(heading) + " {#\(id)}" + (isDOS ? "\r" : "")
  }
}
