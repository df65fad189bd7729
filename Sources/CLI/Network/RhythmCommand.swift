internal import ArgumentParser
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// `punos interaction rhythm`.
struct ShowRhythm: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "rhythm",
      abstract: say(
        en: "How often an account is in touch with us, and for how long it has been silent.",
        fi: "Kuinka usein asiakkuuteen ollaan yhteydessä ja kauanko on ollut hiljaista."))
  }

  @OptionGroup var target: AccountArgument
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = GetRhythmRequest()
    request.name = try await AccountFinder(session: session).name(of: target.account)
    let rhythm = try await session.rhythms.getRhythm(request, session.call)
    switch session.format {
    case .json, .jsonl: try session.output.line(rhythm.jsonString())
    case .csv:
      try listing(rhythm, Writing(session.language)).write(to: session.output, .csv, session.language)
    case .table, .markdown:
      try page(rhythm, Writing(session.language)).write(to: session.output, session.format)
    }
  }

  private func listing(_ rhythm: Rhythm, _ writing: Writing) -> Listing {
    Listing(
      columns: [
        .init("account", en: "Account", fi: "Asiakkuus"),
        .init("interactions", en: "Interactions", fi: "Vuorovaikutuksia", isNumber: true),
        .init("first_time", en: "First", fi: "Ensimmäinen"),
        .init("last_time", en: "Last touch", fi: "Viimeksi"),
        .init("median_gap_days", en: "Usual gap", fi: "Tavallinen väli", isNumber: true),
        .init("longest_gap_days", en: "Longest gap", fi: "Pisin väli", isNumber: true),
        .init("silent_days", en: "Silent for", fi: "Hiljaa", isNumber: true),
        .init("channels", en: "Channels", fi: "Kanavat"),
      ],
      rows: [
        [
          rhythm.name, "\(rhythm.interactions)", writing.full(rhythm.firstTime),
          writing.full(rhythm.lastTime),
          rhythm.medianGapDays.map { "\($0)" } ?? "", rhythm.longestGapDays.map { "\($0)" } ?? "",
          rhythm.silentDays.map { "\($0)" } ?? "",
          rhythm.channels.map { "\($0.channel.title(writing.language)) \($0.interactions)" }.joined(
            separator: "; "),
        ]
      ])
  }

  private func page(_ rhythm: Rhythm, _ writing: Writing) -> Page {
    let language = writing.language
    func days(_ number: String) -> String { number + language.say(en: " days", fi: " päivää") }
    var page = Page()
    page.title(language.say(en: "Rhythm of \(rhythm.name)", fi: "Rytmi: \(rhythm.name)"))
    page.pairs([
      (language.say(en: "interactions", fi: "vuorovaikutuksia"), writing.format.number(rhythm.interactions)),
      (language.say(en: "first", fi: "ensimmäinen"), writing.full(rhythm.firstTime)),
      (language.say(en: "last touch", fi: "viimeksi"), writing.full(rhythm.lastTime)),
      (
        language.say(en: "usual gap", fi: "tavallinen väli"),
        rhythm.medianGapDays.map { days(writing.format.number($0, decimals: $0 == $0.rounded() ? 0 : 1)) }
          ?? ""
      ),
      (
        language.say(en: "longest gap", fi: "pisin väli"),
        rhythm.longestGapDays.map { days(writing.format.number($0)) } ?? ""
      ),
      (
        language.say(en: "silent for", fi: "hiljaa"),
        rhythm.silentDays.map { days(writing.format.number($0)) } ?? ""
      ),
    ])
    page.items(
      rhythm.channels.map { ($0.channel.title(language), "\(writing.format.number($0.interactions))") })
    return page
  }
}
