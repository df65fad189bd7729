internal import PunosMessages

extension HandoverFolderSync {
  /// What a file can be read as.
  enum Readable {
    case success(HandoverReading)
    case failure(FileOutcome)
  }

  static func reading(of file: SyncedFile) -> Readable {
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
    let base = file.note.base.flatMap { try? HandoverReader.read($0.text) }
    guard reading.lineOfShownChange(since: base) != nil else { return nil }
    // Most files show what the last sync left. One that came from another folder, or whose note is gone, may show what
    // the server has now.
    let now = try await server.current(file.name).flatMap {
      try? HandoverReader.read(HandoverPrinter.text($0))
    }
    return reading.lineOfShownChange(since: base, server: now).map { .unreadable(.shownChange($0)) }
  }

  func push(
    _ file: SyncedFile, _ apply: (FolderEffect) throws -> Void
  ) async throws -> (FileOutcome, notes: [String]) {
    if let problem = try await problem(in: file) {
      if case .unresolved(let marks) = problem {
        try await mendBase(of: file, marks.unresolvedRevision ?? 0, apply)
      }
      return (problem, [])
    }
    var file = file
    let typed = file.text
    try number(&file, apply)
    let answer = try await send(file, apply)
    guard let handover = answer.handover else {
      try apply(.note(FileNote(base: file.note.base)))
      return (.unchanged, answer.notes)
    }
    let isConflict = answer.outcome == .conflict
    if !isConflict {
      file.note.base = NotedVersion(text: file.text ?? "", revision: handover.revision, isBehind: true)
    }
    let shown = HandoverPrinter.text(handover, conflicts: answer.conflicts)
    // With conflicts the base is the server's version without what was brought into it, or what a person keeps would
    // look as if the server had deleted it.
    let version = isConflict ? answer.current ?? handover : handover
    try write(
      shown, of: NotedVersion(text: HandoverPrinter.text(version), revision: version.revision), into: file,
      apply)
    switch answer.outcome {
    case .conflict: return (.conflict(answer.conflicts.count), answer.notes)
    case .merged: return (.pushed, answer.notes)
    default: return (shown == typed ? .unchanged : .pulled, answer.notes)
    }
  }

  /// New items get their ids in the file first.
  private func number(_ file: inout SyncedFile, _ apply: (FolderEffect) throws -> Void) throws {
    guard let text = file.text, var reading = try? HandoverReader.read(text),
      NewItems.number(&reading.handover, makeID)
    else { return }
    let numbered = NewItems.numbered(text, reading)
    try apply(.writeFile(numbered, replacing: text))
    file.text = numbered
  }

  /// Sends the file to the server, noting before that it is sent.
  private func send(
    _ file: SyncedFile, _ apply: (FolderEffect) throws -> Void
  ) async throws -> SyncHandoverResponse {
    let (text, id) = (file.text ?? "", makeID())
    try apply(.note(FileNote(base: file.note.base, begun: .push(text: text, requestID: id))))
    do {
      return try await server.push(Self.request(text, id, file))
    } catch let refusal as HandoverRefused {
      try apply(.note(FileNote(base: file.note.base)))
      throw refusal
    }
  }

  /// The request that sends a text. The same text on the same base under the same id is the same request.
  static func request(_ text: String, _ id: String, _ file: SyncedFile) throws -> SyncHandoverRequest {
    var request = SyncHandoverRequest()
    var copy = try HandoverReader.read(text).handover
    copy.name = file.name
    request.handover = copy
    request.requestId = id
    if let base = file.note.base, let reading = try? HandoverReader.read(base.text) {
      // The base goes along itself: the server may have let go of old revisions. Its revision tells whether data of a
      // person was erased since.
      var handover = reading.asBase
      handover.revision = base.revision
      request.base = .baseHandover(handover)
    }
    return request
  }

  /// A file that shows both sides of a later version than is noted (it came from another folder) is noted as made from
  /// that; or what the person decides would be compared with the wrong version.
  private func mendBase(
    of file: SyncedFile, _ revision: Int64, _ apply: (FolderEffect) throws -> Void
  ) async throws {
    guard revision > file.note.base?.revision ?? 0,
      let version = try await server.version(file.name, at: revision)
    else {
      return
    }
    try apply(
      .note(FileNote(base: NotedVersion(text: HandoverPrinter.text(version), revision: version.revision))))
  }
}
