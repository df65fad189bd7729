import Domain
import ProtobufBridge
import PunosMessages

/// A server with one handover, in memory.
final class ModelServer: HandoverServer, @unchecked Sendable {
  // One history runs on one task.
  private(set) var record: Handover?
  private(set) var isDeleted = false
  private var versions: [Int64: Handover] = [:]
  private(set) var revision: Int64 = 0

  var live: Handover? { isDeleted ? nil : record }

  func store(_ handover: Handover) {
    revision += 1
    var stored = handover
    HandoverContent.canonicalise(&stored)
    stored.revision = revision
    record = stored
    isDeleted = false
    versions[revision] = stored
  }

  func current(_ name: String) async throws -> Handover? { live }
  func version(_ name: String, at revision: Int64) async throws -> Handover? { versions[revision] }

  func push(_ request: SyncHandoverRequest) async throws -> SyncHandoverResponse {
    let copy = request.handover ?? Handover()
    guard let current = live else {
      store(copy)
      return SyncHandoverResponse.with {
        $0.outcome = .merged
        $0.handover = record
      }
    }
    var base: Handover?
    if case .baseHandover(let sent) = request.base { base = sent }
    let sync = HandoverSync(base: base, copy: copy, current: current)
    guard let write = sync.write else { return sync.answer }
    store(write)
    var answer = sync.answer
    answer.handover = record
    return answer
  }

  func restore(_ name: String) async throws {
    guard isDeleted, let record else { return }
    store(record)
  }

  func delete(_ name: String, at revision: Int64) async throws {
    guard let live else { return }
    guard live.revision == revision else { throw FileTypedInto() }
    delete()
  }

  func delete() {
    revision += 1
    isDeleted = true
  }
}

/// A folder with one file, in memory.
struct ModelFolder {
  var file: SyncedFile

  mutating func apply(_ effect: FolderEffect) throws {
    switch effect {
    case .writeFile(let text, let old):
      guard file.text == old else { throw FileTypedInto() }
      file.text = text
    case .saveBase(let text, let revision):
      file.baseText = text
      file.baseRevision = revision
    case .removeFile(let old):
      guard file.text == old else { throw FileTypedInto() }
      file.text = nil
    case .removeBase:
      file.baseText = nil
      file.baseRevision = nil
    }
  }
}

/// The program was cut off.
struct Crash: Error {}

/// People who edit files, and know which lines they wrote and which they deleted.
struct ModelPeople {
  var random: SeededGenerator
  private(set) var written = Set<String>()
  private(set) var deleted = Set<String>()
  private var count = 0

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func word() -> String {
    count += 1
    let word = "w\(count)w"
    written.insert(word)
    return word
  }

  /// The words of people in a text.
  static func words(in text: String) -> Set<String> {
    Set(
      text.split { !($0.isLetter || $0.isNumber) }.map(String.init).filter {
        $0.hasPrefix("w") && $0.hasSuffix("w") && $0.count > 2
      })
  }

  mutating func delete(_ words: Set<String>) { deleted.formUnion(words) }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  /// Somebody edits a file: settles what is not settled, then changes some lines.
  mutating func edit(_ text: String) -> String {
    var lines = settled(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    for _ in 0..<Int.random(in: 1...4, using: &random) { change(&lines) }
    return lines.joined(separator: "\n")
  }

  private mutating func change(_ lines: inout [String]) {
    guard let fence = lines.dropFirst().firstIndex(of: "---") else { return }
    let items = lines.indices.filter { $0 > fence && lines[$0].hasPrefix("## ") }
    let place = Int.random(in: (fence + 1)...lines.count, using: &random)
    switch Int.random(in: 0..<12, using: &random) {
    case 0...4: lines.insert(contentsOf: [word()] + (chance(30) ? ["", word()] : []), at: place)
    case 5, 6:
      let own = lines.indices.filter {
        $0 > fence && !Self.words(in: lines[$0]).isEmpty && !lines[$0].hasPrefix("#")
      }
      guard let line = own.randomElement(using: &random) else { return }
      delete(Self.words(in: lines[line]))
      if chance(50) { lines[line] = word() } else { lines.remove(at: line) }
    case 7, 8:
      lines.insert(
        contentsOf: ["", "## Need: " + word(), "", word()],
        at: items.randomElement(using: &random) ?? lines.count)
    case 9:
      guard let start = items.randomElement(using: &random) else { return }
      let end = items.first { $0 > start } ?? lines.count
      delete(Self.words(in: lines[start..<end].joined(separator: "\n")))
      lines.removeSubrange(start..<end)
    case 10:
      guard let heading = items.randomElement(using: &random), let mark = lines[heading].firstRange(of: " {#")
      else { return }
      delete(Self.words(in: String(lines[heading][..<mark.lowerBound])))
      lines[heading] = "## Risk: " + word() + lines[heading][mark.lowerBound...]
    default:
      guard let title = lines.firstIndex(where: { $0.hasPrefix("title: ") }) else { return }
      delete(Self.words(in: lines[title]))
      lines[title] = "title: " + word()
    }
  }

  /// What somebody makes of places where two sides differ: one side, or both.
  mutating func settled(_ lines: [String]) -> [String] {
    var settled: [String] = []
    var rest = lines[...]
    while let line = rest.popFirst() {
      guard line.hasPrefix("<<<<<<< "), let middle = rest.firstIndex(of: "======="),
        let end = rest.firstIndex(where: { $0.hasPrefix(">>>>>>> ") })
      else {
        settled.append(line)
        continue
      }
      let yours = Array(rest[..<middle])
      let theirs = Array(rest[(middle + 1)..<end])
      rest = rest[(end + 1)...]
      // Of a field or a heading only one side can stay.
      let isField = (yours + theirs).contains { $0.hasPrefix("## ") || $0.hasPrefix("title: ") }
      let choice = Int.random(in: 0..<(isField ? 2 : 3), using: &random)
      let kept = choice == 0 ? yours : choice == 1 ? theirs : yours + theirs
      delete(
        Self.words(in: (yours + theirs).joined(separator: "\n")).subtracting(
          Self.words(in: kept.joined(separator: "\n"))))
      settled += kept
    }
    return settled
  }
}
