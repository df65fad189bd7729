internal import ArgumentParser
internal import DataFiles
internal import Glibc
internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// What `export` writes.
enum ExportFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
  /// Every record whole, a line each: `punos import` reads it back without loss.
  case jsonl
  /// A table for spreadsheets: the main fields.
  case csv
  /// People as vCard 4, for address books.
  case vcard
}

/// What kinds of record `export` writes.
struct ExportKind: ExpressibleByArgument, Sendable, Equatable {
  /// The kind's name in the schema, or "all".
  let name: String

  static let all = ExportKind(name: "all")
  static let account = ExportKind(name: "account")
  static let contact = ExportKind(name: "contact")

  private init(name: String) { self.name = name }

  init?(argument: String) {
    guard Self.allValueStrings.contains(argument) else { return nil }
    name = argument
  }

  static var allValueStrings: [String] { ["all", "account", "contact"] + CLINouns.all.map { $0.kind } }
}

/// Writes records to a file.
struct ExportCommand: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "export",
      abstract: say(
        en: "Write accounts, contacts and everything known about them to a file.",
        fi: "Kirjoita asiakkuudet, yhteyshenkilöt ja kaikki niistä tiedetty tiedostoon."
      ),
      discussion: say(
        en:
          "JSON lines hold everything and are read back by `punos import`; CSV and vCard hold the main fields.",
        fi:
          "JSON-riveillä on kaikki, ja `punos import` lukee ne takaisin; CSV:ssä ja vCardissa ovat tärkeimmät kentät."
      ))
  }

  @Argument(
    help: .say(
      en: "The file; standard output where not given.", fi: "Tiedosto; vakiotuloste, jos ei anneta."),
    completion: .file())
  var file: String?
  @Option(name: .customLong("as"), help: .say(en: "jsonl, csv or vcard.", fi: "jsonl, csv tai vcard."))
  var exportFormat: ExportFormat = .jsonl
  @Option(
    help: .say(
      en: "all, account, contact or another kind; CSV takes account or contact, vCard contacts.",
      fi:
        "all, account, contact tai muu laji; CSV ottaa asiakkuudet tai yhteyshenkilöt, vCard yhteyshenkilöt.")
  )
  var kind: ExportKind = .all
  @Option(
    help: .say(
      en: "Only accounts and contacts that fit; with one kind only.",
      fi: "Vain sopivat; yhdelle lajille kerrallaan."))
  var filter: String = ""
  @Flag(
    help: .say(
      en: "Deleted records too, behind the others; `punos import` brings them back deleted.",
      fi: "Myös poistetut, muiden jälkeen; `punos import` tuo ne takaisin poistettuina."))
  var deleted = false
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    try check()
    let sink = try ExportSink(path: file.map(SmallFile.absolute))
    var count = 0
    switch exportFormat {
    case .jsonl:
      let lines = try await ExportLines(session, sink, kind, filter: filter, deletedToo: deleted)
      count = try await lines.write(kind, deleted: false)
      if deleted { count += try await lines.write(kind, deleted: true) }
    case .csv: count = try await table(session, sink)
    case .vcard:
      let contacts = RecordPages<ContactServiceClient>(session: session, filter: filter)
      var employers = EmployerNames(session)
      try await contacts.read { page in
        for contact in page {
          try sink.write(ContactCard.card(contact, try await employers.names(contact)).serialized())
        }
        count += page.count
      }
    }
    try sink.finish()
    guard file != nil else { return }
    let number = LocaleFormat(session.language).number(count)
    try session.output.line(
      session.say(
        en: "Wrote \(number) records to \(file ?? "").",
        fi: "Kirjoitettiin \(number) tietuetta: \(file ?? "")."))
  }

  private func check() throws(CLIProblem) {
    if exportFormat == .csv, kind != .account, kind != .contact {
      throw CLIProblem(
        .usage, Term(en: "A table holds one kind of record.", fi: "Taulukossa on yhtä lajia."),
        at: "--as csv",
        remedy: Term(
          en: "Say --kind account or --kind contact.", fi: "Anna --kind account tai --kind contact."))
    }
    if deleted, exportFormat != .jsonl {
      throw CLIProblem(
        .usage,
        Term(en: "Only JSON lines tell what is deleted.", fi: "Vain JSON-rivit kertovat, mikä on poistettu."),
        at: "--deleted", remedy: Term(en: "Say --as jsonl.", fi: "Anna --as jsonl."))
    }
    if exportFormat == .vcard, kind != .all, kind != .contact {
      throw CLIProblem(
        .usage, Term(en: "vCards are people.", fi: "vCard kuvaa henkilöitä."), at: "--kind \(kind.name)",
        remedy: Term(en: "Say --kind contact.", fi: "Anna --kind contact."))
    }
    if !filter.isEmpty, kind == .all, exportFormat != .vcard {
      throw CLIProblem(
        .usage, Term(en: "A filter fits one kind of record.", fi: "Suodatin koskee yhtä lajia."),
        at: "--filter",
        remedy: Term(
          en: "Say --kind account or --kind contact.", fi: "Anna --kind account tai --kind contact."))
    }
  }

  private func table(_ session: Session, _ sink: ExportSink) async throws -> Int {
    var count = 0
    var writer = CSVWriter(byteOrderMark: true)
    if kind == .account {
      let accounts = RecordPages<AccountServiceClient>(session: session, filter: filter)
      writer.write(ExportTable.accountColumns)
      try await accounts.read { page in
        for account in page { writer.write(ExportTable.row(account)) }
        count += page.count
        try sink.write(writer.output)
        writer.output = []
      }
    } else {
      let contacts = RecordPages<ContactServiceClient>(session: session, filter: filter)
      writer.write(ExportTable.contactColumns)
      try await contacts.read { page in
        for contact in page { writer.write(ExportTable.row(contact)) }
        count += page.count
        try sink.write(writer.output)
        writer.output = []
      }
    }
    try sink.write(writer.output)
    return count
  }
}

/// Where an export goes: standard output, or a file that is there only when it is whole.
final class ExportSink {
  private let path: String?
  private var buffer: [UInt8] = []
  private var descriptor: Int32

  private static let bufferSize = 256 << 10

  /// - Parameter path: nil for standard output.
  init(path: String?) throws(CLIProblem) {
    self.path = path
    descriptor = STDOUT_FILENO
    guard let path else { return }
    descriptor = open(path + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure(path) }
  }

  deinit {
    // An export that ended before it was whole leaves nothing behind.
    if let path, descriptor >= 0 {
      close(descriptor)
      unlink(path + ".new")
    }
  }

  func write(_ text: String) throws(CLIProblem) {
    buffer += text.utf8
    if buffer.count >= Self.bufferSize { try flush() }
  }

  func write(_ bytes: [UInt8]) throws(CLIProblem) {
    buffer += bytes
    if buffer.count >= Self.bufferSize { try flush() }
  }

  private func flush() throws(CLIProblem) {
    var rest = buffer[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        if errno == EPIPE { throw CLIProblem(.brokenPipe, .verbatim("")) }
        throw Self.failure(path ?? "stdout")
      }
      rest = rest.dropFirst(count)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes what waits, and puts the file in its place.
  func finish() throws(CLIProblem) {
    try flush()
    guard let path else { return }
    guard fsync(descriptor) == 0, close(descriptor) == 0, rename(path + ".new", path) == 0 else {
      throw Self.failure(path)
    }
    descriptor = -1
  }

  private static func failure(_ path: String) -> CLIProblem {
    SmallFile.failure(
      .failure, path, Term(en: "The export cannot be written", fi: "Vientiä ei voi kirjoittaa"))
  }
}
