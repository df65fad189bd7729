internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// The form of a value summary.
enum ValueSummaryForm: String, ExpressibleByArgument, CaseIterable, Sendable {
  case markdown, html
}

/// A summary to give to the customer.
struct ValueSummaryCommand: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "summary",
      abstract: say(
        en: "A summary to give to the customer: what matters to them, what was agreed, what came of it.",
        fi: "Asiakkaalle annettava yhteenveto: mikä heille on tärkeää, mitä sovittiin ja mitä siitä tuli."),
      discussion: say(
        en: "No guess of ours and nothing internal is in it. HTML prints on two pages.\n"
          + "Example: punos value summary 'Kuura Konepaja' --form html --to-file kuura.html --for 'Liisa Korhonen'",
        fi: "Siinä ei ole arvioitamme eikä mitään sisäistä. HTML tulostuu kahdelle sivulle.\n"
          + "Esimerkki: punos value summary 'Kuura Konepaja' --form html --to-file kuura.html --for 'Liisa Korhonen'"))
  }

  @OptionGroup var target: AccountArgument
  @Option(help: .say(en: "markdown or html.", fi: "markdown tai html."))
  var form: ValueSummaryForm = .markdown
  @Option(
    name: .customLong("to-file"),
    help: .say(en: "Write it into this file.", fi: "Kirjoita tähän tiedostoon."),
    completion: .file(extensions: ["html", "md"]))
  var file: String?
  @Option(help: .say(en: "Its language: en or fi; yours where not given.", fi: "Kieli: en tai fi; muuten sinun kielesi."))
  var language: String?
  @Option(
    name: .customLong("for"),
    help: .say(
      en: "A person at the account it may name; may be given more than once.",
      fi: "Asiakkuuden henkilö, jonka saa nimetä; voi antaa monta kertaa."))
  var people: [String] = []
  @Option(help: .say(en: "Who gives it: your company.", fi: "Kuka antaa: yrityksenne."))
  var sender: String = ""
  @Option(help: .say(en: "As of this day: YYYY-MM-DD.", fi: "Tämän päivän tilanne: VVVV-KK-PP."))
  var date: String = ""
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = ExportValueSummaryRequest()
    request.name = try await AccountFinder(session: session).name(of: target.account)
    request.format = form == .html ? .html : .markdown
    request.language = language ?? session.language.rawValue
    for person in people { request.namedContacts.append(try await ContactFinder(session: session).name(of: person)) }
    request.sender = sender
    request.date = date
    let summary = try await ValueServiceClient(session.channel).exportValueSummary(request, session.call)
    if session.format == .json || session.format == .jsonl {
      try RecordPrinter<NounRows<ValueDriverNoun>>.json([summary], session)
    } else if let file {
      try SmallFile.replace(SmallFile.absolute(file), with: Array(summary.content.utf8), mode: 0o644)
      try session.output.lines(told(summary, file, session))
    } else {
      try session.output.write(summary.content)
    }
  }

  /// What the sender should know of what the customer does not see.
  private func told(_ summary: ExportValueSummaryResponse, _ file: String, _ session: Session) -> [String] {
    var lines = [session.say(en: "Written: \(file)", fi: "Kirjoitettu: \(file)")]
    let internals = summary.omissions.count { $0.reason != .noRoom }
    let pushed = summary.omissions.count { $0.reason == .noRoom }
    if internals > 0 {
      lines.append(session.say(en: "Internal, left out: \(internals)", fi: "Sisäisiä, jätetty pois: \(internals)"))
    }
    if pushed > 0 {
      lines.append(session.say(en: "No room, left out: \(pushed)", fi: "Tila ei riitä, jätetty pois: \(pushed)"))
    }
    if summary.namesRemoved > 0 {
      let names = summary.namesRemoved
      lines.append(session.say(en: "Names taken out of texts: \(names)", fi: "Teksteistä poistettuja nimiä: \(names)"))
    }
    return lines
  }
}
