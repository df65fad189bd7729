internal import PunosMessages

extension HandoverFolderSync {
  /// Pushes a file. One that cannot be pushed may be a version that the server once had, and that came from another
  /// folder (by git, say): nobody edited it then, and the server's version goes into it.
  func pushOrFind(
    _ file: SyncedFile, _ apply: (FolderEffect) throws -> Void
  ) async throws -> (FileOutcome, notes: [String]) {
    do {
      let result = try await push(file, apply)
      guard case .unreadable = result.0, let outcome = try await pullOver(file, apply) else { return result }
      return (outcome, [])
    } catch let refusal as HandoverRefused {
      guard let outcome = try await pullOver(file, apply) else { throw refusal }
      return (outcome, [])
    }
  }

  /// - Returns: nil where the file says something that no version said.
  private func pullOver(
    _ file: SyncedFile, _ apply: (FolderEffect) throws -> Void
  ) async throws -> FileOutcome? {
    guard let version = try await versionSaid(by: file) else { return nil }
    var file = file
    file.note = FileNote(base: version)
    try apply(.note(file.note))
    return try await pull(file, apply)
  }

  private func versionSaid(by file: SyncedFile) async throws -> NotedVersion? {
    for revision in try await server.revisions(of: file.name, after: file.note.base?.revision ?? 0) {
      guard let version = try await server.version(file.name, at: revision) else { continue }
      let text = HandoverPrinter.text(version)
      if text == file.text { return NotedVersion(text: text, revision: version.revision) }
    }
    return nil
  }
}
