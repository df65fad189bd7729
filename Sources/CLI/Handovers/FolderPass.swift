internal import Domain
internal import FieldFormats
internal import RPC
internal import Terminal

/// What became of each file that is worth telling.
struct FolderReport {
  var outcomes: [(path: String, outcome: FileOutcome, notes: [String])] = []
  /// Files that could not be synced, and why.
  var problems: [(path: String, problem: CLIProblem)] = []
  var files = 0

  /// Whether a person has something to do.
  var needsPerson: Bool {
    !problems.isEmpty
      || outcomes.contains {
        switch $0.outcome {
        case .conflict, .unresolved, .unreadable: true
        default: false
        }
      }
  }
}

/// One time that a folder and the server are brought together.
struct FolderPass<Side: FolderSide> {
  let disk: HandoverDisk
  let server: Side
  /// The server's name for people.
  let endpoint: String
  /// Whether many files may be missing.
  let mayDeleteMany: Bool
  let language: Language

  /// Files missing at once that are taken for a mistake, where they are also more than half of all.
  private static var manyMissing: Int { 5 }

  func run() async throws -> FolderReport {
    // Two at once would each take what the other has begun for what was cut off.
    let lock = try await disk.lock()
    defer { lock?.release() }
    var report = FolderReport()
    let notes = try disk.notes()
    report.outcomes = disk.recover(notes).map(setAside)
    let links = try FolderLinks(disk, notes)
    report.problems = links.problems
    let server = try await self.server.revisions()
    try refuseMassDeletion(links, notes)
    var files = links.files
    for name in Set(server.keys).union(notes.keys) where links.isMissing(name, notes[name]) {
      files[name] = LinkedFile(path: notes[name]?.path, text: nil)
    }
    report.files = files.count
    for (name, file) in files.sorted(by: { $0.key < $1.key }) {
      let side: ServerSide = server[name].map { .at($0) } ?? .absent
      if let noted = notes[name], isAsItWas(file, noted, side) { continue }
      await sync(name, file, notes[name], side, &report)
    }
    return report
  }

  /// Most files are as they were on both sides.
  private func isAsItWas(_ file: LinkedFile, _ noted: NotedFile, _ side: ServerSide) -> Bool {
    guard let base = noted.note.base, !base.isBehind, noted.note.begun == nil else { return false }
    return side == .at(base.revision) && file.text == base.text && file.path == noted.path
  }

  private func setAside(_ path: String) -> (path: String, outcome: FileOutcome, notes: [String]) {
    (
      path, .unchanged,
      [
        language.say(
          en:
            "A sync was cut off while it wrote a file; what it had set aside is here, should you miss anything.",
          fi:
            "Synkronointi katkesi kesken kirjoittamisen; sen syrjään siirtämä sisältö on tässä, jos jotakin puuttuu."
        )
      ]
    )
  }

  private func refuseMassDeletion(_ links: FolderLinks, _ notes: [String: NotedFile]) throws {
    let bases = notes.filter { $0.value.note.base != nil }
    let missing = bases.filter { links.isMissing($0.key, $0.value) }.count
    guard missing > Self.manyMissing, missing * 2 > bases.count, !mayDeleteMany else { return }
    throw CLIProblem(
      .conflict,
      Term(
        en:
          "\(missing) of \(bases.count) files are gone; syncing would delete their handovers. Nothing was done.",
        fi:
          "\(missing) tiedostoa \(bases.count):sta puuttuu; synkronointi poistaisi niiden luovutukset. Mitään ei tehty."
      ),
      at: disk.root,
      remedy: Term(
        en:
          "Bring the files back; or, if you meant it: --delete-many. To begin anew, remove the folder's .punos.",
        fi:
          "Palauta tiedostot; tai jos tarkoitit tätä: --delete-many. Aloita alusta poistamalla kansion .punos."
      ))
  }

  // MARK: One file

  private func sync(
    _ name: String, _ linked: LinkedFile, _ noted: NotedFile?, _ side: ServerSide,
    _ report: inout FolderReport
  ) async {
    var path = linked.path
    let file = SyncedFile(
      name: name, text: linked.text, note: noted?.note ?? FileNote(),
      isWritten: noted.map { disk.isWritten($0, isThere: linked.text != nil) } ?? false)
    do {
      if var moved = noted, let path = linked.path, moved.path != path, linked.text != nil {
        moved.path = path
        try disk.save(moved)
      }
      let syncing = HandoverFolderSync(server) { ResourceID.make() }
      var kept: [String] = []
      defer { report.outcomes += kept.map(setAside) }
      let (outcome, notes) = try await syncing.sync(file, server: side) { effect in
        if let place = try disk.apply(effect, to: name, at: &path) { kept.append(place) }
      }
      if outcome != .unchanged || !notes.isEmpty { report.outcomes.append((path ?? name, outcome, notes)) }
    } catch is FileTypedInto {
      report.outcomes.append(
        (
          path ?? name, .unchanged,
          [
            language.say(
              en: "It was edited meanwhile; the next sync takes it.",
              fi: "Sitä muokattiin samalla; seuraava synkronointi ottaa sen.")
          ]
        ))
    } catch let refusal as HandoverRefused {
      report.problems.append((path ?? name, problem(refusal.cause)))
    } catch {
      report.problems.append((path ?? name, problem(error)))
    }
  }

  private func problem(_ error: any Error) -> CLIProblem {
    switch error {
    case let error as RPCError: CLIProblem(error, endpoint: endpoint)
    case let problem as CLIProblem: problem
    default: CLIProblem(.failure, .verbatim("\(error)"))
    }
  }
}

extension CLIProblem {
  /// A file that cannot be read.
  init(_ problem: UnreadableHandover, _ path: String) {
    self.init(.badFile, Term(en: problem.english, fi: problem.finnish), at: "\(path):\(problem.line)")
  }
}
