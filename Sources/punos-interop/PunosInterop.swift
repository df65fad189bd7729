internal import ArgumentParser

/// `punos-interop`: our server and client as the public gRPC interoperability specification wants to see
/// them.
@main
struct PunosInterop: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "punos-interop",
    abstract: "Serves grpc.testing.TestService, or runs its cases against a server.",
    subcommands: [Serve.self, ClientCase.self], defaultSubcommand: Serve.self)
}

/// `HOST:PORT` as an argument; an IPv6 address stands in brackets.
struct HostPort: ExpressibleByArgument, Sendable {
  var host: String
  var port: Int

  init?(argument: String) {
    guard let colon = argument.lastIndex(of: ":"),
      let port = Int(argument[argument.index(after: colon)...]), (0...65535).contains(port)
    else { return nil }
    var host = argument[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard !host.isEmpty else { return nil }
    self.host = String(host)
    self.port = port
  }
}
