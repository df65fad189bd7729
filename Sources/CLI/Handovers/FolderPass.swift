internal import Domain
internal import FieldFormats
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import RPC
internal import Terminal

/// The server, as a sync sees it.
struct FolderServer: HandoverServer {
  let session: Session

  func current(_ name: String) async throws -> Handover? {
    var request = GetHandoverRequest()
    request.name = name
    return try await Self.ifThere { try await session.handovers.getHandover(request, session.call) }
  }

  func version(_ name: String, at revision: Int64) async throws -> Handover? {
    var request = GetHandoverRequest()
    request.name = name
    request.point = .revision(revision)
    return try await Self.ifThere { try await session.handovers.getHandover(request, session.call) }
  }

  private static func ifThere(_ read: () async throws -> Handover) async throws -> Handover? {
    do { return try await read() } catch let error as RPCError
      where error.code == .notFound || error.code == .outOfRange
    {
      return nil
    }
  }

  func push(_ request: SyncHandoverRequest) async throws -> SyncHandoverResponse {
    var request = request
    request.reason = "sync of a folder"
    return try await session.workflow.syncHandover(request, session.call)
  }

  func restore(_ name: String) async throws {
    var request = UndeleteHandoverRequest()
    request.name = name
    request.reason = "sync of a folder: edited after it was deleted"
    _ = try await session.handovers.undeleteHandover(request, session.call)
  }

  func delete(_ name: String, at revision: Int64) async throws {
    var request = DeleteHandoverRequest()
    request.name = name
    request.etag = "r\(revision)"
    request.reason = "sync of a folder: the file was deleted"
    _ = try await session.handovers.deleteHandover(request, session.call)
  }
}

/// One time that a folder and the server are brought together.
struct FolderPass {
  let session: Session
  let disk: HandoverDisk
  /// The account, or `accounts/-`.
  let parent: String
  /// Whether many files may be missing.
  let mayDeleteMany: Bool

  /// Files missing at once that are taken for a mistake, where they are also more than half of all.
  static let manyMissing = 5

  /// What became of each file that is worth telling.
  struct Report {
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

  func run() async throws -> Report {
    var report = Report()
    let bases = try disk.bases()
    var linked = try links(bases, &report)
    let server = try await serverSides()
    try refuseMassDeletion(linked, bases)
    for name in server.keys where linked[name] == nil {
      linked[name] = bases[name].map { Linked(path: $0.path, text: nil) } ?? Linked(path: nil, text: nil)
    }
    for name in bases.keys where linked[name] == nil {
      linked[name] = Linked(path: bases[name]?.path, text: nil)
    }
    report.files = linked.count
    for (name, file) in linked.sorted(by: { $0.key < $1.key }) {
      let side: ServerSide = server[name].map { .at($0) } ?? .absent
      // Most files are as they were on both sides.
      if let base = bases[name], side == .at(base.revision), file.text == base.text, file.path == base.path {
        continue
      }
      await sync(name, file, bases[name], side, &report)
    }
    return report
  }

  // MARK: Which file is which handover

  /// A file of a handover.
  private struct Linked {
    var path: String?
    var text: String?
  }

