import Services
import Store
import TLS

/// What `punosd init` makes.
public struct InitialiserResult: Sendable {
  /// The certificate and key of the first administrator.
  public var administrator: IssuedFiles
  /// The certificate that vouches for the server and its users.
  public var caFile: String
  /// The configuration file.
  public var configurationFile: String
}

/// Where an issued certificate and its key were written.
public struct IssuedFiles: Sendable, Equatable {
  public var certificate: String
  public var key: String
  /// The name in the certificate, punos://TENANT/TEAM/NAME.
  public var uri: String
}

/// Makes a new installation, and certificates for its people and programs.
public enum Initialiser {
  /// How long the authority is valid: longer than any installation's hardware.
  static let authorityDays = 7_300
  /// How long certificates are valid where nobody says: a little over a year, so that renewing is a yearly habit.
  public static let certificateDays = 397
  /// Largest file read: certificates and keys take a few thousand bytes.
  static let maximumPEMBytes = 65_536

  /// Makes the data folder, the authority, the server's certificate and the first administrator's.
  ///
  /// - Parameters:
  ///   - folder: must not hold an installation yet.
  ///   - hosts: names and addresses under which clients reach the server.
  ///   - listen: HOST:PORT for the configuration file.
  /// - Throws: ``ServerProblem``, or ``UnreadablePrincipal`` for a name of the wrong shape.
  public static func initialise(
    folder: String, tenant: String, team: String, administrator: String, hosts: [String], listen: String
  ) throws -> InitialiserResult {
    let data = DataFolder(path: folder)
    _ = try ListenAddress(listen)
    let principal = try Principal(uri: "punos://\(tenant)/\(team)/\(administrator)")
    guard !DataFolder.exists(data.caKey) else {
      throw ServerProblem("\(data.path) holds an installation already; choose another folder.")
    }
    for path in [data.path, data.storePath, data.pki, data.clients] { try DataFolder.make(path) }
    let authority = try CertificateAuthority.create(commonName: "Punos CA \(tenant)", days: authorityDays)
    let server = try CertificateAuthority.issue(
      .server(names: hosts), commonName: String(hosts.first?.prefix(64) ?? "punosd"), days: certificateDays,
      signedBy: authority)
    try DataFolder.write(authority.certificatePEM, to: data.caCertificate, mode: 0o644)
    try DataFolder.write(server.certificatePEM, to: data.serverCertificate, mode: 0o644)
    try DataFolder.write(server.keyPEM, to: data.serverKey, mode: 0o600)
    try DataFolder.write(Array(configurationText(listen: listen).utf8), to: data.configurationFile, mode: 0o644)
    // The authority's key comes last: its presence says that the folder is complete.
    try DataFolder.write(authority.keyPEM, to: data.caKey, mode: 0o600)
    let files = try issue(principal, in: data, days: certificateDays, folder: data.clients)
    return InitialiserResult(
      administrator: files, caFile: data.caCertificate, configurationFile: data.configurationFile)
  }

  /// Issues a certificate for a person or program.
  ///
  /// - Parameters:
  ///   - uri: punos://TENANT/TEAM/NAME.
  ///   - data: the data folder.
  ///   - output: where the two files are written; nil: the data folder's `clients`.
  public static func issueCertificate(
    uri: String, data: String, days: Int, output: String?
  ) throws -> IssuedFiles {
    let folder = DataFolder(path: data)
    return try issue(try Principal(uri: uri), in: folder, days: days, folder: output ?? folder.clients)
  }

  private static func issue(
    _ principal: Principal, in data: DataFolder, days: Int, folder: String
  ) throws -> IssuedFiles {
    guard DataFolder.exists(data.caKey) else {
      throw ServerProblem("\(data.path) holds no installation; make one with punosd init.")
    }
    let authority = IssuedCertificate(
      certificatePEM: try DataFolder.read(data.caCertificate, limit: maximumPEMBytes),
      keyPEM: try DataFolder.read(data.caKey, limit: maximumPEMBytes))
    let issued = try CertificateAuthority.issue(
      .client(uri: principal.uri), commonName: String(principal.name.filter { $0 != "+" }.prefix(64)), days: days,
      signedBy: authority)
    try DataFolder.make(folder)
    let base = "\(folder)/\(principal.tenant.text)-\(principal.team)-\(principal.name)"
    let files = IssuedFiles(certificate: base + ".pem", key: base + "-key.pem", uri: principal.uri)
    try DataFolder.write(issued.certificatePEM, to: files.certificate, mode: 0o644)
    try DataFolder.write(issued.keyPEM, to: files.key, mode: 0o600)
    return files
  }

  private static func configurationText(listen: String) -> String {
    var text = "# Settings of punosd. `punosd config` lists them all with what they mean; the environment and flags\n"
    text += "# come before this file. Only what differs from the default needs to stand here.\n\n"
    text += "listen = \(listen)\n"
    return text
  }
}
