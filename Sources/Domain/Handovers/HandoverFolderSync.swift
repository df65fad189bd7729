public import PunosMessages

/// The server as a sync of files sees it.
public protocol HandoverServer: Sendable {
  /// The record as it is now; nil where there is none, or a deleted one.
  func current(_ name: String) async throws -> Handover?
  /// The record as a revision left it; nil where that is not kept any more.
  func version(_ name: String, at revision: Int64) async throws -> Handover?
  /// The revisions that changed the record after one, newest first: as many as are worth looking through.
  func revisions(of name: String, after revision: Int64) async throws -> [Int64]
  /// Brings a copy and the record together.
  func push(_ request: SyncHandoverRequest) async throws -> SyncHandoverResponse
  /// Brings a deleted record back.
  func restore(_ name: String) async throws
  /// Deletes the record, unless it was changed since a revision.
  func delete(_ name: String, at revision: Int64) async throws
}

/// The server refused something and wrote nothing, as against a call of which nobody knows how it ended.
public struct HandoverRefused: Error {
  /// Why, in the server's words.
  public var reason: String
  /// The whole of it.
  public var cause: any Error

  /// A refusal.
  public init(_ reason: String, cause: any Error) {
    self.reason = reason
    self.cause = cause
  }
}

/// What became of a file.
public enum FileOutcome: Sendable, Hashable {
  /// Both sides were the same already.
  case unchanged
  /// The server's version was written into the file.
  case pulled
  /// The file's changes were written to the server.
  case pushed
  /// Both sides changed the same; both stand in the file, in so many places.
  case conflict(Int)
  /// The file still shows both sides; nothing is done before a person decides.
  case unresolved(UnreadableHandover)
  /// The file cannot be read; it was left as it is.
  case unreadable(UnreadableHandover)
  /// The file went with its record.
  case removed
  /// The record went with its file.
  case deleted
}

/// Somebody typed into a file between reading and writing it: it is left as it is, for the next sync.
public struct FileTypedInto: Error, Sendable, Hashable {
  /// Says so.
  public init() {}
}

/// Brings one file and its record together. The same code runs in `punos handover sync` and in the tests that try ten
/// thousand histories of edits, deletions and crashes.
public struct HandoverFolderSync<Server: HandoverServer>: Sendable {
  let server: Server
  let makeID: @Sendable () -> String

  /// - Parameter makeID: ids for items that have none, and for requests.
  public init(_ server: Server, makeID: @escaping @Sendable () -> String) {
    self.server = server
    self.makeID = makeID
  }

  /// Syncs a file.
  ///
  /// - Parameters:
  ///   - side: what the server has, as far as is known.
  ///   - apply: changes the folder, in order.
  /// - Returns: what became of it, and sentences about what was decided without asking.
  public func sync(
    _ file: SyncedFile, server side: ServerSide, apply: (FolderEffect) throws -> Void
  ) async throws -> (FileOutcome, notes: [String]) {
    var (file, side) = (file, side)
    try await settle(&file, &side, apply)
    switch FolderStep(file: file.side, base: file.note.base?.upToDateAt, server: side) {
    case .nothing: return (.unchanged, [])
    case .pull: return (try await pull(file, apply), [])
    case .push: return try await pushOrFind(file, apply)
    case .restoreAndPush:
      if case .failure(let problem) = Self.reading(of: file) { return (problem, []) }
      // Whether it shows what is on record can be told once the record is there.
      try await server.restore(file.name)
      let (outcome, notes) = try await push(file, apply)
      return (outcome, ["The handover was deleted while the file was edited; it was brought back."] + notes)
    case .removeFile:
      if let text = file.text { try apply(.removeFile(replacing: text)) }
      try apply(.note(FileNote()))
      return (.removed, [])
    case .deleteRecord: return try await deleteRecord(of: file, apply)
    case .forget:
      try apply(.note(FileNote()))
      return (.unchanged, [])
    }
  }

  func pull(_ file: SyncedFile, _ apply: (FolderEffect) throws -> Void) async throws -> FileOutcome {
    // Gone since it was listed: the next sync sees that.
    guard let handover = try await server.current(file.name) else { return .unchanged }
    let text = HandoverPrinter.text(handover)
    try write(text, of: NotedVersion(text: text, revision: handover.revision), into: file, apply)
    return .pulled
  }

  /// What the server keeps comes back as a file: nobody would ever be rid of a file that is missing.
  private func deleteRecord(
    of file: SyncedFile, _ apply: (FolderEffect) throws -> Void
  ) async throws -> (FileOutcome, notes: [String]) {
    do {
      if let base = file.note.base { try await server.delete(file.name, at: base.revision) }
    } catch let refusal as HandoverRefused {
      return (
        try await pull(file, apply), ["The handover stays, and its file was brought back. \(refusal.reason)"]
      )
    }
    try apply(.note(FileNote()))
    return (.deleted, [])
  }

  /// Writes a file, with a note before and one behind: wherever it is cut off, it is known what the file is made from.
  func write(
    _ text: String, of version: NotedVersion, into file: SyncedFile, _ apply: (FolderEffect) throws -> Void
  ) throws {
    if text != file.text {
      let begun = BegunStep.write(text: text, version: version, isNew: file.text == nil)
      try apply(.note(FileNote(base: file.note.base, begun: begun)))
      do {
        try apply(.writeFile(text, replacing: file.text))
      } catch let typed as FileTypedInto {
        try apply(.note(FileNote(base: file.note.base)))
        throw typed
      }
    }
    try apply(.note(FileNote(base: version)))
  }
}

extension UnreadableHandover {
  /// Something was edited that only the workflow changes.
  public static func shownChange(_ line: Int) -> UnreadableHandover {
    UnreadableHandover(
      line,
      en: "State, what the receiver decided, evidence and threads are not changed by editing the file: "
        + "take the change back and use punos handover query, answer, accept or return. "
        + "Text of your own belongs above the sections that begin with ###, and an item from another file comes without them.",
      fi: "Tilaa, vastaanottajan päätöksiä, perusteita ja keskusteluja ei muuteta muokkaamalla tiedostoa: "
        + "peru muutos ja käytä komentoja punos handover query, answer, accept tai return. "
        + "Oma teksti kuuluu ###-otsikoiden yläpuolelle, ja toisesta tiedostosta tuotu kohta tulee ilman niitä."
    )
  }
}
