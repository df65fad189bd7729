internal import ArgumentParser
internal import Domain
internal import PunosAPI
internal import PunosMessages
internal import RPC
internal import Synchronization
internal import Terminal

struct SyncHandovers: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "sync",
      abstract: say(
        en: "Keep a folder of Markdown files and the server the same, both ways.",
        fi: "Pidä kansio Markdown-tiedostoja ja palvelin samanlaisina, molempiin suuntiin."),
      discussion: say(
        en: """
          Edit the files as you like, offline too, rename and move them; a deleted file deletes its handover, a new \
          file with a line "account: accounts/ID" in its front matter begins one. Where both sides changed the same \
          lines, both stand in the file: keep what is right, remove the marks, and sync again. docs/handovers.md tells \
          all of it.
          """,
        fi: """
          Muokkaa tiedostoja vapaasti, yhteydettäkin, nimeä ja siirrä niitä; poistettu tiedosto poistaa luovutuksensa, \
          ja uusi tiedosto, jonka otsaketiedoissa on rivi "account: accounts/ID", aloittaa uuden. Kun molemmat puolet \
          muuttivat samoja rivejä, molemmat ovat tiedostossa: jätä oikea, poista merkit ja synkronoi uudelleen. \
          Tarkemmin: docs/handovers.md.
          """))
  }

  @Argument(
    help: .say(
      en: "The folder; made where it is not there.",
      fi: "Kansio; luodaan, jos sitä ei ole."), completion: .directory)
  var folder: String
  @Option(
    help: .say(
      en: "Only the handovers of this account; asked for at the first sync, kept with the folder.",
      fi: "Vain tämän asiakkuuden luovutukset; annetaan ensimmäisellä kerralla ja muistetaan kansion mukana.")
  )
  var account: String?
  @Flag(
    help: .say(
      en: "Go on, and follow both sides live until interrupted.",
      fi: "Jatka ja seuraa molempia puolia, kunnes keskeytetään."))
  var watch = false
  @Flag(
    name: .customLong("delete-many"),
    help: .say(
      en: "More than half of the files may be missing: delete their handovers.",
      fi: "Yli puolet tiedostoista saa puuttua: poista niiden luovutukset."))
  var deleteMany = false
  @OptionGroup var dry: DryRunOption
  @OptionGroup var globals: GlobalOptions

  /// How often a watched folder is looked at.
  private static let interval = Duration.milliseconds(500)

  func perform(_ session: Session) async throws {
    guard !watch || !dry.isDryRun else {
      throw CLIProblem(
        .usage,
        Term(
          en: "--dry-run shows what one sync would do; it does not go with --watch.",
          fi: "--dry-run näyttää, mitä yksi synkronointi tekisi; se ei sovi yhteen valinnan --watch kanssa."))
    }
    let disk = HandoverDisk(root: Self.plain(SmallFile.absolute(folder)), isRehearsal: dry.isDryRun)
    let parent = try await parent(of: disk, session)
    let server = FolderServer(session: session, parent: parent)
    let pass = pass(disk, server, session)
    guard watch else {
      let report =
        dry.isDryRun
        ? try await self.pass(disk, RehearsedServer(server: server), session).run() : try await pass.run()
      try FolderReporter(session: session, isRehearsal: dry.isDryRun).tell(report, always: true)
      if report.needsPerson { throw ExitCode(ExitStatus.partial.rawValue) }
      return
    }
    try await follow(pass, session)
  }

  private func pass<Side: FolderSide>(_ disk: HandoverDisk, _ server: Side, _ session: Session) -> FolderPass<
    Side
  > {
    FolderPass(
      disk: disk, server: server, endpoint: session.context.endpoint, mayDeleteMany: deleteMany,
      language: session.language)
  }

  private static func plain(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  /// The account or accounts that the folder holds: as it was begun.
  private func parent(of disk: HandoverDisk, _ session: Session) async throws -> String {
    var wanted: String?
    if let account {
      var request = GetAccountRequest()
      request.name = try await AccountFinder(session: session).name(of: account)
      wanted = try await session.accounts.getAccount(request, session.call).name
    }
    guard let kept = try disk.settings() else {
      try disk.save(server: session.context.endpoint, parent: wanted ?? "accounts/-")
      return wanted ?? "accounts/-"
    }
    guard kept.server == session.context.endpoint, wanted ?? kept.parent == kept.parent else {
      throw CLIProblem(
        .configuration,
        Term(
          en: "The folder was begun with \(kept.parent) of \(kept.server); nothing was done.",
          fi: "Kansio on aloitettu kohteesta \(kept.parent), palvelin \(kept.server); mitään ei tehty."),
        at: disk.root,
        remedy: Term(
          en: "Choose that server with --context, or another folder.",
          fi: "Valitse se palvelin valinnalla --context tai toinen kansio."))
    }
    return kept.parent
  }

  // MARK: Following

  /// Syncs whenever the folder or the server changes.
  private func follow(_ pass: FolderPass<FolderServer>, _ session: Session) async throws {
    let server = ServerPulse()
    let listening = Task { await server.listen(session) }
    defer { listening.cancel() }
    let reporter = FolderReporter(session: session, isRehearsal: false)
    var seen: (signature: Int, pulse: Int)?
    while !Task.isCancelled {
      let now = (signature: try pass.disk.signature(), pulse: server.count)
      if seen.map({ $0 != now }) ?? true {
        do {
          try reporter.tell(try await pass.run(), always: seen == nil)
          seen = now
        } catch let error as RPCError where error.code == .unavailable || error.code == .deadlineExceeded {
          // Offline: the folder goes on being edited, and the next try takes all of it.
          try await Task.sleep(for: Self.interval * 4)
        }
        try session.output.flush()
      }
      try await Task.sleep(for: Self.interval)
    }
  }
}

