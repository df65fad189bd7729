import ArgumentParser
import Logging
import Server

struct Backup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy the store into a new folder, also while it is served.")

  @Option(help: "The data folder.")
  var data: String
  @Option(help: "The folder to make.")
  var to: String

  func run() async throws { try await Keep.report(data) { try await $0.backup(to: to) } }
}

struct Restore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Make the store from a backup; whoever was erased since is erased again.")

  @Option(help: "The data folder; it must not hold a store.")
  var data: String
  @Option(help: "The backup's folder.")
  var from: String
  @Option(
    help: "The folder of the store that was lost, for the erasures it knew of; \"none\" where it is gone too."
  )
  var erasures: String

  func run() async throws {
    let register = erasures == "none" ? nil : erasures
    try await Keep.report(data) { try await $0.restore(from: from, erasuresOf: register) }
  }
}

struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract:
      "Check integrity, contiguity, the hash chain, and indexes against records, also while it is served.")

  @Option(help: "The data folder.")
  var data: String

  func run() async throws { try await Keep.report(data) { try await $0.verify() } }
}

enum Keep {
  /// Does a task and prints what became of it; fails where all is not well.
  static func report(_ data: String, _ task: (Maintenance) async throws -> MaintenanceReport) async throws {
    let logger = Logger(label: "punosd") { LineLogHandler(label: $0, format: .text, level: .warning) }
    let report = try await task(Maintenance(data: data, logger: logger))
    for line in report.lines { print(line) }
    if !report.isWell { throw ExitCode.failure }
  }
}
