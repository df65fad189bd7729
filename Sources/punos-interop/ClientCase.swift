internal import ArgumentParser
internal import Client
internal import Glibc
internal import InteropAPI
internal import InteropMessages
internal import RPC

/// `punos-interop client`: the client side.
struct ClientCase: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "client",
    abstract: "Runs one case of the interoperability specification against a server.",
    discussion: "Prints the case's name and \"ok\", or what was wrong, and exits with 1 then.")

  @Option(
    name: .customLong("case"), help: "The case, or \"all\": \(InteropCases.allNames.joined(separator: ", "))."
  )
  var name: String
  @Option(help: "The server.")
  var connect: HostPort
  @Option(help: "CAs to trust, PEM.")
  var ca: String
  @Option(help: "The client's certificate and chain, PEM.")
  var cert: String?
  @Option(help: "Its key, PEM.")
  var key: String?
  @Option(help: "The name the server's certificate must carry, where it is not the host.")
  var serverName: String?

  @Option(help: "Seconds after which a silent server is asked for a sign of life.")
  var keepaliveAfter: Double?
  @Option(help: "Seconds it may take to give one.")
  var keepaliveTimeout: Double?

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    var configuration = ClientConfiguration(
      host: connect.host, port: connect.port, caFile: ca, certificateFile: cert, keyFile: key)
    configuration.serverName = serverName
    if let keepaliveAfter { configuration.keepaliveAfter = .seconds(keepaliveAfter) }
    if let keepaliveTimeout { configuration.keepaliveTimeout = .seconds(keepaliveTimeout) }
    let channel = try GRPCChannel(configuration)
    let cases = InteropCases(channel)
    let names = name == "all" ? InteropCases.allNames : [name]
    var failed = false
    for name in names {
      do {
        try await cases.run(name)
        print("\(name): ok")
      } catch {
        failed = true
        print("\(name): FAILED: \(error)")
      }
    }
    await channel.close()
    if failed { throw ExitCode(1) }
  }
}

/// A case did not go as the specification says.
struct CaseFailure: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}
