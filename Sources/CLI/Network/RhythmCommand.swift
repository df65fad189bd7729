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
  @OptionGroup var then: AsOfMoment
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = GetRhythmRequest()
    request.name = try await AccountFinder(session: session).name(of: target.account)
    request.asOfTime = try then.moment()
    let rhythm = try await session.rhythms.getRhythm(request, session.call)
    switch session.format {
    case .json, .jsonl: try session.output.line(rhythm.jsonString())
    case .csv:
      try listing(rhythm, Writing(session.language)).write(to: session.output, .csv, session.language)
    case .table, .markdown:
      let title = await title(of: rhythm.name, session)
      try page(rhythm, title, Writing(session.language)).write(to: session.output, session.format)
    }
  }

  /// What people call the account; one that cannot be read is shown by its name.
  private func title(of name: String, _ session: Session) async -> String {
    var request = GetAccountRequest()
    request.name = name
    request.readMask = ProtoFieldMask.with { $0.paths = ["display_name"] }
    return (try? await session.accounts.getAccount(request, session.call).displayName) ?? name
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
          rhythm.channels.map { "\(channel($0, writing.language)) \($0.interactions)" }.joined(
            separator: "; "),
        ]
      ])
  }

  private func page(_ rhythm: Rhythm, _ title: String, _ writing: Writing) -> Page {
    let language = writing.language
    func days(_ count: Double) -> String {
      let number = writing.format.number(count, decimals: count == count.rounded() ? 0 : 1)
      return number
        + (count == 1 ? language.say(en: " day", fi: " päivä") : language.say(en: " days", fi: " päivää"))
    }
    var page = Page()
    page.title(language.say(en: "Rhythm of \(title)", fi: "Rytmi: \(title)"))
    page.pairs([
      (language.say(en: "interactions", fi: "vuorovaikutuksia"), writing.format.number(rhythm.interactions)),
      (language.say(en: "first", fi: "ensimmäinen"), writing.full(rhythm.firstTime)),
      (language.say(en: "last touch", fi: "viimeksi"), writing.full(rhythm.lastTime)),
      (language.say(en: "usual gap", fi: "tavallinen väli"), rhythm.medianGapDays.map(days) ?? ""),
      (
        language.say(en: "longest gap", fi: "pisin väli"),
        rhythm.longestGapDays.map { days(Double($0)) } ?? ""
      ),
      (language.say(en: "silent for", fi: "hiljaa"), rhythm.silentDays.map { days(Double($0)) } ?? ""),
    ])
    page.items(
      rhythm.channels.map { (channel($0, language), "\(writing.format.number($0.interactions))") })
    return page
  }

  private func channel(_ rhythm: ChannelRhythm, _ language: Language) -> String {
    rhythm.channel == .unspecified
      ? language.say(en: "channel not said", fi: "kanava ei tiedossa") : rhythm.channel.title(language)
  }
}
