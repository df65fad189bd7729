import Domain
import Foundation
import HandoverModel
import ProtobufBridge
import PunosMessages
import Terminal
import Testing

@testable import CLI

extension ModelServer: FolderSide {
  func revisions() async throws -> [String: Int64] {
    Dictionary(uniqueKeysWithValues: names.map { ($0, live($0)?.revision ?? 0) })
  }
}

/// Random histories of folders on a disk, with the code that `punos handover sync` runs: files are edited, begun, renamed,
/// moved, deleted and typed into at any step of writing, and the program is cut off at any step. In the end all folders
/// hold the same texts as the server, and no word is lost that nobody deleted.
@Suite struct FolderDiskHistories {
  static let histories = number("PUNOS_DISK_HISTORIES") ?? 300
  static let firstSeed = number("PUNOS_SEED") ?? 1

  private static func number(_ variable: String) -> UInt64? {
    ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
  }

  /// Where the folders lie: in memory, where the machine has such a place, for it is the steps that are tried and not how
  /// long a disk takes for them.
  private static let memory =
    FileManager.default.isWritableFile(atPath: "/dev/shm")
    ? URL(filePath: "/dev/shm") : FileManager.default.temporaryDirectory

  @Test func hundredsOfHistoriesOnADiskConvergeWithoutLosingAWord() async throws {
    print("PUNOS_SEED=\(Self.firstSeed) PUNOS_DISK_HISTORIES=\(Self.histories)")
    for seed in Self.firstSeed..<(Self.firstSeed + Self.histories) {
      let root = Self.memory.appending(path: "punos-folders-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: root) }
      let history = DiskHistory(seed: seed, root: root.path)
      for _ in 0..<15 { try await history.step() }
      let isAtRest = try await history.rest()
      #expect(isAtRest, "seed \(seed): the folders do not come to rest")
      let wanted = history.server.names.compactMap {
        history.server.live($0).map { HandoverPrinter.text($0) }
      }.sorted()
      for index in history.roots.indices {
        #expect(
          history.texts(of: index).values.sorted() == wanted, "seed \(seed): a folder differs from the server"
        )
      }
      let lost = history.people.lost(in: (wanted + history.setAside()).joined(separator: "\n"))
      #expect(lost.isEmpty, "seed \(seed): \(lost) were written, deleted by nobody, and are lost")
    }
  }
}

/// The program was cut off.
private struct Crash: Error {}

/// What happens to a program that syncs: it is cut off before a step, or somebody types before one.
private final class Fate: @unchecked Sendable {
  // One history runs on one task.
  private var stepsLeft: Int?
  private var typing: (step: DiskStep, type: () -> Void)?

  init(stepsLeft: Int?, typing: (DiskStep, () -> Void)?) {
    self.stepsLeft = stepsLeft
    self.typing = typing
  }

  /// Whether somebody typed meanwhile.
  private(set) var wasTyped = false
  /// Whether the program was cut off.
  private(set) var wasCut = false

  func reached(_ step: DiskStep) throws {
    if let typing, typing.step == step {
      self.typing = nil
      wasTyped = true
      typing.type()
    }
    guard let left = stepsLeft else { return }
    // Once cut off, it takes no further step.
    guard left > 0 else {
      wasCut = true
      throw Crash()
    }
    stepsLeft = left - 1
  }
}

/// People, folders and a server.
private final class DiskHistory {
  var people: ModelPeople
  let server = ModelServer()
  let roots: [String]
  private var files = 0

  init(seed: UInt64, root: String) {
    people = ModelPeople(seed: seed)
    roots = ["one", "two"].map { "\(root)/\($0)" }
    for root in roots {
      try? FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }
    for number in 0..<2 {
      server.store(
        Handover.with {
          $0.name = "accounts/a/handovers/h\(number)"
          $0.title = people.word()
          $0.toTeam = "delivery"
          $0.summary = people.word()
        })
    }
  }

  // MARK: Files as people see them

  /// Every file's text by its path.
  func texts(of index: Int) -> [String: String] {
    var texts: [String: String] = [:]
    for path in (try? HandoverDisk(root: roots[index]).files()) ?? [] {
      texts[path] = try? String(contentsOfFile: "\(roots[index])/\(path)", encoding: .utf8)
    }
    return texts
  }

