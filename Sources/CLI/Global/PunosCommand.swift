internal import ArgumentParser
internal import DataFiles
internal import RPC
internal import Terminal

/// A command of the client: what it throws is shown to a person, and becomes an exit status.
protocol PunosCommand: AsyncParsableCommand, Sendable {
  /// What every command takes.
  var globals: GlobalOptions { get }
  /// Does it.
  func perform() async throws
}

extension PunosCommand {
  /// Does it, and says what went wrong.
  func run() async throws {
    do {
      try await perform()
      try Output(noColor: true).flush()
    } catch let code as ExitCode {
      // What was printed before a command ends with a status of its own belongs to it.
      try? Output(noColor: true).flush()
      throw code
    } catch {
      // What was printed before the problem stays in front of it.
      try? Output(noColor: true).flush()
      let problem = CLIProblem(any: error, globals)
      guard !problem.what.english.isEmpty else { throw ExitCode(problem.exit.rawValue) }
      throw ExitCode(PunosCLI.tell(problem, globals.language, noColor: globals.noColor))
    }
  }
}

/// A command that talks to a server.
protocol ServerCommand: PunosCommand {
  /// Does it there.
  func perform(_ session: Session) async throws
}

extension ServerCommand {
  func perform() async throws {
    let session = try Session(globals)
    do {
      try await perform(session)
    } catch let error as RPCError {
      // Whoever interrupts a command knows why it ends.
      if Task.isCancelled { throw CancellationError() }
      throw CLIProblem(error, endpoint: session.context.endpoint)
    }
  }
}

extension CLIProblem {
  /// What any error means to a person.
  init(any error: any Error, _ globals: GlobalOptions) {
    switch error {
    case let problem as CLIProblem: self = problem
    case let error as RPCError: self.init(error, endpoint: "")
    case let error as DataFileError:
      self.init(.badFile, .verbatim(error.message), at: "\(error.position?.description ?? "")")
    case let error as MappingError:
      self.init(
        .badFile, Term(en: "The mapping does not fit:", fi: "Kuvaus ei sovi:"),
        details: error.problems.map(\.description))
    case is CancellationError: self.init(.interrupted, .verbatim(""))
    default: self.init(.failure, .verbatim("\(error)"))
    }
  }
}
