internal import ArgumentParser
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// `punos path`.
struct PathCommand: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "path",
      abstract: say(
        en: "Who can introduce us to a person: the strongest chains of people, and why.",
        fi: "Kuka voi esitellä meidät: vahvimmat ihmisten ketjut, ja miksi."),
      discussion: say(
        en: "Example: punos path 'Liisa Korhonen' --from teammates/aino.virtanen",
        fi: "Esimerkki: punos path 'Liisa Korhonen' --from teammates/aino.virtanen"))
  }

  @Argument(
    help: .say(
      en: "Who is to be reached: id, e-mail address, or a part of the name.",
      fi: "Kenen luo: tunniste, sähköpostiosoite tai osa nimestä."))
  var contact: String
  @Option(
    help: .say(
      en:
        "Who is to be introduced: teammates/PRINCIPAL, or a person at a customer; anyone of ours where not given.",
      fi: "Kuka esitellään: teammates/KÄYTTÄJÄ tai henkilö asiakkaalla; kuka tahansa meiltä, jos ei anneta."))
  var from: String?
  @Option(help: .say(en: "How many paths at most, 1 to 10.", fi: "Montako polkua enintään, 1–10."))
  var count: Int32 = 3
  @Option(
    help: .say(en: "How many steps a path may have, 1 to 4.", fi: "Montako askelta polussa saa olla, 1–4."))
  var steps: Int32 = 4
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    let people = NetworkPeople(session: session)
    var request = FindPathRequest()
    request.to = try await people.name(of: contact)
    if let from { request.from = try await people.name(of: from) }
    request.count = count
    request.maxSteps = steps
    request.language = session.language.rawValue
    let answer = try await session.network.findPath(request, session.call)
    switch session.format {
    case .json: try session.output.line(answer.jsonString())
    case .jsonl: for path in answer.paths { try session.output.line(path.jsonString()) }
    case .csv: try rows(answer, session).write(to: session.output, session.format, session.language)
    case .table:
      let page = page(answer, session)
      try session.output.lines(page.lines(width: session.output.width, style: session.output.style))
    case .markdown: try session.output.lines(page(answer, session).markdown())
    }
  }

  private func rows(_ answer: FindPathResponse, _ session: Session) -> Listing {
    let columns: [Listing.Column] = [
      .init("path", en: "Path", fi: "Polku", isNumber: true),
      .init("step", en: "Step", fi: "Askel", isNumber: true),
      .init("from", en: "From", fi: "Keneltä"), .init("to", en: "To", fi: "Kenelle"),
      .init("strength", en: "Strength", fi: "Vahvuus", isNumber: true),
    ]
    let rows = answer.paths.enumerated().flatMap { place, path in
      path.steps.enumerated().map { index, step in
        [
          "\(place + 1)", "\(index + 1)", step.from?.name ?? "", step.to?.name ?? "",
          "\(step.strength?.value ?? 0)",
        ]
      }
    }
    return Listing(columns: columns, rows: rows)
  }

  private func page(_ answer: FindPathResponse, _ session: Session) -> Page {
    let writing = Writing(session.language)
    var page = Page()
    guard let target = answer.paths.first?.steps.last?.to else {
      page.paragraph(
        session.say(
          en: "No chain of so few steps leads there. Record who knows the person: punos relationship create",
          fi: "Näin lyhyttä ketjua ei ole. Kirjaa, kuka tuntee henkilön: punos relationship create"))
      return page
    }
    page.title(
      NetworkPeople.text(target),
      note: session.say(en: "Who can introduce us", fi: "Kuka voi esitellä meidät"))
    for path in answer.paths {
      let names = [path.steps.first?.from] + path.steps.map(\.to)
      page.heading(
        names.map { NetworkPeople.text($0) }.joined(separator: " → "),
        note: writing.format.percent(path.strength))
      for step in path.steps {
        guard let strength = step.strength else { continue }
        let text = StrengthText(strength: strength, writing: writing)
        page.paragraph("\(NetworkPeople.text(step.from)) → \(NetworkPeople.text(step.to)): \(text.summary)")
        page.items(Array(text.reasons.prefix(Self.reasonsShown)))
      }
    }
    return page
  }

  /// Reasons shown of each step; `punos relationship strength` tells all.
  private static let reasonsShown = 2
}

/// `punos relationship strength`.
struct ShowStrength: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "strength",
      abstract: say(
        en: "How strongly two people are connected, and why.",
        fi: "Kuinka vahvasti kaksi ihmistä on yhteydessä, ja miksi."))
  }

  @Argument(
    help: .say(
      en: "The one: teammates/PRINCIPAL, or a person at a customer.",
      fi: "Toinen: teammates/KÄYTTÄJÄ tai henkilö asiakkaalla."))
  var from: String
  @Argument(help: .say(en: "The other.", fi: "Toinen heistä."))
  var to: String
  @OptionGroup var then: AsOfMoment
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    let people = NetworkPeople(session: session)
    var request = GetStrengthRequest()
    request.from = try await people.name(of: from)
    request.to = try await people.name(of: to)
    request.asOfTime = try then.moment()
    request.language = session.language.rawValue
    let answer = try await session.network.getStrength(request, session.call)
    switch session.format {
    case .json, .jsonl: try session.output.line(answer.jsonString())
    case .csv: try listing(answer, request, session).write(to: session.output, .csv, session.language)
    case .table, .markdown: try page(answer, session).write(to: session.output, session.format)
    }
  }

  private func listing(_ answer: Strength, _ request: GetStrengthRequest, _ session: Session) -> Listing {
    Listing(
      columns: [
        .init("from", en: "From", fi: "Keneltä"), .init("to", en: "To", fi: "Kenelle"),
        .init("strength", en: "Strength", fi: "Vahvuus", isNumber: true),
        .init("computed", en: "Computed", fi: "Laskettu", isNumber: true),
        .init("asserted", en: "Said", fi: "Sanottu", isNumber: true),
        .init("interactions", en: "Interactions", fi: "Vuorovaikutuksia", isNumber: true),
        .init("last_time", en: "Latest", fi: "Viimeisin"),
      ],
      rows: [
        [
          request.from, request.to, "\(answer.value)", "\(answer.computed)",
          answer.asserted.map { "\($0)" } ?? "",
          "\(answer.interactions)", Writing(session.language).full(answer.lastTime),
        ]
      ])
  }

  private func page(_ answer: Strength, _ session: Session) -> Page {
    let writing = Writing(session.language)
    let text = StrengthText(strength: answer, writing: writing)
    var page = Page()
    page.title("\(from) – \(to)", note: text.summary)
    page.pairs([
      (session.say(en: "interactions", fi: "vuorovaikutuksia"), writing.format.number(answer.interactions)),
      (session.say(en: "latest", fi: "viimeisin"), writing.ago(answer.lastTime)),
    ])
    page.items(text.reasons)
    return page
  }
}
