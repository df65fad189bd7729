import RPC
import Transport

/// One setting of the server: how it is named in the file, the environment and on the command line, what it
/// means, and how its text is read. ``ConfigurationKey/all`` is the only list there is: the loader, the help, the
/// reference in `docs/configuration.md` and the "did you mean" of an unknown key all come from it.
public struct ConfigurationKey: Sendable {
  /// The name in the configuration file: lower case, dots between parts ("log.level").
  public let name: String
  /// The value that holds where nobody says otherwise, as text; nil where the setting is simply absent.
  public let defaultText: String?
  /// What the value looks like ("HOST:PORT", "seconds").
  public let shape: String
  /// What it does and why one would change it, in one or two sentences.
  public let summary: String
  /// Reads the text into the configuration.
  let apply:
    @Sendable (_ text: String, _ configuration: inout Configuration) throws(ConfigurationProblem) -> Void

  /// The environment variable: `PUNOS_` and the name in upper case, with underscores ("PUNOS_LOG_LEVEL").
  public var environmentName: String {
    "PUNOS_" + name.uppercased().map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
  }

  /// The flag: two hyphens and the name with hyphens ("--log-level").
  public var flag: String {
    "--" + name.map { $0 == "." || $0 == "_" ? "-" : String($0) }.joined()
  }
}

extension ConfigurationKey {
  /// Every setting, in the order of the reference.
  public static let all: [ConfigurationKey] = [
    .text(
      "data", shape: "folder", at: \.dataFolder,
      "The folder that `punosd init` made: the store, the certificates and this file lie in it."),
    .text(
      "listen", shape: "HOST:PORT", default: "127.0.0.1:8443", at: \.listen,
      "Where gRPC calls are taken. Port 0 takes a free one; the log says which."),
    .text(
      "metrics.listen", shape: "HOST:PORT", at: \.metricsListen,
      "Where Prometheus reads /metrics, in plain HTTP; absent: nowhere. Keep it on an address of your own network."
    ),
    .text(
      "tls.certificate", shape: "file", at: \.certificateFile,
      "The server's certificate chain, PEM. Absent: pki/server.pem in the data folder. A changed file is picked up."
    ),
    .text(
      "tls.key", shape: "file", at: \.keyFile,
      "The key of that certificate, PEM. Absent: pki/server-key.pem in the data folder."),
    .text(
      "tls.client-ca", shape: "file", at: \.clientCAFile,
      "Who may vouch for clients, PEM. Absent: pki/ca.pem in the data folder."),
    .choice(
      "log.level", ["trace", "debug", "info", "notice", "warning", "error", "critical"], default: "info",
      at: \.logLevel, "How much is logged."),
    .choice(
      "log.format", ["text", "json"], default: "text", at: \.logFormat,
      "A line of text for people, or of JSON for machines."),
    .number(
      "stop.grace", shape: "seconds", in: 0...3600, default: 20, at: \.stopGraceSeconds,
      "How long calls in flight may go on after SIGTERM; then they are cancelled."),
    .number(
      "threads", shape: "count", in: 1...256, default: 0, orDefaultAutomatically: true, at: \.threads,
      "Event loops that serve connections; absent: one for each core that the process may use."),
    .number(
      "limits.connections", shape: "count", in: 1...1_000_000,
      default: ServerConfiguration.defaultConnections,
      at: \.maximumConnections,
      "Connections in all; one more is closed at once."),
    .number(
      "limits.connections-per-address", shape: "count", in: 1...1_000_000,
      default: ServerConfiguration.defaultConnectionsPerAddress, at: \.maximumConnectionsPerAddress,
      "Connections from one address; one more is closed at once."),
    .number(
      "limits.streams", shape: "count", in: 1...10_000,
      default: ServerConfiguration.defaultConcurrentStreams, at: \.maximumStreams,
      "Calls under way at once on one connection; one more is refused and may be tried again."),
    .number(
      "limits.message-bytes", shape: "bytes", in: 1024...67_108_864, default: CallLimits.defaultMessageBytes,
      at: \.maximumMessageBytes, "The largest message taken or sent, uncompressed."),
    .number(
      "limits.calls-per-second", shape: "count", in: 0...1_000_000, default: 0, at: \.maximumCallsPerSecond,
      "Calls that one person or program may begin a second, those of two seconds at once; 0: no limit. More are refused with the time to wait."
    ),
    .number(
      "retention.changes-days", shape: "days", in: 1...36_500, default: 3_650, at: \.changeRetentionDays,
      "How long the history of changes is kept, and so how far back one can ask."),
  ]

  /// The setting of a name, if there is one.
  public static func named(_ name: String) -> ConfigurationKey? {
    all.first { $0.name == name }
  }
}

extension ConfigurationKey {
  private static func text(
    _ name: String, shape: String, default defaultText: String? = nil,
    at path: any (WritableKeyPath<Configuration, String?> & Sendable), _ summary: String
  ) -> ConfigurationKey {
    ConfigurationKey(name: name, defaultText: defaultText, shape: shape, summary: summary) {
      text, configuration throws(ConfigurationProblem) in
      guard !text.isEmpty else {
        throw ConfigurationProblem(key: name, came: "nothing", expected: shape)
      }
      configuration[keyPath: path] = text
    }
  }

  private static func choice(
    _ name: String, _ choices: [String], default defaultText: String,
    at path: any (WritableKeyPath<Configuration, String> & Sendable), _ summary: String
  ) -> ConfigurationKey {
    let shape = choices.joined(separator: "|")
    return ConfigurationKey(name: name, defaultText: defaultText, shape: shape, summary: summary) {
      text, configuration throws(ConfigurationProblem) in
      guard choices.contains(text) else {
        throw ConfigurationProblem(key: name, came: "\"\(text)\"", expected: "one of \(shape)")
      }
      configuration[keyPath: path] = text
    }
  }

  private static func number(
    _ name: String, shape: String, in range: ClosedRange<Int>, default defaultValue: Int,
    orDefaultAutomatically automatic: Bool = false,
    at path: any (WritableKeyPath<Configuration, Int> & Sendable), _ summary: String
  ) -> ConfigurationKey {
    ConfigurationKey(
      name: name, defaultText: automatic ? nil : String(defaultValue), shape: shape, summary: summary
    ) { text, configuration throws(ConfigurationProblem) in
      guard let value = Int(text), range.contains(value) else {
        throw ConfigurationProblem(
          key: name, came: "\"\(text)\"",
          expected: "a whole number from \(range.lowerBound) to \(range.upperBound) (\(shape))")
      }
      configuration[keyPath: path] = value
    }
  }
}
