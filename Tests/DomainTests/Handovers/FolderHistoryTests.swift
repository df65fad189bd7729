import Domain
import Foundation
import ProtobufBridge
import PunosMessages
import Testing

/// Random histories of people who edit the same handover in several folders and on the server, offline for a while,
/// with programs cut off anywhere: in the end all have the same text, and no line is lost that nobody deleted.
@Suite struct FolderHistories {
  /// Ten thousand where the code is optimised, and in `make test`; a tenth in a bare `swift test`, which is asked for
  /// often. PUNOS_HISTORIES asks for another number, PUNOS_SEED for the first seed.
  static let histories = number("PUNOS_HISTORIES") ?? (isOptimised ? 10_000 : 1_000)
  static let firstSeed = number("PUNOS_SEED") ?? 1

  private static var isOptimised: Bool {
    #if DEBUG
      false
    #else
      true
    #endif
  }

  private static func number(_ variable: String) -> UInt64? {
    ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
  }

  static let name = "accounts/a/handovers/h"

  struct History {
    var people: ModelPeople
    let server = ModelServer()
    var folders: [ModelFolder]
    var ids = 0

    init(seed: UInt64) {
      people = ModelPeople(seed: seed)
      folders = (0..<2 + Int(seed % 2)).map { _ in
        ModelFolder(file: SyncedFile(name: name, text: nil, baseText: nil, baseRevision: nil))
      }
      server.store(
        Handover.with {
          $0.name = name
          $0.title = "t"
          $0.toTeam = "delivery"
          $0.summary = people.word()
        })
    }

    var serverSide: ServerSide { server.live.map { .at($0.revision) } ?? .absent }

    /// - Parameter steps: effects before the program is cut off; nil: it runs to its end.
    mutating func sync(_ index: Int, crashingAfter steps: Int? = nil, typingBefore typed: Int? = nil)
      async throws -> FileOutcome?
    {
      var done = 0
      var folder = folders[index]
      var people = people
      let counter = Counter(ids)
      let before = folder.file
      defer {
        folders[index] = folder
        self.people = people
        ids = counter.value
      }
      do {
        return try await HandoverFolderSync(server) { counter.next() }.sync(before, server: serverSide) {
          effect in
          if let steps, done >= steps { throw Crash() }
          if let typed, done == typed, let text = folder.file.text { folder.file.text = people.edit(text) }
          try folder.apply(effect)
          done += 1
        }.0
      } catch is Crash { return nil } catch is FileTypedInto { return nil }
    }

    mutating func step() async throws {
      let index = Int.random(in: folders.indices, using: &people.random)
      switch Int.random(in: 0..<20, using: &people.random) {
      case 0...7:
        if let text = folders[index].file.text { folders[index].file.text = people.edit(text) }
      case 8...13: _ = try await sync(index)
      case 14: _ = try await sync(index, crashingAfter: Int.random(in: 0...2, using: &people.random))
      case 15: _ = try await sync(index, typingBefore: Int.random(in: 0...1, using: &people.random))
      case 16...18:
        guard let live = server.live else { return }
        // Through the API: the same kinds of edits.
        let edited = people.edit(HandoverPrinter.text(live))
        var reading = try HandoverReader.read(edited)
        let counter = Counter(ids)
        _ = NewItems.number(&reading.handover) { counter.next() }
        ids = counter.value
        server.store(reading.handover)
      default:
        guard people.chance(30) else { return }
        if let text = folders[index].file.text, people.chance(50) {
          people.delete(ModelPeople.words(in: text))
          folders[index].file.text = nil
        } else if let live = server.live {
          people.delete(ModelPeople.words(in: HandoverPrinter.text(live)))
          server.delete()
        }
      }
    }

    /// Everybody settles and syncs until nothing moves.
    mutating func rest() async throws -> Bool {
      for _ in 0..<20 {
        let before = (folders.map(\.file), server.revision)
        for index in folders.indices {
          if let text = folders[index].file.text {
            folders[index].file.text = people.settled(
              text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            ).joined(separator: "\n")
          }
          _ = try await sync(index)
        }
        if before.0 == folders.map(\.file), before.1 == server.revision { return true }
      }
      return false
    }
  }

  final class Counter: @unchecked Sendable {
    // One history runs on one task.
    var value: Int
    init(_ value: Int) { self.value = value }
    func next() -> String {
      value += 1
      return "i\(value)"
    }
  }

  static func run(_ seed: UInt64) async throws {
    var history = History(seed: seed)
    for _ in 0..<25 { try await history.step() }
    let isAtRest = try await history.rest()
    #expect(isAtRest, "seed \(seed): the folders do not come to rest")
    let text = history.server.live.map { HandoverPrinter.text($0) }
    for folder in history.folders {
      #expect(folder.file.text == text, "seed \(seed): a folder differs from the server")
    }
    let lost = history.people.written.subtracting(history.people.deleted)
      .subtracting(ModelPeople.words(in: text ?? ""))
    #expect(lost.isEmpty, "seed \(seed): \(lost.sorted()) were written, deleted by nobody, and are lost")
  }

  @Test func thousandsOfHistoriesOfEditsCrashesAndDeletionsConvergeWithoutLosingALine() async throws {
    for seed in Self.firstSeed..<(Self.firstSeed + Self.histories) { try await Self.run(seed) }
  }
}
