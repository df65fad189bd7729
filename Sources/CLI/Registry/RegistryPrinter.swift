internal import PunosMessages
internal import Terminal

/// Prints what registries add and where they differ.
final class RegistryPrinter {
  private let session: Session
  private let writing: Writing
  private var rows: [[String]] = []

  init(_ session: Session) {
    self.session = session
    writing = Writing(session.language)
  }

  private static let columns: [Listing.Column] = [
    .init("account", en: "Account", fi: "Asiakkuus", minimum: 16),
    .init("field", en: "Field", fi: "Kenttä", minimum: 10),
    .init("ours", en: "Here", fi: "Meillä", minimum: 10),
    .init("theirs", en: "There", fi: "Siellä", minimum: 10),
    .init("registry", en: "Registry", fi: "Rekisteri", minimum: 6),
    .init("observed", en: "Since", fi: "Alkaen", minimum: 10),
    .init("outcome", en: "Outcome", fi: "Tulos", expendability: 1),
    .init("name", en: "Id", fi: "Id", expendability: 2),
  ]

  /// Tells what became of an account; at once on a terminal, with the rest for programs.
  func tell(_ outcome: RegistryOutcome, isDryRun: Bool) throws {
    guard session.format == .table else {
      rows += outcome.filled.map {
        [
          outcome.title, $0.path, "", $0.value, outcome.registry, "",
          isDryRun ? "would fill in" : "filled in",
          outcome.name,
        ]
      }
      return add(outcome.differences, outcome.title, outcome.name)
    }
    guard !outcome.filled.isEmpty || !outcome.differences.isEmpty else { return }
    var lines = [session.output.style.bold(DisplayWidth.harmless(outcome.title))]
    for statement in outcome.filled {
      let title = RegistryWords.title(statement.path, session.language)
      let text = "+ \(title): \(RegistryWords.value(statement.value, at: statement.path, session.language))"
      lines += indented(text).map(session.output.style.good)
    }
    for difference in outcome.differences { lines += self.lines(difference) }
    try session.output.lines(lines)
  }

  /// Tells the differences of an account.
  func tell(_ differences: [RegistryDifference], of account: Account) throws {
    guard session.format == .table else { return add(differences, account.displayName, account.name) }
    guard !differences.isEmpty else { return }
    try session.output.lines(
      [session.output.style.bold(DisplayWidth.harmless(account.displayName))] + differences.flatMap(lines))
  }

  /// Prints the rows that wait.
  func finish() throws {
    guard session.format != .table else { return }
    try Listing(columns: Self.columns, rows: rows).write(to: session.output, session.format, session.language)
  }

  /// Markdown is read by people, the other forms by programs.
  private func title(_ path: String) -> String {
    session.format == .markdown ? RegistryWords.title(path, session.language) : path
  }

  private func value(_ value: String, at path: String) -> String {
    session.format == .markdown && !value.isEmpty
      ? RegistryWords.value(value, at: path, session.language) : value
  }

  private func add(_ differences: [RegistryDifference], _ title: String, _ name: String) {
    rows += differences.map {
      [
        title, $0.claim.path, $0.ours, $0.claim.value, $0.claim.registry, RegistryWords.day($0.claim),
        "differs", name,
      ]
    }
  }

  private func lines(_ difference: RegistryDifference) -> [String] {
    indented("≠ " + Self.sentence(difference, session.language)).map(session.output.style.warning)
      + indented(RegistryWords.source(difference.claim, writing), by: 4).map(session.output.style.faint)
  }

  private func indented(_ text: String, by indent: Int = 2) -> [String] {
    let blanks = String(repeating: " ", count: indent)
    let lines = DisplayWidth.wrapped(text, to: max(20, session.output.width - indent - 2))
    return lines.enumerated().map { blanks + ($0.offset == 0 ? "" : "  ") + $0.element }
  }

  /// A difference in a sentence: `legal name: here Kuura Oy, there Kuura Konepaja Oy`.
  static func sentence(_ difference: RegistryDifference, _ language: Language) -> String {
    let title = RegistryWords.title(difference.claim.path, language)
    let theirs = RegistryWords.value(difference.claim.value, at: difference.claim.path, language)
    let ours = RegistryWords.value(difference.ours, at: difference.claim.path, language)
    guard !ours.isEmpty else { return "\(title): \(theirs)" }
    return language.say(
      en: "\(title): \(ours) here, \(theirs) in the registry",
      fi: "\(title): meillä \(ours), rekisterissä \(theirs)")
  }
}
