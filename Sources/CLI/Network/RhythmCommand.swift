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
    guard session.format == .table || session.format == .markdown else {
      try session.output.line(rhythm.jsonString())
      return
    }
    let page = page(rhythm, Writing(session.language))
    let isMarkdown = session.format == .markdown
    try session.output.lines(
      isMarkdown ? page.markdown() : page.lines(width: session.output.width, style: session.output.style))
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
      (language.say(en: "usual gap", fi: "tavallinen väli"),
        rhythm.medianGapDays.map { days(writing.format.number($0, decimals: $0 == $0.rounded() ? 0 : 1)) } ?? ""),
      (language.say(en: "longest gap", fi: "pisin väli"), rhythm.longestGapDays.map { days(writing.format.number($0)) } ?? ""),
      (language.say(en: "silent for", fi: "hiljaa"), rhythm.silentDays.map { days(writing.format.number($0)) } ?? ""),
    ])
    page.items(
      rhythm.channels.map { ($0.channel.title(language), "\(writing.format.number($0.interactions))") })
    return page
  }
}
