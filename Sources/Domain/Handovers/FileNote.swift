/// A version of a handover that a file was made from.
public struct NotedVersion: Sendable, Hashable {
  /// The version as text.
  public var text: String
  /// The server's revision of it.
  public var revision: Int64
  /// Whether the text is what a file said that the server took over: what others changed up to that revision is still to
  /// come into the file.
  public var isBehind: Bool

  /// A version and its revision.
  public init(text: String, revision: Int64, isBehind: Bool = false) {
    self.text = text
    self.revision = revision
    self.isBehind = isBehind
  }

  /// The revision at which the server has nothing that the file has not.
  var upToDateAt: Int64 { isBehind ? 0 : revision }
}

/// What a sync has begun, and perhaps not ended. It is noted before it begins: a sync that finds one goes on from there.
public enum BegunStep: Sendable, Hashable {
  /// The file's text goes to the server under a request id. Sent again under the same id it has no second effect, and the
  /// answer tells that the text is on record: what others made of it since is then theirs, not the file's.
  case push(text: String, requestID: String)
  /// The file gets a text, and comes to be made from this version. Whether it got it, the folder can tell.
  ///
  /// - Parameter isNew: whether there was no file.
  case write(text: String, version: NotedVersion, isNew: Bool)
}

/// What a folder keeps of a file between two syncs.
public struct FileNote: Sendable, Hashable {
  /// The version that the file was made from; nil where it was never synced.
  public var base: NotedVersion?
  /// What a sync has begun.
  public var begun: BegunStep?

  /// A note; without anything in it there is nothing to keep.
  public init(base: NotedVersion? = nil, begun: BegunStep? = nil) {
    self.base = base
    self.begun = begun
  }

  /// Whether there is nothing to keep.
  public var isEmpty: Bool { base == nil && begun == nil }
}

/// A file and what the last sync left of it.
public struct SyncedFile: Sendable, Hashable {
  /// The handover's resource name.
  public var name: String
  /// What the file holds now; nil where there is none.
  public var text: String?
  /// What is noted of it.
  public var note: FileNote
  /// Where a sync has begun to write the file: whether the file got the text, or was it not yet written. What somebody
  /// typed since was typed into the one or the other.
  public var isWritten: Bool

  /// A file and its note.
  public init(name: String, text: String?, note: FileNote = FileNote(), isWritten: Bool = false) {
    self.name = name
    self.text = text
    self.note = note
    self.isWritten = isWritten
  }

  /// What the file says, compared with the version it was made from.
  public var side: FileSide {
    guard let text else { return .missing }
    return text == note.base?.text ? .untouched : .edited
  }
}