  /// Files by the name in their front matter; renamed ones are found by it.
  private func links(_ bases: [String: SyncBase], _ report: inout Report) throws -> [String: Linked] {
    let byPath = Dictionary(bases.values.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    var linked: [String: Linked] = [:]
    var others: [(path: String, text: String, name: String)] = []
    for path in try disk.files() {
      guard let text = try disk.text(path) else { continue }
      let known = byPath[path]
      if let known, text == known.text || FrontName.of(text) ?? known.name == known.name {
        linked[known.name] = Linked(path: path, text: text)
      } else {
        others.append((path, text, FrontName.of(text) ?? ""))
      }
    }
    for other in others {
      if let problem = try link(other.path, other.text, other.name, &linked) {
        report.problems.append((other.path, problem))
      }
    }
    return linked
  }

  private func link(
    _ path: String, _ text: String, _ name: String, _ linked: inout [String: Linked]
  ) throws -> CLIProblem? {
    if name.isEmpty { return try begin(path, text, &linked) }
    if let first = linked[name] {
      return CLIProblem(
        .conflict,
        Term(
          en:
            "The file has the same name: in its front matter as \(first.path ?? "another file"); it was left as it is.",
          fi:
            "Tiedoston otsaketiedoissa on sama name: kuin tiedostossa \(first.path ?? "toinen"); sitä ei muutettu."
        ),
        at: path,
        remedy: Term(
          en:
            "For a handover of its own put account: in the place of name:, and remove the ids of its items.",
          fi: "Jos siitä tulee oma luovutuksensa, vaihda name: riville account: ja poista kohtien tunnisteet."
        ))
    }
    linked[name] = Linked(path: path, text: text)
    return nil
  }

  /// A new handover begins with a file that names an account: the file gets the handover's name before anything is
  /// sent, so that a sync that is cut off does not begin it twice.
  private func begin(_ path: String, _ text: String, _ linked: inout [String: Linked]) throws -> CLIProblem? {
    let reading: HandoverReading
    do throws(UnreadableHandover) {
      reading = try HandoverReader.read(text)
    } catch {
      return CLIProblem(error, path)
    }
    guard let named = FrontName.named(text, "\(reading.account)/handovers/\(ResourceID.make())"),
      FieldFormat.resourceID.problem(in: String(reading.account.dropFirst("accounts/".count))) == nil,
      reading.account.hasPrefix("accounts/")
    else {
      return CLIProblem(
        .badFile,
        Term(
          en:
            "The file names neither its handover (name:) nor the account of a new one (account: accounts/ID).",
          fi:
            "Tiedostossa ei ole luovutuksen nimeä (name:) eikä uuden luovutuksen asiakkuutta (account: accounts/ID)."
        ),
        at: path)
    }
    do { try disk.write(path, named.text, replacing: text) } catch is FileTypedInto { return nil }
    linked[named.name] = Linked(path: path, text: named.text)
    return nil
  }

  // MARK: The server

  private func serverSides() async throws -> [String: Int64] {
    var template = ListHandoversRequest()
    template.parent = parent
    template.readMask = ProtoFieldMask.with { $0.paths = ["name", "revision"] }
    let request = template
    let pages = Pages<Handover>(limit: 0) { size, token in
      var request = request
      request.pageSize = size
      request.pageToken = token
      let answer = try await session.handovers.listHandovers(request, session.call)
      return (answer.handovers, answer.nextPageToken, answer.totalSize)
    }
    var sides: [String: Int64] = [:]
    _ = try await pages.forEach { page in
      for handover in page { sides[handover.name] = handover.revision }
    }
    return sides
  }

  private func refuseMassDeletion(_ linked: [String: Linked], _ bases: [String: SyncBase]) throws {
    let missing = bases.keys.filter { linked[$0] == nil }.count
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
    _ name: String, _ linked: Linked, _ base: SyncBase?, _ side: ServerSide, _ report: inout Report
  ) async {
    var path = linked.path
    let file = SyncedFile(name: name, text: linked.text, baseText: base?.text, baseRevision: base?.revision)
    do {
      if var moved = base, let path = linked.path, moved.path != path, linked.text != nil {
        moved.path = path
        try disk.save(moved)
      }
      let syncing = HandoverFolderSync(FolderServer(session: session)) { ResourceID.make() }
      let (outcome, notes) = try await syncing.sync(file, server: side) { effect in
        try apply(effect, name, &path)
      }
      if outcome != .unchanged || !notes.isEmpty { report.outcomes.append((path ?? name, outcome, notes)) }
    } catch is FileTypedInto {
      report.outcomes.append(
        (
          path ?? name, .unchanged,
          [
            session.say(
              en: "It was edited meanwhile; the next sync takes it.",
              fi: "Sitä muokattiin samalla; seuraava synkronointi ottaa sen.")
          ]
        ))
    } catch let error as RPCError {
      report.problems.append((path ?? name, CLIProblem(error, endpoint: session.context.endpoint)))
    } catch let problem as CLIProblem {
      report.problems.append((path ?? name, problem))
    } catch {
      report.problems.append((path ?? name, CLIProblem(.failure, .verbatim("\(error)"))))
    }
  }

  private func apply(_ effect: FolderEffect, _ name: String, _ path: inout String?) throws {
    switch effect {
    case .writeFile(let text, let old):
      let place = try old == nil ? newPath(name, text, path) : path ?? newPath(name, text, path)
      path = place
      try disk.write(place, text, replacing: old)
    case .saveBase(let text, let revision):
      guard let path else { return }
      try disk.save(SyncBase(name: name, revision: revision, path: path, text: text))
    case .removeFile(let old):
      guard let path else { return }
      try disk.remove(path, replacing: old)
    case .removeBase: disk.forget(name)
    }
  }

  /// Where a new file goes: a folder an account, a name that people recognise.
  private func newPath(_ name: String, _ text: String, _ before: String?) throws -> String {
    if let before, try disk.text(before) == nil { return before }
    let parts = name.split(separator: "/")
    let account = parts.count > 1 ? String(parts[1]) : "handovers"
    let id = parts.last.map(String.init) ?? ""
    let title = (try? HandoverReader.read(text))?.handover.title ?? ""
    let first = "\(account)/\(FrontName.slug(title))-\(id.suffix(6)).md"
    guard try disk.text(first) != nil else { return first }
    return "\(account)/\(FrontName.slug(title))-\(id).md"
  }
}

extension CLIProblem {
  /// A file that cannot be read.
  init(_ problem: UnreadableHandover, _ path: String) {
    self.init(.badFile, Term(en: problem.english, fi: problem.finnish), at: "\(path):\(problem.line)")
  }
}

/// The name of a handover in its file's front matter.
enum FrontName {
  /// Longest part of a title in a file's name, in letters.
  private static let longestSlug = 48

  /// The name; nil where the front matter has none.
  static func of(_ text: String) -> String? {
    let lines = text.utf8.split(
      separator: UInt8(ascii: "\n"), maxSplits: 64, omittingEmptySubsequences: false)
    guard lines.count > 1 else { return nil }
    for line in lines.dropFirst() {
      let line = String(Substring(line))
      if line.hasPrefix("---") { return nil }
      if line.hasPrefix("name:") {
        let name = line.dropFirst(5).split { " \t\"\r".contains($0) }.joined()
        return name.isEmpty ? nil : name
      }
    }
    return nil
  }

  /// The text with a name in the place of the account, or of an empty name.
  static func named(_ text: String, _ name: String) -> (text: String, name: String)? {
    var lines = TextLines.of(text)
    guard let place = lines.firstIndex(where: { $0.hasPrefix("account:") }) else { return nil }
    lines[place] = "name: \(name)" + (lines[place].utf8.last == 13 ? "\r" : "")
    return (TextLines.joined(lines), name)
  }

  /// A title as a part of a file's name.
  static func slug(_ title: String) -> String {
    var slug = ""
    for character in title.lowercased().prefix(longestSlug) {
      switch character {
      case "å", "ä": slug.append("a")
      case "ö": slug.append("o")
      case "a"..."z", "0"..."9": slug.append(character)
      default: if !slug.hasSuffix("-"), !slug.isEmpty { slug.append("-") }
      }
    }
    while slug.hasSuffix("-") { slug.removeLast() }
    return slug.isEmpty ? "handover" : slug
  }
}
