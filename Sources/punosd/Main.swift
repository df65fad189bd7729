import ArgumentParser
import Server

@main
struct Punosd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "punosd",
    abstract: "The Punos server: one understanding of each customer, shared by sales, delivery and service.",
    version: PunosServer.version,
    subcommands: [
      Initialise.self, Certificates.self, Serve.self, Backup.self, Restore.self, Verify.self, ShowConfiguration.self,
      ShowVersion.self,
    ])
}

struct ShowVersion: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

  func run() { print("punosd \(PunosServer.version)") }
}

struct ShowConfiguration: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "List every setting: its name in file, environment and flags, and what it means.")

  func run() {
    print("Settings come from the file, then the environment, then flags; what comes later wins.\n")
    for key in ConfigurationKey.all {
      print("\(key.name) = \(key.defaultText ?? "(\(key.shape))")")
      print("    \(key.flag) \(key.shape)    \(key.environmentName)")
      print("    \(key.summary)\n")
    }
  }
}
