internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

struct SignalCommand: AsyncParsableCommand {
  static let configuration = RecordCommands<SignalNoun>.configuration(and: [
    AcknowledgeSignal.self, DismissSignal.self, ReopenSignal.self,
  ])
}

extension Session {
  var signalHandling: SignalHandlingServiceClient { SignalHandlingServiceClient(channel) }
}

/// Takes care of a signal.
struct AcknowledgeSignal: ServerCommand {
  static let configuration = CommandConfiguration(
    commandName: "ack", abstract: "Take care of one; others see that you do.")

  @OptionGroup var target: RecordArgument
  @Argument(help: "What is being done.")
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
  static let configuration = CommandConfiguration(
    commandName: "dismiss", abstract: "Say that one needs nothing, and why.")

  @OptionGroup var target: RecordArgument
  @Argument(help: "Why it needs nothing.")
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
  static let configuration = CommandConfiguration(
    commandName: "reopen", abstract: "Open one again that was taken care of or dismissed.")

  @OptionGroup var target: RecordArgument
  @Argument(help: "Why it is open again.")
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
