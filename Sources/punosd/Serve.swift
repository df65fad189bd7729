import ArgumentParser
import Glibc
import Logging
import Server

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve until SIGTERM or SIGINT, then let calls in flight finish.",
    discussion: "Every setting of `punosd config` is a flag here, such as --listen HOST:PORT or --log-format json.")

  @Option(help: "The settings' file; punosd.conf in the data folder where not given.")
  var config: String?
  @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("Settings as flags.", valueName: "settings"))
  var settings: [String] = []

  func run() async throws {
    let configuration = try ConfigurationLoader.load(
      arguments: settings, configurationFile: config, environment: ProcessEnvironment.all)
    let format = LineLogHandler.Format(rawValue: configuration.logFormat) ?? .text
    let level = Logger.Level(rawValue: configuration.logLevel) ?? .info
    let logger = Logger(label: "punosd") { LineLogHandler(label: $0, format: format, level: level) }
    let server = PunosServer(
      configuration: configuration, environment: ProcessEnvironment.all, logger: logger,
      onReady: { address in
        print("punosd is ready at \(address)")
        fflush(nil)
      })
    do {
      try await ServerRunner.run(server, logger: logger)
    } catch {
      logger.critical("\(error)")
      throw ExitCode.failure
    }
  }
}
