internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// The step of a trend.
enum TrendStep: String, ExpressibleByArgument, CaseIterable, Sendable {
  case month, quarter, year

  var value: GetExperienceRequest.Step {
    switch self {
    case .month: .month
    case .quarter: .quarter
    case .year: .year
    }
  }
}

/// How it went.
struct ExperienceCommand: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "experience",
      abstract: say(
        en: "How it went: NPS, CSAT and CES with their bounds, expectation beside experience, trend.",
        fi: "Miten meni: NPS, CSAT ja CES rajoineen, odotus kokemuksen rinnalla, kehitys."),
      discussion: say(
        en: "Example: punos experience 'Kuura Konepaja' --from 2026-01-01 --to 2026-07-01",
        fi: "Esimerkki: punos experience 'Kuura Konepaja' --from 2026-01-01 --to 2026-07-01"))
  }

  @Argument(
    help: .say(en: "An account; all where not given.", fi: "Asiakkuus; kaikki, jos ei anneta."),
    completion: .custom { words, _, word in await Completions.accounts(word, in: words) })
  var account: String?
  @Option(
    help: .say(
      en: "From this day on: YYYY-MM-DD; a year back where not given.",
      fi: "Tästä päivästä: VVVV-KK-PP; muuten vuosi taaksepäin."))
  var from: String?
  @Option(
    help: .say(
      en: "Until this day, not included; now where not given.",
      fi: "Tähän päivään, sitä lukematta; muuten nyt."))
  var to: String?
  @Option(
    help: .say(
      en: "The trend's step: month, quarter or year.", fi: "Kehityksen askel: month, quarter tai year."))
  var step: TrendStep = .quarter
  @Option(
    name: .customLong("as-of"),
    help: .say(
      en: "From what was known then: YYYY-MM-DD, RFC 3339, or a revision.",
      fi: "Siitä, mitä silloin tiedettiin: VVVV-KK-PP, RFC 3339 tai revisio."))
  var asOf: String?
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = GetExperienceRequest()
    request.parent = "accounts/-"
    if let account { request.parent = try await AccountFinder(session: session).name(of: account) }
    request.startTime = try Self.moment(from, "--from")
    request.endTime = try Self.moment(to, "--to")
    request.step = step.value
    request.language = session.language.rawValue
    switch try asOf.map(PointInTime.init) {
    case .moment(let moment): request.asOf = .asOfTime(moment)
    case .revision(let revision): request.asOf = .asOfRevision(revision)
    case nil: break
    }
    let experience = try await ExperienceServiceClient(session.channel).getExperience(request, session.call)
    switch session.format {
    case .json, .jsonl: try RecordPrinter<NounRows<FeedbackNoun>>.json([experience], session)
    case .csv:
      try ExperiencePage(experience, session).listing().write(to: session.output, .csv, session.language)
    case .table, .markdown:
      let page = ExperiencePage(experience, session).page()
      try session.output.lines(
        session.format == .table
          ? page.lines(width: min(session.output.width, AccountPage.widest), style: session.output.style)
          : page.markdown())
    }
  }

  private static func moment(_ text: String?, _ option: String) throws -> ProtoTimestamp? {
    guard let text else { return nil }
    guard case .moment(let moment) = try PointInTime(text) else {
      throw CLIProblem(
        .usage, Term(en: "A day was expected: YYYY-MM-DD.", fi: "Odotettiin päivää: VVVV-KK-PP."), at: option)
    }
    return moment
  }
}

/// The page about experience.
struct ExperiencePage {
  private let experience: Experience
  private let session: Session
  private let writing: Writing

  init(_ experience: Experience, _ session: Session) {
    self.experience = experience
    self.session = session
    writing = Writing(session.language)
  }

  func page() -> Page {
    var page = Page()
    page.title(
      session.say(en: "Experience", fi: "Asiakaskokemus"),
      note: "\(writing.full(experience.startTime)) – \(writing.full(experience.endTime))")
    if experience.scores.isEmpty {
      page.paragraph(
        session.say(
          en: "Nobody answered in this period. Add feedback: punos feedback create.",
          fi: "Kukaan ei vastannut tällä jaksolla. Lisää palaute: punos feedback create."))
    }
    page.items(experience.scores.map { ($0.sentence, trend($0.measure)) })
    if !experience.touchpoints.isEmpty {
      page.heading(session.say(en: "Expectation and experience", fi: "Odotus ja kokemus"))
      page.items(experience.touchpoints.map { ($0.sentence + deeds($0.deeds), "") })
    }
    if experience.steps.count > 1 {
      page.heading(session.say(en: "Step by step", fi: "Vaiheittain"))
      page.items(
        experience.steps.map { step in
          (
            step.scores.map { "\($0.measure.title(session.language)) \(number($0))" }.joined(separator: ", "),
            writing.full(step.startTime)
          )
        })
    }
    for segment in experience.endCustomers {
      let title =
        segment.title.isEmpty ? session.say(en: "not said which", fi: "ei sanottu, mitkä") : segment.title
      page.heading(session.say(en: "Their customers: ", fi: "Heidän asiakkaansa: ") + title)
      page.items(segment.scores.map { ($0.sentence, "") })
    }
    return page
  }

  private func number(_ score: ExperienceScore) -> String {
    writing.format.number(score.score, decimals: score.measure == .ces ? 1 : 0)
  }

  /// Where a score goes, beside the period before.
  private func trend(_ measure: Feedback.Measure) -> String {
    guard let change = experience.changes.first(where: { $0.measure == measure }) else { return "" }
    switch change.direction {
    case .rising: return session.say(en: "rising", fi: "nousee")
    case .falling: return session.say(en: "falling", fi: "laskee")
    case .unclear: return session.say(en: "no clear change", fi: "ei selvää muutosta")
    default: return ""
    }
  }

  private func deeds(_ deeds: Deeds?) -> String {
    guard let deeds else { return "" }
    let parts: [(Int32, String)] = [
      (deeds.interactions, session.say(en: "meetings and messages", fi: "kohtaamista")),
      (deeds.kept, session.say(en: "promises kept", fi: "pidettyä lupausta")),
      (deeds.broken, session.say(en: "broken", fi: "rikottua")),
      (deeds.overdue, session.say(en: "overdue", fi: "myöhässä")),
    ]
    let told = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    return told.isEmpty ? "" : session.say(en: "\nOurs there: ", fi: "\nMeiltä siellä: ") + told
  }

  /// The scores as rows.
  func listing() -> Listing {
    Listing(
      columns: [
        .init("measure", en: "Measure", fi: "Mittari"),
        .init("score", en: "Score", fi: "Arvo", isNumber: true),
        .init("low", en: "From", fi: "Alaraja", isNumber: true),
        .init("high", en: "To", fi: "Yläraja", isNumber: true),
        .init("responses", en: "Answers", fi: "Vastauksia", isNumber: true),
        .init("small_sample", en: "Small sample", fi: "Pieni otos"),
      ],
      rows: experience.scores.map { score in
        [
          score.measure.title(session.language), "\(score.score)", score.interval.map { "\($0.low)" } ?? "",
          score.interval.map { "\($0.high)" } ?? "", "\(score.responses)",
          score.smallSample ? "true" : "false",
        ]
      })
  }
}
