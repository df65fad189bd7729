internal import ArgumentParser

/// `punos-interop client`: the client side.
struct ClientCase: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "client", abstract: "Runs one case against a server.")

  func run() async throws {}
}