  private func write(_ text: String, _ path: String, in index: Int) throws {
    let whole = "\(roots[index])/\(path)"
    try FileManager.default.createDirectory(
      atPath: (whole as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: whole, atomically: true, encoding: .utf8)
  }

  /// What syncs that were cut off left, and set aside for people to look at.
  func setAside() -> [String] {
    roots.flatMap { root in
      let folder = "\(root)/\(HandoverDisk.hidden)/removed"
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      return names.filter { $0.hasPrefix("cut-off-") }
        .compactMap { try? String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }
    }
  }

  // MARK: Syncing

  @discardableResult
  func sync(_ index: Int, _ fate: Fate) async throws -> FolderReport {
    let disk = HandoverDisk(root: roots[index], beforeStep: { try fate.reached($0) })
    let before = texts(of: index)
    let pass = FolderPass(
      disk: disk, server: server, endpoint: "model", mayDeleteMany: true, language: .english)
    let report: FolderReport
    do { report = try await pass.run() } catch is Crash { return FolderReport() }
    // Nobody is told anything then.
    guard !fate.wasCut else { return report }
    for (path, outcome, _) in report.outcomes {
      guard case .unreadable = outcome, let text = texts(of: index)[path] else { continue }
      if let before = before[path], !fate.wasTyped {
        #expect(text == before, "a file that is refused is left as it is")
      }
      try mend(text, path, index)
    }
    // A file that cannot be a handover yet, or whose push was refused.
    for (path, _) in report.problems {
      guard let text = texts(of: index)[path], text.contains("account: ") || text.contains("name: ") else {
        continue
      }
      try mend(text, path, index)
    }
    return report
  }

  /// Somebody is told that their file is left as it is: they take their words to where they belong, or, where that is
  /// not it, take back what they did.
  private func mend(_ text: String, _ path: String, _ index: Int) throws {
    #expect(
      !server.everHad(text),
      "a file is refused that nobody did anything with: it says what the server once said")
    let mended = people.mended(text)
    if mended != text { return try write(mended, path, in: index) }
    let base = try HandoverDisk(root: roots[index]).notes().values.first { $0.path == path }?.note.base?.text
    guard let base else { return try write(people.begunAnew(text), path, in: index) }
    guard base != text else { return }
    people.delete(ModelPeople.words(in: text).subtracting(ModelPeople.words(in: base)))
    try write(base, path, in: index)
  }

  // MARK: What happens

  func step() async throws {
    let index = Int.random(in: roots.indices, using: &people.random)
    let file = texts(of: index).sorted { $0.key < $1.key }.randomElement(using: &people.random)
    switch Int.random(in: 0..<16, using: &people.random) {
    case 0...4: if let file { try write(people.edit(file.value), file.key, in: index) }
    case 5, 6: try await sync(index, Fate(stepsLeft: nil, typing: nil))
    case 7...9:
      try await sync(index, Fate(stepsLeft: Int.random(in: 0...13, using: &people.random), typing: nil))
    case 10, 11: try await syncWhileTyping(index)
    case 12: try rename(file, index)
    case 13: try begin(index)
    case 14:
      guard let file, people.chance(40) else { return }
      people.delete(ModelPeople.words(in: file.value))
      try FileManager.default.removeItem(atPath: "\(roots[index])/\(file.key)")
    default: try editOnServer()
    }
  }

  /// Somebody types just when the program takes some step; now and then it is cut off then, too.
  private func syncWhileTyping(_ index: Int) async throws {
    let steps: [DiskStep] = [.write, .check, .exchange, .verify, .tidy, .saveNote]
    let step = steps.randomElement(using: &people.random) ?? .check
    let typing: () -> Void = { [self] in
      guard let file = texts(of: index).sorted(by: { $0.key < $1.key }).randomElement(using: &people.random)
      else { return }
      try? write(people.edit(file.value), file.key, in: index)
    }
    let cut = people.chance(40) ? Int.random(in: 0...6, using: &people.random) : nil
    try await sync(index, Fate(stepsLeft: cut, typing: (step, typing)))
  }

  private func rename(_ file: (key: String, value: String)?, _ index: Int) throws {
    guard let file else { return }
    files += 1
    let path = people.chance(50) ? "moved/file\(files).md" : "file\(files).md"
    try write(file.value, path, in: index)
    try FileManager.default.removeItem(atPath: "\(roots[index])/\(file.key)")
  }

  private func begin(_ index: Int) throws {
    guard people.chance(40) else { return }
    files += 1
    try write(
      "---\naccount: accounts/a\ntitle: \(people.word())\nto_team: delivery\n---\n\n\(people.word())\n\n## Need: \(people.word())\n",
      "new\(files).md", in: index)
  }

  private func editOnServer() throws {
    guard let name = server.names.randomElement(using: &people.random), var live = server.live(name) else {
      return
    }
    guard people.chance(40) else {
      let said = people.sentence()
      _ = server.move(name, saying: said, &people.random)
      let text = server.live(name).map { HandoverPrinter.text($0) } ?? ""
      return people.delete(ModelPeople.words(in: said).subtracting(ModelPeople.words(in: text)))
    }
    guard live.state != .accepted, live.state != .closed else { return }
    live.summary += "\n" + people.word()
    server.store(live)
  }

  /// Everybody settles and syncs until nothing moves.
  func rest() async throws -> Bool {
    for _ in 0..<20 {
      let before = (roots.indices.map { texts(of: $0) }, server.revision)
      for index in roots.indices {
        for (path, text) in texts(of: index).sorted(by: { $0.key < $1.key }) where text.contains("<<<<<<< ") {
          try write(people.mended(text), path, in: index)
        }
        try await sync(index, Fate(stepsLeft: nil, typing: nil))
      }
      if before == (roots.indices.map { texts(of: $0) }, server.revision) { return true }
    }
    return false
  }
}
