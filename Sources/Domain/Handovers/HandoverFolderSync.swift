public import PunosMessages

/// The server as a sync of files sees it.
public protocol HandoverServer: Sendable {
  /// The record as it is now; nil where there is none, or a deleted one.
  func current(_ name: String) async throws -> Handover?
  /// The record as a revision left it; nil where that is not kept any more.
  func version(_ name: String, at revision: Int64) async throws -> Handover?
  /// Brings a copy and the record together.
  func push(_ request: SyncHandoverRequest) async throws -> SyncHandoverResponse
  /// Brings a deleted record back.
  func restore(_ name: String) async throws
  /// Deletes the record, unless it was changed since a revision.
  func delete(_ name: String, at revision: Int64) async throws
}

/// A file and what the last sync left of it.
public struct SyncedFile: Sendable, Hashable {
  /// The handover's resource name.
  public var name: String
  /// What the file holds now; nil where there is none.
  public var text: String?
  /// The server's version that the file was made from, as text.
  public var baseText: String?
  /// Its revision.
  public var baseRevision: Int64?

  /// A file and its base.
  public init(name: String, text: String?, baseText: String?, baseRevision: Int64?) {
    self.name = name
    self.text = text
    self.baseText = baseText
    self.baseRevision = baseRevision
  }

  /// What the file says, compared with the base.
  public var side: FileSide {
    guard let text else { return .missing }
    return text == baseText ? .untouched : .edited
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
  private let server: Server
  private let makeID: @Sendable () -> String

  /// - Parameter makeID: ids for items that have none.
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
    switch FolderStep(file: file.side, base: file.baseRevision, server: side) {
    case .nothing: return (.unchanged, [])
    case .pull: return (try await pull(file, apply), [])
    case .push: return try await push(file, apply)
    case .restoreAndPush:
      if case .failure(let problem) = Self.reading(of: file) { return (problem, []) }
      // Whether it shows what is on record can be told once the record is there.
      try await server.restore(file.name)
      let (outcome, notes) = try await push(file, apply)
      return (outcome, ["The handover was deleted while the file was edited; it was brought back."] + notes)
    case .removeFile:
      if let text = file.text { try apply(.removeFile(replacing: text)) }
      try apply(.removeBase)
      return (.removed, [])
    case .deleteRecord:
      if let revision = file.baseRevision { try await server.delete(file.name, at: revision) }
      try apply(.removeBase)
      return (.deleted, [])
    case .forget:
      try apply(.removeBase)
      return (.unchanged, [])
    }
  }

  private func pull(_ file: SyncedFile, _ apply: (FolderEffect) throws -> Void) async throws -> FileOutcome {
    // Gone since it was listed: the next sync sees that.
    guard let handover = try await server.current(file.name) else { return .unchanged }
    try write(handover, HandoverPrinter.text(handover), over: file.text, apply)
    return .pulled
  }

  private func write(
    _ base: Handover, _ text: String, over old: String?, _ apply: (FolderEffect) throws -> Void
  ) throws {
    if text != old { try apply(.writeFile(text, replacing: old)) }
    try apply(.saveBase(HandoverPrinter.text(base), revision: base.revision))
  }

  // MARK: Pushing

  /// What a file can be read as.
  private enum Readable {
    case success(HandoverReading)
    case failure(FileOutcome)
  }

  private static func reading(of file: SyncedFile) -> Readable {
    do throws(UnreadableHandover) {
      return .success(try HandoverReader.read(file.text ?? ""))
    } catch {
      return .failure(error.unresolvedRevision == nil ? .unreadable(error) : .unresolved(error))
    }
  }

  /// Why a file cannot be pushed; nil where it can.
  private func problem(in file: SyncedFile) async throws -> FileOutcome? {
    let reading: HandoverReading
    switch Self.reading(of: file) {
    case .success(let read): reading = read
    case .failure(let problem): return problem
    }
    let base = file.baseText.flatMap { try? HandoverReader.read($0) }
    guard reading.lineOfShownChange(since: base) != nil else { return nil }
    // Most files show what the last sync left. The server's own words are in one where a sync was cut off before it
    // noted them, and where the folder's bases are gone.
    let now = try await server.current(file.name).flatMap {
      try? HandoverReader.read(HandoverPrinter.text($0))
    }
    return reading.lineOfShownChange(since: base, server: now).map { .unreadable(.shownChange($0)) }
  }

  private func push(
    _ file: SyncedFile, _ apply: (FolderEffect) throws -> Void
  ) async throws -> (FileOutcome, notes: [String]) {
    if let problem = try await problem(in: file) {
      if case .unresolved(let marks) = problem {
        try await mendBase(of: file, marks.unresolvedRevision ?? 0, apply)
      }
      return (problem, [])
    }
    guard var text = file.text, var reading = try? HandoverReader.read(text) else { return (.unchanged, []) }
    if NewItems.number(&reading.handover, makeID) {
      let numbered = NewItems.numbered(text, reading)
      try apply(.writeFile(numbered, replacing: text))
      text = numbered
    }
    reading.handover.name = file.name
    let answer = try await answer(to: reading.handover, file)
    guard let handover = answer.handover else { return (.unchanged, answer.notes) }
    let shown = HandoverPrinter.text(handover, conflicts: answer.conflicts)
    try write(answer.conflicts.isEmpty ? handover : answer.current ?? handover, shown, over: text, apply)
    switch answer.outcome {
    case .conflict: return (.conflict(answer.conflicts.count), answer.notes)
    case .merged: return (.pushed, answer.notes)
    default: return (shown == file.text ? .unchanged : .pulled, answer.notes)
    }
  }

  private func answer(to handover: Handover, _ file: SyncedFile) async throws -> SyncHandoverResponse {
    var request = SyncHandoverRequest()
    request.handover = handover
    if let reading = file.baseText.flatMap({ try? HandoverReader.read($0) }) {
      // The base goes along itself: the server may have let go of old revisions. Its revision tells whether data of a
      // person was erased since, the number of pieces of evidence whether an item got more.
      var base = reading.handover
      base.revision = file.baseRevision ?? 0
      for (index, part) in reading.shownOfItems.enumerated() where base.items.indices.contains(index) {
        base.items[index].evidence = Array(repeating: Evidence(), count: part.evidenceCount)
      }
      request.base = .baseHandover(base)
    }
    return try await server.push(request)
  }

  /// A sync that was cut off after it wrote both sides into the file, and before it noted the server's as the base,
  /// notes it now; or what the person decides would be compared with the wrong version.
  private func mendBase(
    of file: SyncedFile, _ revision: Int64, _ apply: (FolderEffect) throws -> Void
  ) async throws {
    guard revision > file.baseRevision ?? 0, let version = try await server.version(file.name, at: revision)
    else {
      return
    }
    try apply(.saveBase(HandoverPrinter.text(version), revision: version.revision))
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
