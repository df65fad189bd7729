import ArgumentParser
import Server

struct Initialise: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make a new installation: data folder, authority, server certificate, first administrator.")

  @Option(help: "The folder to make.")
  var data: String
  @Option(help: "The company that uses Punos: 1 to 63 of a-z, 0-9 and hyphen.")
  var tenant: String
  @Option(help: "The first administrator: a-z, 0-9 and . _ - @ +")
  var admin: String = "admin"
  @Option(help: "The administrator's team.")
  var team: String = "sales"
  @Option(help: "A host name or address under which clients reach the server; may be given more than once.")
  var host: [String] = []
  @Option(help: "Where the server listens, HOST:PORT.")
  var listen: String = "127.0.0.1:8443"

  func run() throws {
    let result = try Initialiser.initialise(
      folder: data, tenant: tenant, team: team, administrator: admin,
      hosts: host.isEmpty ? ["localhost", "127.0.0.1", "::1"] : host, listen: listen)
    print(
      """
      Made \(data) for \(tenant).

        certificate authority   \(result.caFile)
        settings                \(result.configurationFile)
        first administrator     \(result.administrator.uri)

      Start the server:
        punosd serve --data \(data)
      Then let the client know it:
        punos context add \(tenant) --endpoint \(listen) --ca \(result.caFile) \\
          --cert \(result.administrator.certificate) --key \(result.administrator.key)
      """)
  }
}

struct Certificates: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cert", abstract: "Certificates for people and programs.", subcommands: [IssueCertificate.self])
}

struct IssueCertificate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "issue", abstract: "Issue a certificate that names a person or program of a team.")

  @Option(help: "The data folder.")
  var data: String
  @Option(help: "The company.")
  var tenant: String
  @Option(help: "The team: sales, delivery, service …")
  var team: String
  @Option(name: .customLong("name"), help: "The person or program: aino.virtanen, crm-sync …")
  var principal: String
  @Option(help: "How many days it is valid.")
  var days: Int = Initialiser.certificateDays
  @Option(help: "The folder for the two files; the data folder's clients/ where not given.")
  var out: String?

  func run() throws {
    let files = try Initialiser.issueCertificate(
      uri: "punos://\(tenant)/\(team)/\(principal)", data: data, days: days, output: out)
    print(
      """
      Issued \(files.uri), valid \(days) days.

        certificate   \(files.certificate)
        key           \(files.key)    (secret: hand it over on a safe way, then delete it here)
      """)
  }
}
