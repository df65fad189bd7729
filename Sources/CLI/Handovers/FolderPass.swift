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
    var report = FolderReport()
    let bases = try disk.bases()
    report.outcomes = disk.recover(bases).map { path in
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
    let links = try FolderLinks(disk, bases)
    report.problems = links.problems
    let server = try await self.server.revisions()
    try refuseMassDeletion(links, bases)
    var files = links.files
    for name in Set(server.keys).union(bases.keys) where links.isMissing(name, bases[name]) {
      files[name] = LinkedFile(path: bases[name]?.path, text: nil)
    }
    report.files = files.count
    for (name, file) in files.sorted(by: { $0.key < $1.key }) {
      let side: ServerSide = server[name].map { .at($0) } ?? .absent
      // Most files are as they were on both sides.
      if let base = bases[name], side == .at(base.revision), file.text == base.text, file.path == base.path {
        continue
      }
      await sync(name, file, bases[name], side, &report)
    }
    return report
  }

  private func refuseMassDeletion(_ links: FolderLinks, _ bases: [String: SyncBase]) throws {
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
    _ name: String, _ linked: LinkedFile, _ base: SyncBase?, _ side: ServerSide, _ report: inout FolderReport
  ) async {
    var path = linked.path
    let file = SyncedFile(name: name, text: linked.text, baseText: base?.text, baseRevision: base?.revision)
    do {
      if var moved = base, let path = linked.path, moved.path != path, linked.text != nil {
        moved.path = path
        try disk.save(moved)
      }
      let syncing = HandoverFolderSync(server) { ResourceID.make() }
      let (outcome, notes) = try await syncing.sync(file, server: side) { effect in
        try disk.apply(effect, to: name, at: &path)
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
    } catch let error as RPCError {
      report.problems.append((path ?? name, CLIProblem(error, endpoint: endpoint)))
    } catch let problem as CLIProblem {
      report.problems.append((path ?? name, problem))
    } catch {
      report.problems.append((path ?? name, CLIProblem(.failure, .verbatim("\(error)"))))
    }
  }
}

extension CLIProblem {
  /// A file that cannot be read.
  init(_ problem: UnreadableHandover, _ path: String) {
    self.init(.badFile, Term(en: problem.english, fi: problem.finnish), at: "\(path):\(problem.line)")
  }
}
