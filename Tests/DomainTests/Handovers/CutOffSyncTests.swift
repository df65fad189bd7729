import Domain
import HandoverModel
import ProtobufBridge
import PunosMessages
import Testing

/// What becomes of a file whose sync was cut off, whatever happened since.
@Suite struct CutOffSyncs {
  private static let name = "accounts/a/handovers/h"

  /// A server with one handover and a folder that was synced with it.
  private final class Story {
    let server = ModelServer()
    var file = SyncedFile(name: CutOffSyncs.name, text: nil)
    private var ids = 0

    init() async throws {
      server.store(
        Handover.with {
          $0.name = CutOffSyncs.name
          $0.title = "Lifts"
          $0.toTeam = "delivery"
          $0.state = .offered
          $0.items = [HandoverItem.with { ($0.id, $0.kind, $0.title) = ("i1", .risk, "Crane") }]
        })
      try await sync()
    }

    /// - Parameter cut: the effect before which the program ends.
    @discardableResult
    func sync(until cut: (FolderEffect) -> Bool = { _ in false }) async throws -> (
      FileOutcome, notes: [String]
    )? {
      ids += 100
      let counter = FolderHistories.Counter(ids)
      let side: ServerSide = server.live(CutOffSyncs.name).map { .at($0.revision) } ?? .absent
      do {
        return try await HandoverFolderSync(server) { counter.next() }.sync(file, server: side) { effect in
          if cut(effect) { throw Crash() }
          try file.apply(effect)
        }
      } catch is Crash { return nil }
    }

    func change(_ change: (inout Handover) -> Void) throws {
      var live = try #require(server.live(CutOffSyncs.name))
      change(&live)
      server.store(live)
    }

    func edit(_ old: String, _ new: String) { file.text = file.text?.replacing(old, with: new) }

    func removeItem() throws {
      let text = try #require(file.text)
      file.text = String(text[..<(try #require(text.firstRange(of: "\n## Risk"))).lowerBound])
    }

    var live: Handover? { server.live(CutOffSyncs.name) }
    var serverText: String? { live.map { HandoverPrinter.text($0) } }
  }

  /// After the file was written, and before it is noted what it is made from.
  private static func isLastNote(_ effect: FolderEffect) -> Bool {
    if case .note(let note) = effect { note.begun == nil } else { false }
  }

  /// After the server took the file's text, and before that is noted.
  private static func isNoteOfWriting(_ effect: FolderEffect) -> Bool {
    if case .note(let note) = effect, case .write = note.begun { true } else { false }
  }

  private static func isWriting(_ effect: FolderEffect) -> Bool {
    if case .writeFile = effect { true } else { false }
  }

  @Test func aHandoverThatMovesTwiceAfterTheFileWasWrittenIsBroughtInAgain() async throws {
    let story = try await Story()
    try story.change { $0.items[0].evidence = [Evidence.with { $0.text = "the site" }] }
    try story.change { $0.state = .returned }
    try await story.sync(until: Self.isLastNote)
    #expect(story.file.text == story.serverText)
    try story.change { $0.state = .offered }
    try story.change { $0.items = [] }
    #expect(try await story.sync()?.0 == .pulled)
    #expect(story.file.text == story.serverText)
  }

  @Test func whatWasTypedAfterTheFileWasWrittenIsComparedWithWhatWasWritten() async throws {
    let story = try await Story()
    try story.change { ($0.state, $0.summary) = (.returned, "one\ntwo") }
    try await story.sync(until: Self.isLastNote)
    story.edit("two", "two, typed")
    try story.change { ($0.state, $0.summary) = (.offered, "one, changed\ntwo") }
    #expect(try await story.sync()?.0 == .pushed)
    #expect(story.live?.summary == "one, changed\ntwo, typed")
    #expect(story.file.text == story.serverText)
  }

  @Test func whatWasTypedBeforeTheFileWasWrittenIsComparedWithWhatWasThere() async throws {
    let story = try await Story()
    try story.change { $0.summary = "theirs" }
    try await story.sync(until: Self.isWriting)
    story.edit("\n## Risk", "\ntyped\n\n## Risk")
    #expect(try await story.sync()?.0 == .pushed)
    #expect(story.live?.summary == "theirs\ntyped")
  }

  @Test func whatTheServerTookIsNotSentAgainAgainstWhatOthersMadeOfIt() async throws {
    let story = try await Story()
    story.edit("Risk: Crane", "Risk: Crane, large")
    try await story.sync(until: Self.isNoteOfWriting)
    #expect(story.live?.items[0].title == "Crane, large")
    try story.change { ($0.items[0].title, $0.items[0].status) = ("Crane, small", .accepted) }
    #expect(try await story.sync()?.0 == .pulled)
    #expect(story.file.text == story.serverText)
  }

  @Test func aHandoverThatWasDeletedAfterTheServerTookTheFileIsNotBroughtBack() async throws {
    let story = try await Story()
    story.edit("Risk: Crane", "Risk: Crane, large")
    try await story.sync(until: Self.isNoteOfWriting)
    story.server.delete(Self.name)
    #expect(try await story.sync()?.0 == .removed)
  }

  @Test func aFileOfAnOlderVersionFromAnotherFolderIsNobodysEdit() async throws {
    let story = try await Story()
    try story.change { ($0.state, $0.items[0].title) = (.returned, "Crane, large") }
    let brought = story.serverText
    try story.change {
      ($0.state, $0.items[0].title, $0.items[0].status) = (.offered, "Crane, small", .accepted)
    }
    story.file.text = brought
    #expect(try await story.sync()?.0 == .pulled)
    #expect(story.file.text == story.serverText)
    #expect(story.live?.items[0].title == "Crane, small")
  }

  @Test func aMissingFileOfAHandoverThatTheServerKeepsComesBack() async throws {
    let story = try await Story()
    try story.change { $0.state = .accepted }
    try await story.sync()
    story.file.text = nil
    let outcome = try #require(try await story.sync())
    #expect(outcome.0 == .pulled && outcome.notes.count == 1)
    #expect(story.file.text == story.serverText)
  }

  @Test func anItemDeletedInTheFileStaysWhereItWasAskedAboutMeanwhile() async throws {
    let story = try await Story()
    try story.removeItem()
    try story.change { $0.items[0].thread = [HandoverMessage.with { $0.text = "Which?" }] }
    let outcome = try #require(try await story.sync())
    #expect(outcome.0 == .pulled && outcome.notes.count == 1)
    #expect(story.file.text?.contains("Which?") == true)
  }

  @Test func anItemDeletedInTheFileThatShowedItsThreadIsRefused() async throws {
    let story = try await Story()
    try story.change { $0.items[0].thread = [HandoverMessage.with { $0.text = "Which?" }] }
    try await story.sync()
    try story.removeItem()
    await #expect(throws: HandoverRefused.self) { try await story.sync() }
    #expect(story.file.note.begun == nil)
  }
}