/// Beats whenever a handover changes on the server.
private final class ServerPulse: Sendable {
  private let beats = Mutex<Int>(0)

  /// How often it has beaten.
  var count: Int { beats.withLock { $0 } }

  private func beat() { beats.withLock { $0 += 1 } }

  /// How long to wait before a broken watch is begun again.
  private static let patience = Duration.seconds(2)

  func listen(_ session: Session) async {
    while !Task.isCancelled {
      var request = WatchChangesRequest()
      request.kinds = ["handover"]
      // What happened while the watch was broken is not in it: whoever listens looks once.
      beat()
      do {
        try await session.changes.watchChanges(request, CallOptions()) { stream in
          for try await event in stream {
            if case .change = event.event { self.beat() }
          }
        }
      } catch {
        // A server that is away comes back; what it refuses, a sync of the folder says.
      }
      try? await Task.sleep(for: Self.patience)
    }
  }
}

/// Tells what a sync did.
struct FolderReporter {
  let session: Session
  /// Whether nothing was done, but shown what would be.
  let isRehearsal: Bool

  /// - Parameter always: also where nothing happened.
  func tell(_ report: FolderReport, always: Bool) throws {
    for entry in report.outcomes {
      if let sentence = sentence(entry.outcome) {
        try session.output.line("\(entry.path): \(sentence)\(dry)")
      }
      for note in entry.notes { try session.output.line("\(entry.path): \(note)") }
    }
    let presenter = ProblemPresenter(
      language: session.language, style: session.output.style, width: session.output.width)
    for (path, problem) in report.problems {
      try session.output.line("\(path): " + session.say(en: "left as it is", fi: "jätetty ennalleen"))
      try session.output.flush()
      Output.complain(presenter.lines(problem))
    }
    guard always || !report.outcomes.isEmpty || !report.problems.isEmpty else { return }
    let done = report.outcomes.filter { sentence($0.outcome) != nil }.count
    try session.output.line(
      session.say(
        en: "\(report.files) handovers, \(done) of them touched, \(report.problems.count) refused\(dry).",
        fi:
          "\(report.files) luovutusta, joista \(done) käsiteltiin ja \(report.problems.count) hylättiin\(dry)."
      ))
  }

  private var dry: String { isRehearsal ? session.say(en: " (dry run)", fi: " (kokeilu)") : "" }

  private func sentence(_ outcome: FileOutcome) -> String? {
    switch outcome {
    case .unchanged: nil
    case .pulled: session.say(en: "brought from the server", fi: "tuotu palvelimelta")
    case .pushed: session.say(en: "brought to the server", fi: "viety palvelimelle")
    case .removed:
      session.say(en: "removed: it was deleted on the server", fi: "poistettu: se poistettiin palvelimelta")
    case .deleted:
      session.say(
        en: "deleted on the server: its file is gone", fi: "poistettu palvelimelta: tiedosto puuttuu")
    case .conflict(let count):
      session.say(
        en:
          "both sides changed the same in \(count) place(s); both stand in the file: keep what is right and sync again",
        fi:
          "molemmat muuttivat samaa \(count) kohdassa; molemmat ovat tiedostossa: jätä oikea ja synkronoi uudelleen"
      )
    case .unresolved(let problem), .unreadable(let problem):
      session.say(
        en: "line \(problem.line): \(problem.english) The file was left as it is.",
        fi: "rivi \(problem.line): \(problem.finnish) Tiedosto jätettiin ennalleen.")
    }
  }
}
