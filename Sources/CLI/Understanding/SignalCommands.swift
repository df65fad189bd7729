internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

struct SignalCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    RecordCommands<SignalNoun>.configuration(and: [
      AcknowledgeSignal.self, DismissSignal.self, ReopenSignal.self,
    ])
  }
}

extension Session {
  var signalHandling: SignalHandlingServiceClient { SignalHandlingServiceClient(channel) }
}

/// Takes care of a signal.
struct AcknowledgeSignal: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "ack",
      abstract: say(en: "Take care of one; others see that you do.", fi: "Ota hoitaaksesi; muut näkevät sen.")
    )
  }

  @OptionGroup var target: RecordArgument
  @Argument(help: .say(en: "What is being done.", fi: "Mitä asialle tehdään."))
  var handling: [String] = []
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = AcknowledgeSignalRequest()
    request.name = try await RecordFinder<SignalNoun>(session: session).name(of: target.record)
    request.handling = handling.joined(separator: " ")
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let signal = try await session.signalHandling.acknowledgeSignal(request, session.call)
    try RecordPrinter(session, rows: NounRows<SignalNoun>(session.language)).outcome(
      signal, Term(en: "You take care of it: \(signal.title)", fi: "Hoidat asian: \(signal.title)"))
  }
}

/// Says that a signal needs nothing.
struct DismissSignal: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "dismiss",
      abstract: say(
        en: "Say that one needs nothing, and why.", fi: "Kerro, ettei asia vaadi mitään, ja miksi."))
  }

  @OptionGroup var target: RecordArgument
  @Argument(help: .say(en: "Why it needs nothing.", fi: "Miksi se ei vaadi mitään."))
  var handling: [String]
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = DismissSignalRequest()
    request.name = try await RecordFinder<SignalNoun>(session: session).name(of: target.record)
    request.handling = handling.joined(separator: " ")
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let signal = try await session.signalHandling.dismissSignal(request, session.call)
    try RecordPrinter(session, rows: NounRows<SignalNoun>(session.language)).outcome(
      signal, Term(en: "Dismissed: \(signal.title)", fi: "Ohitettu: \(signal.title)"))
  }
}

/// Opens a signal again.
struct ReopenSignal: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "reopen",
      abstract: say(
        en: "Open one again that was taken care of or dismissed.",
        fi: "Avaa uudelleen hoidettu tai sivuutettu."))
  }

  @OptionGroup var target: RecordArgument
  @Argument(help: .say(en: "Why it is open again.", fi: "Miksi se on taas auki."))
  var handling: [String] = []
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = ReopenSignalRequest()
    request.name = try await RecordFinder<SignalNoun>(session: session).name(of: target.record)
    request.handling = handling.joined(separator: " ")
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let signal = try await session.signalHandling.reopenSignal(request, session.call)
    try RecordPrinter(session, rows: NounRows<SignalNoun>(session.language)).outcome(
      signal, Term(en: "Open again: \(signal.title)", fi: "Avattu uudelleen: \(signal.title)"))
  }
}
