internal import ArgumentParser
internal import DataFiles
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import RPC
internal import Terminal

struct RegistryCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "registry",
      abstract: say(
        en: "What public registries know of accounts, and where they differ.",
        fi: "Mitä julkiset rekisterit tietävät asiakkuuksista ja missä ne eroavat."),
      subcommands: [ImportRegistry.self, ListRegistryDifferences.self, AcceptRegistry.self])
  }
}

/// Enriches accounts from a registry's file.
struct ImportRegistry: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "import",
      abstract: say(
        en: "Enrich accounts by business id or LEI from a registry's file.",
        fi: "Täydennä asiakkuuksia Y-tunnuksen tai LEI:n mukaan rekisterin tiedostosta."),
      discussion: say(
        en: """
          Takes PRH's YTJ open data (version 3, JSON) and GLEIF's LEI golden copy (CSV), unpacked. What an account does \
          not say is filled in; what it says otherwise is kept beside it as a difference with source and date, and \
          overwrites nothing. Companies that are no accounts are passed over.
          """,
        fi: """
          Lukee PRH:n YTJ-avoimen datan (versio 3, JSON) ja GLEIFin LEI-tiedoston (CSV) purettuina. Mitä asiakkuus ei \
          kerro, se täydennetään; minkä se kertoo toisin, jää sen rinnalle eroksi lähteineen ja päivineen eikä korvaa \
          mitään. Yritykset, jotka eivät ole asiakkuuksia, ohitetaan.
          """))
  }

  @Argument(help: .say(en: "The registry's file.", fi: "Rekisterin tiedosto."), completion: .file())
  var file: String
  @Option(
    help: .say(
      en: "ytj or gleif; found by the content where not given.",
      fi: "ytj tai gleif; päätellään sisällöstä, jos ei anneta."))
  var registry: Registry?
  @Option(
    help: .say(
      en: "When the registry said so; the day of each entry's last change where not given.",
      fi: "Milloin rekisteri sanoi näin; jos ei anneta, kunkin tiedon viimeisin muutospäivä."))
  var observed: String?
  @Option(
    help: .say(
      en: "The file for entries that could not be read; FILE.problems.csv where not given.",
      fi: "Tiedosto riveille, joita ei voitu lukea; jos ei anneta, TIEDOSTO.problems.csv."),
    completion: .file())
  var problems: String?
  @Flag(help: .say(en: "No progress bar.", fi: "Ei edistymispalkkia.")) var quiet = false
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    let path = SmallFile.absolute(file)
    let moment = try observedMoment()
    let meter = ImportMeter(session.language, isQuiet: quiet)
    let bad = ProblemFile(path: problems.map(SmallFile.absolute) ?? "\(path).problems.csv", session.language)
    let printer = RegistryPrinter(session)
    var counts = Counts()
    var run = RegistryRun(session, change, observed: moment, problems: bad)
    do {
      let first = try RegistryReader(try ByteSource(path: path), registry: registry)
      let found = first.registry
      try RegistryRun.check(first, meter)
      let index = try await AccountIndex(session)
      let reader = try RegistryReader(try ByteSource(path: path), registry: found)
      try await run.run(reader, index, meter) { outcome in
        counts.add(outcome)
        try printer.tell(outcome, isDryRun: change.isDryRun)
      }
    } catch let error as DataFileError {
      meter.clear()
      throw CLIProblem(
        error, file: file, nothing: Term(en: "Nothing was changed.", fi: "Mitään ei muutettu."))
    }
    try printer.finish()
    try summary(run, counts, bad, session)
    if bad.refused > 0 { throw CLIProblem(.partial, .verbatim("")) }
  }

  private struct Counts {
    var filled = 0
    var differing = 0
    var same = 0

    mutating func add(_ outcome: RegistryOutcome) {
      if !outcome.filled.isEmpty { filled += 1 }
      if !outcome.differences.isEmpty { differing += 1 }
      if outcome.filled.isEmpty, outcome.differences.isEmpty { same += 1 }
    }
  }

  private func observedMoment() throws -> ProtoTimestamp? {
    switch try observed.map(PointInTime.init) {
    case .moment(let moment): moment
    case nil: nil
    case .revision:
      throw CLIProblem(
        .usage, Term(en: "A day or a moment was expected.", fi: "Odotettiin päivää tai hetkeä."),
        at: "--observed")
    }
  }

  private func summary(_ run: RegistryRun, _ counts: Counts, _ bad: ProblemFile, _ session: Session) throws {
    let numbers = LocaleFormat(session.language)
    func number(_ value: Int) -> String { numbers.number(value) }
    let verb =
      change.isDryRun ? session.say(en: "Dry run of", fi: "Koeajo:") : session.say(en: "Read", fi: "Luettiin")
    var lines = [
      session.output.style.bold("\(verb) \(DisplayWidth.harmless(file))"),
      session.say(
        en: "  \(number(run.companies)) companies, \(number(run.accounts)) of them accounts: "
          + "\(number(counts.filled)) filled in, \(number(counts.differing)) with differences, "
          + "\(number(counts.same)) already so",
        fi: "  \(number(run.companies)) yritystä, joista asiakkuuksia \(number(run.accounts)): "
          + "täydennettiin \(number(counts.filled)), eroja \(number(counts.differing)), "
          + "ennallaan \(number(counts.same))"),
    ]
    if bad.refused > 0 {
      lines.append(
        "  "
          + session.output.style.bad(
            session.say(
              en: bad.refused == 1 ? "1 entry not used" : "\(number(bad.refused)) entries not used",
              fi: bad.refused == 1
                ? "1 tieto jäi käyttämättä" : "\(number(bad.refused)) tietoa jäi käyttämättä"))
          + ": \(bad.path)")
    }
    if counts.differing > 0, !change.isDryRun {
      lines.append(
        "  "
          + session.output.style.faint(
            session.say(
              en: "Take the registry's word: punos registry accept ACCOUNT FIELD",
              fi: "Ota rekisterin tieto: punos registry accept ASIAKKUUS KENTTÄ")))
    }
    if session.format == .table { try session.output.lines(lines) } else { Output.complain(lines) }
  }
}

