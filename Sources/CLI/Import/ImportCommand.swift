internal import ArgumentParser
internal import DataFiles
internal import Glibc
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// Brings records from a file.
struct ImportCommand: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "import",
      abstract: say(
        en: "Bring accounts, contacts and more from a file; importing it twice changes nothing.",
        fi: "Tuo asiakkuuksia, yhteyshenkilöitä ja muuta tiedostosta; toinen kerta ei muuta mitään."),
      discussion: say(
        en: """
          Tables need to know which column is which: --mapping FILE, or --profile NAME for exports of well-known \
          systems. --propose prints a mapping made from the header and the values. Rows that cannot be imported go to \
          a file with their line and the reason, and never stop the rest.
          """,
        fi: """
          Taulukosta pitää tietää, mikä sarake on mikin: --mapping TIEDOSTO, tai --profile NIMI tunnettujen \
          järjestelmien vienneille. --propose tulostaa otsikosta ja arvoista tehdyn kuvauksen. Rivit, joita ei voi \
          tuoda, menevät syineen ja rivinumeroineen tiedostoon eivätkä pysäytä muita.
          """))
  }

  @Argument(
    help: .say(
      en: "The file: a table, JSON lines or vCards.", fi: "Tiedosto: taulukko, JSON-rivejä tai vCardeja."),
    completion: .file())
  var file: String
  @Option(
    help: .say(
      en: "The file that says which column is which.", fi: "Tiedosto, joka kertoo, mikä sarake on mikin."),
    completion: .file())
  var mapping: String?
  @Option(
    help: .say(
      en: "A mapping that comes with the client: \(MappingProfile.names).",
      fi: "Ohjelman mukana tuleva kuvaus: \(MappingProfile.names)."))
  var profile: MappingProfile?
  @Flag(
    help: .say(
      en: "Print a mapping made from the header and the values; import nothing.",
      fi: "Tulosta otsikosta ja arvoista tehty kuvaus; älä tuo mitään."))
  var propose = false
  @Option(
    help: .say(
      en: "csv, jsonl or vcard, where the file's name does not tell.",
      fi: "csv, jsonl tai vcard, jos tiedoston nimi ei sitä kerro."))
  var format: ImportFormat?
  @Option(
    help: .say(
      en: "The file's encoding, where it is not found rightly.",
      fi: "Tiedoston merkistö, jos sitä ei päätellä oikein."))
  var encoding: TextEncoding?
  @Option(
    help: .say(
      en: "What the provenance says the values came from; the mapping's source where not given.",
      fi: "Mitä arvojen lähteeksi merkitään; jos ei anneta, kuvauksen lähde."))
  var source: String?
  @Option(
    help: .say(
      en: "How the file writes numbers and dates, for --profile and --propose: fi, en-US …",
      fi: "Miten tiedosto kirjoittaa luvut ja päivät, valitsimille --profile ja --propose: fi, en-US …"))
  var locale: String?
  @Option(
    help: .say(
      en: "The country of rows that do not say one, ISO 3166-1.",
      fi: "Maa riveille, jotka eivät sitä kerro, ISO 3166-1."))
  var country: String?
  @Option(
    help: .say(
      en: "When the source said so: a day or moment for the provenance.",
      fi: "Milloin lähde sanoi näin: päivä tai hetki."))
  var observed: String?
  @Flag(
    inversion: .prefixedNo,
    help: .say(
      en: "Find records by business ids and e-mail addresses too.",
      fi: "Etsi tietueita myös Y-tunnuksilla ja sähköpostiosoitteilla."))
  var match = true
  @Flag(
    help: .say(
      en: "Bring back records that were deleted here and that the file names; else their rows are refused.",
      fi:
        "Palauta tietueet, jotka on täällä poistettu ja jotka tiedosto nimeää; muuten niiden rivit hylätään."
    ))
  var revive = false
  @Option(
    help: .say(
      en: "The file for rows that could not be imported; FILE.problems.csv where not given.",
      fi: "Tiedosto riveille, joita ei voitu tuoda; jos ei anneta, TIEDOSTO.problems.csv."),
    completion: .file())
  var problems: String?
  @Flag(
    help: .say(
      en: "Begin anew where an earlier import of the file was interrupted.",
      fi: "Aloita alusta, vaikka tiedoston aiempi tuonti keskeytyi."))
  var restart = false
  @Flag(help: .say(en: "No progress bar.", fi: "Ei edistymispalkkia."))
  var quiet = false
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    let path = SmallFile.absolute(file)
    let format = format ?? ImportFormat(fileName: file)
    do {
      if propose { return try printProposal(path, format, session) }
      try await importFile(path, format, session)
    } catch let error as DataFileError {
      throw CLIProblem(error, file: file, nothing: Term(en: "Nothing was imported.", fi: "Mitään ei tuotu."))
    } catch let error as MappingError {
      throw CLIProblem(
        .badFile,
        Term(en: "The mapping does not fit; nothing was imported:", fi: "Kuvaus ei sovi; mitään ei tuotu:"),
        at: mapping ?? file, details: error.problems.map(\.description))
    }
  }

  private func importFile(_ path: String, _ format: ImportFormat, _ session: Session) async throws {
    try ContentCheck.check(path, format, encoding: encoding)
    let info = try await session.server.getServerInfo(GetServerInfoRequest(), session.call)
    var chosen: Mapping?
    if format == .csv {
      let check = try TableCheck(path: path, encoding: encoding)
      let mapping = try chosenMapping(check)
      try check.checkLocale(mapping, path: path, encoding: encoding)
      chosen = mapping
    }
    let name = source ?? chosen?.source ?? String(file.split(separator: "/").last ?? "")
    let assembler = RowAssembler(options: try assembly(source: name, team: info.team))
    var rows: any RowSource
    switch format {
    case .csv: rows = try TableSource(path: path, mapping: chosen ?? Mapping(), encoding: encoding, assembler)
    case .jsonl: rows = try LinesSource(path: path, encoding: encoding)
    case .vcard: rows = try CardSource(path: path, country: country, encoding: encoding, assembler)
    }
    let finding = rows.finding
    var journal = try ImportJournal(
      file: path, target: "\(session.context.endpoint) \(info.tenant)",
      settings: (chosen?.text() ?? format.rawValue) + name)
    let isResumed = !change.isDryRun && !restart && journal.load()
    if isResumed {
      let count = LocaleFormat(session.language).number(journal.checkpoint.rows)
      Output.complain([
        session.say(
          en: "An earlier import was interrupted: going on after row \(count).",
          fi: "Aiempi tuonti keskeytyi: jatketaan rivin \(count) jälkeen.")
      ])
    }
    let bad = ProblemFile(path: problems.map(SmallFile.absolute) ?? "\(path).problems.csv", session.language)
    if isResumed { try bad.resume(at: journal.checkpoint) }
    var options = ImportOptions()
    options.isDryRun = change.isDryRun
    options.reason = change.reason
    options.requestID = change.requestID
    options.matchesByIdentity = match
    options.revivesDeleted = revive
    let meter = ImportMeter(session.language, isQuiet: quiet)
    let run = ImportRun(session, options, source: rows, problems: bad, journal: journal, meter: meter)
    do {
      try await run.run()
    } catch {
      meter.clear()
      try? bad.flush()
      throw error
    }
    journal.remove()
    let summary = ImportSummary(
      file: file, finding: finding, source: name, isDryRun: change.isDryRun, tally: run.tally,
      problems: problems ?? "\(file).problems.csv",
      hasMetDeleted: run.hasMetDeleted, seconds: meter.elapsed)
    let lines = summary.lines(session.language, session.output.style, width: session.output.width)
    if session.format == .json || session.format == .jsonl {
      Output.complain(lines)
    } else {
      try session.output.lines(lines)
    }
    if bad.refused > 0 { throw CLIProblem(.partial, .verbatim("")) }
  }

  private func assembly(source: String, team: String) throws -> AssemblyOptions {
    var options = AssemblyOptions(source: source, team: team, contentSystem: Self.system(source))
    switch try observed.map(PointInTime.init) {
    case .moment(let moment): options.observed = moment
    case .revision:
      throw CLIProblem(
        .usage, Term(en: "A day or a moment was expected.", fi: "Odotettiin päivää tai hetkeä."),
        at: "--observed")
    case nil: break
    }
    return options
  }

  /// A source's name as a system of external ids: small letters, digits and hyphens.
  private static func system(_ source: String) -> String {
    let words = DataText.folded(source).split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    let name = words.joined(separator: "-")
    return name.isEmpty ? "import" : String(name.prefix(63))
  }

  // MARK: Mappings

  private func chosenMapping(_ check: TableCheck) throws -> Mapping {
    if let path = mapping {
      guard let bytes = try SmallFile.read(SmallFile.absolute(path)) else {
        throw CLIProblem(.badFile, Term(en: "The mapping is not there.", fi: "Kuvausta ei ole."), at: path)
      }
      var mapping = try Mapping(parsing: String(decoding: bytes, as: UTF8.self), targets: ImportTargets.all)
      if let country { mapping.country = country }
      return mapping
    }
    if let profile {
      guard
        let mapping = profile.mapping(
          header: check.header, locale: try dataLocale() ?? .american, country: country)
      else {
        throw CLIProblem(
          .badFile,
          Term(
            en:
              "The table is not an export such as \(profile.rawValue): too few of its columns are there; nothing was imported.",
            fi: "Taulukko ei ole vienti \(profile.rawValue): sen sarakkeita on liian vähän; mitään ei tuotu."),
          at: file, details: [check.header.joined(separator: ", ")],
          remedy: Term(
            en: "Make a mapping: punos import \(file) --propose",
            fi: "Tee kuvaus: punos import \(file) --propose"))
      }
      return mapping
    }
    throw CLIProblem(
      .usage, Term(en: "Which column is which?", fi: "Mikä sarake on mikin?"), at: file,
      details: [check.header.joined(separator: ", ")],
      remedy: Term(
        en:
          "Let a mapping be proposed, look it over, and import with it: punos import \(file) --propose > my.mapping; "
          + "punos import \(file) --mapping my.mapping",
        fi: "Pyydä ehdotus, tarkista se ja tuo sen avulla: punos import \(file) --propose > oma.mapping; "
          + "punos import \(file) --mapping oma.mapping"))
  }

  private func dataLocale() throws -> DataLocale? {
    guard let locale else { return nil }
    guard let found = DataLocale(locale) else {
      throw CLIProblem(
        .usage, Term(en: "The habits of \(locale) are not known.", fi: "Kielen \(locale) tapoja ei tunneta."),
        at: "--locale", remedy: Term(en: "Try fi, sv, de or en-US.", fi: "Kokeile fi, sv, de tai en-US."))
    }
    return found
  }

  private func printProposal(_ path: String, _ format: ImportFormat, _ session: Session) throws {
    guard format == .csv else {
      throw CLIProblem(
        .usage, Term(en: "Only tables need a mapping.", fi: "Vain taulukot tarvitsevat kuvauksen."), at: file)
    }
    let check = try TableCheck(path: path, encoding: encoding)
    let proposal = MappingProposal(
      header: check.header, samples: check.samples, locale: try dataLocale(), country: country)
    try session.output.write(proposal.mapping.text(remarks: proposal.reasons))
  }
}

extension MappingProfile {
  /// All of them, for help texts.
  fileprivate static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
