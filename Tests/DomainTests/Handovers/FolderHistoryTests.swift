import Domain
import Foundation
import HandoverModel
import ProtobufBridge
import PunosMessages
import Testing

/// Random histories of people who edit the same handovers in several folders and on the server, offline for a while,
/// who ask and answer in threads, type where they must not, begin and delete, with programs cut off anywhere: in the end
/// all have the same texts, and no word is lost that nobody deleted. Files on a disk, their names and what falls between
/// two steps of writing one: `FolderDiskHistories` of the client's tests.
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

  struct History {
    var people: ModelPeople
    let server = ModelServer()
    var folders: [ModelFolder]
    var ids = 0
    /// How often a file was refused that nobody had done anything wrong with.
    var wronglyRefused = 0
    /// How often somebody had to take something back: typed where it must not be, or into what was accepted meanwhile.
    var rightlyRefused = 0

    init(seed: UInt64) {
      people = ModelPeople(seed: seed)
      folders = (0..<2 + Int(seed % 2)).map { _ in ModelFolder() }
      for number in 0..<1 + Int(seed / 2 % 2) {
        server.store(
          Handover.with {
            $0.name = "accounts/a/handovers/h\(number)"
            $0.title = people.word()
            $0.toTeam = "delivery"
            $0.summary = people.word()
          })
      }
    }

    private mutating func nextID() -> String {
      ids += 1
      return "i\(ids)"
    }

    // MARK: Syncing

    /// Syncs one handover of a folder.
    ///
    /// - Parameter steps: effects before the program is cut off; nil: it runs to its end.
    mutating func sync(
      _ name: String, in index: Int, crashingAfter steps: Int? = nil, typingBefore typed: Int? = nil
    ) async throws {
      var done = 0
      var file = folders[index].file(name)
      let before = file
      var origin = folders[index].origins[name]
      var people = people
      let counter = Counter(ids)
      var outcome: FileOutcome?
      do {
        let side: ServerSide = server.live(name).map { .at($0.revision) } ?? .absent
        outcome = try await HandoverFolderSync(server) { counter.next() }.sync(before, server: side) {
          effect in
          if let steps, done >= steps { throw Crash() }
          if let typed, done == typed, let text = file.text { file.text = people.edit(text) }
          origin = FileOrigin.after(file, server) ?? origin
          try file.apply(effect)
          if case .writeFile = effect { origin = FileOrigin.after(writing: file) ?? origin }
          done += 1
        }.0
      } catch is Crash {
      } catch is FileTypedInto {
      } catch is HandoverRefused {
        note(FileOrigin.isTheirs(before, origin, refusedBy: server.live(name)))
        // Whoever took out what others speak of, or edited what was accepted, takes all of it back.
        people.delete(
          ModelPeople.words(in: file.text ?? "").subtracting(
            ModelPeople.words(in: file.note.base?.text ?? "")))
        file.text = file.note.base?.text
      }
      self.people = people
      ids = counter.value
      origin = FileOrigin.after(file, server) ?? origin
      if case .unreadable = outcome {
        let isLeft = file.text == before.text
        #expect(isLeft || typed != nil, "a file that is refused is left as it is")
        // What was typed meanwhile, the next sync looks at first.
        if isLeft { mend(&file, origin) }
      }
      folders[index].origins[name] = origin
      folders[index].files[name] = file
    }

    private mutating func note(_ isTheirs: Bool) {
      if isTheirs { rightlyRefused += 1 } else { wronglyRefused += 1 }
    }

    /// Somebody is told that their file is left as it is, and takes their words to where they belong. Were there none,
    /// the file was refused for something that they have not done: they take it back to what it was made from.
    private mutating func mend(_ file: inout SyncedFile, _ origin: HandoverReading?) {
      guard let text = file.text else { return }
      let mended = people.mended(text)
      note(mended != text && FileOrigin.isTheirs(file, origin))
      guard mended == text else {
        file.text = mended
        return
      }
      guard let base = file.note.base?.text else {
        file.text = people.begunAnew(text)
        return
      }
      people.delete(ModelPeople.words(in: text).subtracting(ModelPeople.words(in: base)))
      file.text = base
    }

    // MARK: What happens

    mutating func step() async throws {
      let index = Int.random(in: folders.indices, using: &people.random)
      let names = Set(server.names).union(folders[index].files.keys).sorted()
      guard let name = names.randomElement(using: &people.random) else { return }
      switch Int.random(in: 0..<22, using: &people.random) {
      case 0...7:
        if let text = folders[index].file(name).text { folders[index].files[name]?.text = people.edit(text) }
      case 8...12: try await sync(name, in: index)
      case 13, 14:
        try await sync(name, in: index, crashingAfter: Int.random(in: 0...4, using: &people.random))
      case 15: try await sync(name, in: index, typingBefore: Int.random(in: 0...3, using: &people.random))
      case 16, 17: try editOnServer(name)
      case 18, 19: move(name)
      case 20: if people.chance(20) { begin(in: index) } else { try await bringFile(name, into: index) }
      default: if people.chance(40) { delete(name, index) }
      }
    }

    /// Through the API: the same kinds of edits.
    private mutating func editOnServer(_ name: String) throws {
      guard let live = server.live(name) else { return }
      let text = HandoverPrinter.text(live)
      let edited = people.edit(text)
      do {
        var reading = try HandoverReader.read(edited)
        guard reading.lineOfShownChange(since: try HandoverReader.read(text)) == nil else {
          return people.delete(ModelPeople.words(in: edited).subtracting(ModelPeople.words(in: text)))
        }
        let counter = Counter(ids)
        _ = NewItems.number(&reading.handover) { counter.next() }
        ids = counter.value
        try server.write(reading.handover)
      } catch is UnreadableHandover {
        people.delete(ModelPeople.words(in: edited).subtracting(ModelPeople.words(in: text)))
      } catch is HandoverRefused {
        people.delete(ModelPeople.words(in: edited).subtracting(ModelPeople.words(in: text)))
      }
    }

    /// What only the workflow writes: questions and answers, evidence, decisions, the handover's way.
    private mutating func move(_ name: String) {
      let said = people.sentence()
      _ = server.move(name, saying: said, &people.random)
      let text = server.live(name).map { HandoverPrinter.text($0) } ?? ""
      people.delete(ModelPeople.words(in: said).subtracting(ModelPeople.words(in: text)))
    }

    /// A file that was synced last in another folder comes into this one, as git brings it; then the folder is synced.
    private mutating func bringFile(_ name: String, into index: Int) async throws {
      let other = folders[(index + 1) % folders.count]
      let (mine, theirs) = (folders[index].file(name), other.file(name))
      guard mine.note.begun == nil, mine.side != .edited, theirs.note.begun == nil, theirs.side == .untouched,
        let base = theirs.note.base, base.revision > mine.note.base?.revision ?? 0
      else { return }
      folders[index].files[name] = SyncedFile(name: name, text: theirs.text, note: mine.note)
      folders[index].origins[name] = other.origins[name]
      try await sync(name, in: index)
    }

    /// A new handover begins with a file.
    private mutating func begin(in index: Int) {
      let name = "accounts/a/handovers/\(nextID())"
      let text =
        "---\nname: \(name)\ntitle: \(people.word())\nto_team: delivery\n---\n\n\(people.word())\n\n## Need: \(people.word())\n"
      folders[index].files[name] = SyncedFile(name: name, text: text)
    }

    private mutating func delete(_ name: String, _ index: Int) {
      if let text = folders[index].file(name).text, people.chance(50) {
        people.delete(ModelPeople.words(in: text))
        folders[index].files[name]?.text = nil
      } else if let live = server.live(name) {
        people.delete(ModelPeople.words(in: HandoverPrinter.text(live)))
        server.delete(name)
      }
    }

    // MARK: Rest

    /// Everybody settles and syncs until nothing moves.
    mutating func rest() async throws -> Bool {
      for _ in 0..<20 {
        let before = (folders.map(\.files), server.revision)
        for index in folders.indices {
          for name in Set(server.names).union(folders[index].files.keys).sorted() {
            if let text = folders[index].file(name).text, text.contains("<<<<<<< ") {
              folders[index].files[name]?.text = people.mended(text)
            }
            try await sync(name, in: index)
          }
        }
        if before.0 == folders.map(\.files), before.1 == server.revision { return true }
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

  /// - Returns: how often a file was refused, rightly and wrongly.
  static func run(_ seed: UInt64) async throws -> (rightly: Int, wrongly: Int) {
    var history = History(seed: seed)
    for _ in 0..<25 { try await history.step() }
    let isAtRest = try await history.rest()
    #expect(isAtRest, "seed \(seed): the folders do not come to rest")
    var texts = ""
    for name in Set(history.server.names).union(history.folders.flatMap(\.files.keys)).sorted() {
      let text = history.server.live(name).map { HandoverPrinter.text($0) }
      for folder in history.folders {
        #expect(folder.file(name).text == text, "seed \(seed): a folder differs from the server")
      }
      texts += text ?? ""
    }
    let lost = history.people.lost(in: texts)
    #expect(lost.isEmpty, "seed \(seed): \(lost) were written, deleted by nobody, and are lost")
    #expect(
      history.wronglyRefused == 0, "seed \(seed): a file was refused that nobody did anything wrong with")
    return (history.rightlyRefused, history.wronglyRefused)
  }

  @Test func thousandsOfHistoriesOfEditsCrashesAndDeletionsConvergeWithoutLosingALine() async throws {
    print("PUNOS_SEED=\(Self.firstSeed) PUNOS_HISTORIES=\(Self.histories)")
    var refused = (rightly: 0, wrongly: 0)
    for seed in Self.firstSeed..<(Self.firstSeed + Self.histories) {
      let history = try await Self.run(seed)
      refused.rightly += history.rightly
      refused.wrongly += history.wrongly
    }
    print("refused: \(refused.rightly) times rightly, \(refused.wrongly) times wrongly")
  }
}

/// The program was cut off.
struct Crash: Error {}