/// Lists the differences that are left.
struct ListRegistryDifferences: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "differences",
      abstract: say(
        en: "What registries say otherwise than accounts do.",
        fi: "Mitä rekisterit kertovat toisin kuin asiakkuudet."))
  }

  @Argument(
    help: .say(en: "Only of this account.", fi: "Vain tästä asiakkuudesta."),
    completion: .custom { words, _, word in await Completions.accounts(word, in: words) })
  var account: String?
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    let printer = RegistryPrinter(session)
    var found = 0
    func tell(_ account: Account) throws {
      let differences = RegistryDifference.all(of: account)
      found += differences.count
      try printer.tell(differences, of: account)
    }
    if let account {
      var read = GetAccountRequest()
      read.name = try await AccountFinder(session: session).name(of: account)
      try tell(try await session.accounts.getAccount(read, session.call))
    } else {
      let pages = Pages(limit: 0) { size, token in
        var request = ListAccountsRequest()
        request.pageSize = size
        request.pageToken = token
        let answer = try await session.accounts.listAccounts(request, session.call)
        return (answer.accounts, answer.nextPageToken, answer.totalSize)
      }
      _ = try await pages.forEach { for account in $0 { try tell(account) } }
    }
    try printer.finish()
    guard session.format == .table, found == 0 else { return }
    try session.output.line(
      session.say(en: "No registry says otherwise.", fi: "Mikään rekisteri ei kerro toisin."))
  }
}

/// Takes a registry's word.
struct AcceptRegistry: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "accept",
      abstract: say(
        en: "Take over what a registry says otherwise.",
        fi: "Ota asiakkuuteen se, minkä rekisteri kertoo toisin."))
  }

  @OptionGroup var target: AccountArgument
  @Argument(
    help: .say(
      en: "Fields as `registry differences --output csv` names them; all where none is named.",
      fi: "Kentät niin kuin `registry differences --output csv` ne nimeää; kaikki, jos yhtään ei anneta."))
  var fields: [String] = []
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var read = GetAccountRequest()
    read.name = try await AccountFinder(session: session).name(of: target.account)
    let before = try await session.accounts.getAccount(read, session.call)
    let chosen = try chosen(RegistryDifference.all(of: before), before)
    var after = before
    var paths = ["sources", "registry_claims"]
    for difference in chosen {
      difference.statement.write(to: &after)
      after.noteSource(
        difference.statement.provenance, difference.claim.registry, difference.claim.observedTime)
      after.registryClaims.removeAll { $0 == difference.claim }
      if !paths.contains(difference.statement.field) { paths.append(difference.statement.field) }
    }
    var request = UpdateAccountRequest()
    request.account = after
    request.account?.etag = before.etag
    var mask = ProtoFieldMask()
    mask.paths = paths
    request.updateMask = mask
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let written = try await session.accounts.updateAccount(request, session.call)
    try RecordPrinter(session, rows: AccountRows(session.language)).changed(
      before, written, title: written.displayName, isDryRun: change.isDryRun)
  }

  private func chosen(_ all: [RegistryDifference], _ account: Account) throws -> [RegistryDifference] {
    for field in fields where !all.contains(where: { $0.claim.path == field }) {
      throw CLIProblem(
        .notFound,
        Term(
          en: "No registry says otherwise about \(field).",
          fi: "Mikään rekisteri ei kerro toisin kentästä \(field)."),
        at: account.displayName, details: all.map { "\($0.claim.path)  (\($0.claim.registry))" })
    }
    let chosen = all.filter { fields.isEmpty || fields.contains($0.claim.path) }
    guard !chosen.isEmpty else {
      throw CLIProblem(
        .notFound, Term(en: "No registry says otherwise.", fi: "Mikään rekisteri ei kerro toisin."),
        at: account.displayName)
    }
    // Two registries that contradict each other are no word to take.
    for one in chosen {
      let voices = chosen.filter { $0.claim.path == one.claim.path }
      guard Set(voices.map(\.claim.value)).count > 1 else { continue }
      throw CLIProblem(
        .conflict,
        Term(
          en: "Registries differ among themselves about \(one.claim.path).",
          fi: "Rekisterit eroavat keskenään kentästä \(one.claim.path)."),
        at: account.displayName, details: voices.map { "\($0.claim.registry): \($0.claim.value)" },
        remedy: Term(
          en: "Write the right one with: punos account update",
          fi: "Kirjoita oikea komennolla: punos account update"))
    }
    return chosen
  }
}
