internal import ArgumentParser
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import RPC
internal import Terminal

struct ServerCommandGroup: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "server", abstract: say(en: "The server about itself.", fi: "Palvelin itsestään."),
      subcommands: [ServerInfo.self])
  }
}

struct ServerInfo: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "info",
      abstract: say(
        en: "Who the server takes you for, what it is, how far its log has come.",
        fi: "Keneksi palvelin sinut tunnistaa, mikä se on ja missä sen loki on."))
  }

  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    let info = try await session.server.getServerInfo(GetServerInfoRequest(), session.call)
    guard session.format == .table || session.format == .markdown || session.format == .csv else {
      return try RecordPrinter<AccountRows>.json([info], session)
    }
    let writing = Writing(session.language)
    try Listing(
      columns: [
        .init("server", en: "Server", fi: "Palvelin"), .init("version", en: "Version", fi: "Versio"),
        .init("tenant", en: "Company", fi: "Organisaatio"), .init("you", en: "You are", fi: "Olet"),
        .init("revision", en: "Revision", fi: "Revisio"), .init("clock", en: "Its clock", fi: "Sen kello"),
        .init("writes", en: "Takes changes", fi: "Ottaa muutoksia"),
      ],
      rows: [
        [
          session.context.endpoint, info.version, info.tenant,
          "\(info.principal) (\(FieldNames.label(info.team, session.language)))",
          writing.format.number(info.revision),
          writing.full(info.time),
          info.writable
            ? session.say(en: "yes", fi: "kyllä")
            : session.say(en: "no: ", fi: "ei: ") + info.notWritableReason,
        ]
      ]
    ).writeRecord(to: session.output, session.format, session.language)
  }
}

/// The client's version, and the server's where one is known.
struct VersionCommand: PunosCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "version",
      abstract: say(
        en: "Print the versions of client and server.", fi: "Tulosta ohjelman ja palvelimen versiot."))
  }

  @OptionGroup var globals: GlobalOptions

  func perform() async throws {
    var rows = [["punos", ClientVersion.text, ""]]
    if let session = try? Session(globals) {
      let info = try? await session.server.getServerInfo(
        GetServerInfoRequest(), CallOptions(timeout: Self.patience))
      rows.append(["punosd", info?.version ?? "", session.context.endpoint])
    }
    let output = Output(noColor: globals.noColor)
    guard globals.output == .table else {
      return try Listing(
        columns: [
          .init("program", en: "Program", fi: "Ohjelma"), .init("version", en: "Version", fi: "Versio"),
          .init("server", en: "Server", fi: "Palvelin"),
        ], rows: rows
      ).write(to: output, globals.output, globals.language)
    }
    try output.lines(rows.map(line))
  }

  /// How long the server's answer is waited for: the client's own version is the main thing.
  private static let patience = Duration.seconds(2)

  private func line(_ row: [String]) -> String {
    let (program, version, endpoint) = (row[0], row[1], row[2])
    guard !endpoint.isEmpty else { return "\(program) \(version)" }
    guard version.isEmpty else { return "\(program) \(version) (\(endpoint))" }
    return globals.language.say(
      en: "\(program): no answer from \(endpoint)", fi: "\(program): \(endpoint) ei vastaa")
  }
}
