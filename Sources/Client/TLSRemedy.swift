internal import TLS

/// What a user can do about a TLS connection that did not come to stand, told by OpenSSL's reason.
enum TLSRemedy {
  /// Parts of reasons and what to do, the first that fits. The server's alerts come before what this side found out:
  /// they say whose certificate it is about.
  private static let remedies: [(part: String, remedy: String)] = [
    (
      "alert certificate required",
      "the server refused this client: it wants a client certificate, and none was given"
    ),
    (
      "alert certificate expired",
      "the server refused this client: its certificate has expired, get a new one"
    ),
    (
      "alert certificate revoked",
      "the server refused this client: its certificate was revoked, get a new one"
    ),
    ("alert unknown ca", refusedCertificate), ("alert bad certificate", refusedCertificate),
    ("alert certificate unknown", refusedCertificate), ("alert unsupported certificate", refusedCertificate),
    ("alert access denied", refusedCertificate), ("alert decrypt error", refusedCertificate),
    ("alert protocol version", oldTLS), ("alert no application protocol", noHTTP2),
    ("alert", "the server ended the handshake: its log says why"),
    ("ALPN", noHTTP2), ("unsupported protocol", oldTLS),
    ("wrong version number", "that port does not speak TLS: check the port"),
    (
      "certificate has expired",
      "the server's certificate has expired: whoever runs it must renew it, or this machine's clock is wrong"
    ),
    ("certificate is not yet valid", "check the clocks of this machine and of the server"),
  ]

  private static let refusedCertificate =
    "the server refused this client: check that its certificate and key are given and come from a CA that the server trusts"
  private static let oldTLS =
    "the server does not speak TLS 1.3: check the port, and that the server is up to date"
  private static let noHTTP2 = "what listens there is no gRPC server: check the host and the port"

  /// - Parameter name: what the server's certificate has to name.
  static func remedy(for error: TLSError, serverName name: String) -> String {
    if let known = remedies.first(where: { error.reason.contains($0.part) }) { return known.remedy }
    guard error.reason.contains("certificate") else { return "check that the server speaks TLS 1.3" }
    return "check that the CA file belongs to this server and that its certificate names \"\(name)\""
  }
}
