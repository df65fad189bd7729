internal import PunosMessages

extension HandoverFolderSync {
  /// Finds out how far a sync came that was cut off, and notes what the file is made from.
  func settle(
    _ file: inout SyncedFile, _ side: inout ServerSide, _ apply: (FolderEffect) throws -> Void
  ) async throws {
    switch file.note.begun {
    case nil: return
    case .write(_, let version, _): if file.isWritten { file.note.base = version }
    case .push(let text, let id): try await askAgain(text, id, &file, &side)
    }
    file.note.begun = nil
    try apply(.note(file.note))
  }

  /// Sends again what was sent, perhaps: if the server has it, or takes it now, the file is made from what is on record.
  private func askAgain(
    _ text: String, _ id: String, _ file: inout SyncedFile, _ side: inout ServerSide
  ) async throws {
    // Whoever deleted the file meanwhile wants nothing of it sent.
    guard file.text != nil, let request = try? Self.request(text, id, file) else { return }
    let answer: SyncHandoverResponse
    do {
      answer = try await server.push(request)
    } catch is HandoverRefused {
      // Nothing of it is on record; what the file says now is sent anew.
      return
    }
    guard answer.outcome != .conflict, let handover = answer.handover else { return }
    file.note.base = NotedVersion(text: text, revision: handover.revision, isBehind: true)
    side = try await server.current(file.name).map { .at($0.revision) } ?? .absent
  }
}
