internal import COpenSSL
internal import Glibc

/// A certificate with its key, both PEM. The key is secret: write it with mode 0600 and log nothing of it.
public struct IssuedCertificate: Sendable {
  /// The certificate.
  public var certificatePEM: [UInt8]
  /// Its private key.
  public var keyPEM: [UInt8]

  /// A certificate and key read from files.
  public init(certificatePEM: [UInt8], keyPEM: [UInt8]) {
    self.certificatePEM = certificatePEM
    self.keyPEM = keyPEM
  }
}

/// A small certificate authority: enough to vouch for one installation's server and its users.
///
/// Keys are ECDSA on P-256 and signatures SHA-256, which every TLS 1.3 peer has. Serial numbers are 127 random bits.
public enum CertificateAuthority {
  /// What a certificate is for.
  public enum Purpose: Sendable, Equatable {
    /// Vouching for others.
    case authority
    /// A server, found under these host names and IP addresses.
    case server(names: [String])
    /// A client with exactly this URI as its name.
    case client(uri: String)
  }

  /// Makes a new authority.
  ///
  /// - Parameters:
  ///   - commonName: its name, 1 to 64 of letters, digits, blank, `.`, `-`, `_`.
  ///   - days: how long it is valid from now, 1 to 36,500.
  /// - Throws: ``CertificateError``.
  public static func create(commonName: String, days: Int) throws(CertificateError) -> IssuedCertificate {
    try make(commonName: commonName, days: days, purpose: .authority, issuer: nil)
  }

  /// Issues a certificate.
  ///
  /// - Parameters:
  ///   - purpose: what it is for; names and URI of letters, digits and `.-_:/@%` only.
  ///   - commonName: a name for people, as for ``create(commonName:days:)``.
  ///   - days: how long it is valid from now, 1 to 36,500.
  ///   - authority: who signs.
  /// - Throws: ``CertificateError``.
  public static func issue(
    _ purpose: Purpose, commonName: String, days: Int, signedBy authority: IssuedCertificate
  ) throws(CertificateError) -> IssuedCertificate {
    let certificate = try CertificateHandle(pem: authority.certificatePEM)
    let key = try KeyHandle(pem: authority.keyPEM)
    guard X509_check_private_key(certificate.pointer, key.pointer) == 1 else {
      throw CertificateError(what: "the authority's key does not belong to its certificate")
    }
    return try make(commonName: commonName, days: days, purpose: purpose, issuer: (certificate, key))
  }

  private static func make(
    commonName: String, days: Int, purpose: Purpose, issuer: (CertificateHandle, KeyHandle)?
  ) throws(CertificateError) -> IssuedCertificate {
    try check(commonName: commonName, days: days, purpose: purpose)
    let key = try KeyHandle.generate()
    let certificate = try CertificateHandle()
    let signer = issuer ?? (certificate, key)
    X509_set_version(certificate.pointer, 2)
    try certificate.setRandomSerial()
    // Five minutes back, for peers whose clocks run behind.
    _ = X509_gmtime_adj(X509_getm_notBefore(certificate.pointer), -300)
    _ = X509_gmtime_adj(X509_getm_notAfter(certificate.pointer), days * 86_400)
    guard X509_set_pubkey(certificate.pointer, key.pointer) == 1 else { throw .openSSL("setting the key") }
    try certificate.setSubject(commonName: commonName)
    X509_set_issuer_name(certificate.pointer, X509_get_subject_name(signer.0.pointer))
    for (nid, value) in extensions(for: purpose) {
      guard punos_x509_add_extension(certificate.pointer, signer.0.pointer, nid, value) == 1 else {
        throw .openSSL("adding an extension")
      }
    }
    guard X509_sign(certificate.pointer, signer.1.pointer, EVP_sha256()) > 0 else { throw .openSSL("signing") }
    return IssuedCertificate(certificatePEM: try certificate.pem(), keyPEM: try key.pem())
  }

  private static func extensions(for purpose: Purpose) -> [(Int32, String)] {
    switch purpose {
    case .authority:
      [
        (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"), (NID_key_usage, "critical,keyCertSign,cRLSign"),
        (NID_subject_key_identifier, "hash"),
      ]
    case .server(let names):
      [
        (NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, "critical,digitalSignature"),
        (NID_ext_key_usage, "serverAuth"), (NID_subject_key_identifier, "hash"),
        (NID_authority_key_identifier, "keyid"),
        (NID_subject_alt_name, names.map { isAddress($0) ? "IP:\($0)" : "DNS:\($0)" }.joined(separator: ",")),
      ]
    case .client(let uri):
      [
        (NID_basic_constraints, "critical,CA:FALSE"), (NID_key_usage, "critical,digitalSignature"),
        (NID_ext_key_usage, "clientAuth"), (NID_subject_key_identifier, "hash"),
        (NID_authority_key_identifier, "keyid"), (NID_subject_alt_name, "URI:\(uri)"),
      ]
    }
  }

  /// Names go into OpenSSL's configuration syntax, where a comma or a line break would begin something else: only
  /// characters that mean nothing there are taken.
  private static func check(commonName: String, days: Int, purpose: Purpose) throws(CertificateError) {
    guard (1...64).contains(commonName.utf8.count), commonName.utf8.allSatisfy({ isPlain($0, more: " .-_@") }) else {
      throw CertificateError(
        what: "the common name must be 1 to 64 of letters, digits, blank, '.', '-', '_', '@'")
    }
    guard (1...36_500).contains(days) else {
      throw CertificateError(what: "the validity must be 1 to 36,500 days; \(days) came")
    }
    let names: [String]
    switch purpose {
    case .authority: return
    case .server(let given): names = given
    case .client(let uri): names = [uri]
    }
    guard !names.isEmpty else { throw CertificateError(what: "a server certificate needs a host name") }
    for name in names {
      guard (1...255).contains(name.utf8.count), name.utf8.allSatisfy({ isPlain($0, more: ".-_:/@%") }) else {
        throw CertificateError(
          what: "a name in a certificate must be 1 to 255 of letters, digits and . - _ : / @ %")
      }
    }
  }

  private static func isPlain(_ byte: UInt8, more: String) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: more.utf8.contains(byte)
    }
  }

  private static func isAddress(_ name: String) -> Bool {
    var room = in6_addr()
    return inet_pton(AF_INET, name, &room) == 1 || inet_pton(AF_INET6, name, &room) == 1
  }
}

/// A certificate could not be made or read.
public struct CertificateError: Error, CustomStringConvertible {
  /// What happened and what was expected; nothing secret.
  public var what: String

  public var description: String { what }

  static func openSSL(_ step: String) -> CertificateError {
    var reason = "no reason given"
    let code = ERR_get_error()
    if code != 0, let text = ERR_reason_error_string(code) { reason = String(cString: text) }
    ERR_clear_error()
    return CertificateError(what: "\(step) failed: \(reason)")
  }
}
