internal import COpenSSL

/// One TLS connection over memory: ciphertext goes in and out, plaintext goes out and in, no I/O.
///
/// Belongs to one event loop; not Sendable.
public final class TLSSession {
  /// What reading plaintext came to.
  public enum ReadResult: Sendable, Hashable {
    /// So many bytes were written into the buffer; there may be more.
    case bytes(Int)
    /// All received ciphertext is used up.
    case needsMore
    /// The peer has said that it sends no more.
    case closed
  }

  private let ssl: OpaquePointer
  private let incoming: OpaquePointer
  private let outgoing: OpaquePointer
  private let isServer: Bool
  private var shutdownSent = false
  /// Whether the handshake is complete, client certificate included.
  public private(set) var isEstablished = false

  deinit { SSL_free(ssl) }

  /// Begins a connection.
  ///
  /// - Parameters:
  ///   - context: decides whether this end is the server.
  ///   - serverName: for a client, the host name or IP address that the server's certificate must carry.
  public init(_ context: TLSContext, serverName: String? = nil) throws(TLSError) {
    ERR_clear_error()
    guard let ssl = SSL_new(context.handle) else {
      throw TLSError.taking(.library, "cannot make a TLS connection")
    }
    guard let incoming = BIO_new(BIO_s_mem()) else {
      SSL_free(ssl)
      throw TLSError.taking(.library, "cannot make a TLS buffer")
    }
    guard let outgoing = BIO_new(BIO_s_mem()) else {
      BIO_free(incoming)
      SSL_free(ssl)
      throw TLSError.taking(.library, "cannot make a TLS buffer")
    }
    punos_BIO_set_mem_eof_retry(incoming)
    punos_BIO_set_mem_eof_retry(outgoing)
    SSL_set_bio(ssl, incoming, outgoing)  // takes both
    self.ssl = ssl
    self.incoming = incoming
    self.outgoing = outgoing
    isServer = context.isServer
    if context.isServer {
      SSL_set_accept_state(ssl)
    } else {
      SSL_set_connect_state(ssl)
      guard let serverName else { throw TLSError(.configuration, "a TLS client needs the server's name") }
      try expect(serverName: serverName)
    }
  }

  private func expect(serverName: String) throws(TLSError) {
    if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), serverName) == 1 { return }
    ERR_clear_error()
    SSL_set_hostflags(ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
    guard punos_SSL_set_tlsext_host_name(ssl, serverName) == 1, SSL_set1_host(ssl, serverName) == 1 else {
      throw TLSError.taking(.configuration, "\"\(serverName)\" cannot be a server's name")
    }
  }

  /// Takes ciphertext from the network.
  public func receive(_ bytes: UnsafeRawBufferPointer) throws(TLSError) {
    guard bytes.count > 0 else { return }
    guard BIO_write(incoming, bytes.baseAddress, Int32(clamping: bytes.count)) == bytes.count else {
      throw TLSError.taking(.library, "cannot take ciphertext")
    }
  }

  /// Goes on with the handshake as far as what was received allows.
  ///
  /// Send what ``withOutput(_:)`` gives after each call, also when this one throws: the alert is in it.
  ///
  /// - Returns: whether the handshake is complete.
  public func handshake() throws(TLSError) -> Bool {
    guard !isEstablished else { return true }
    ERR_clear_error()
    let result = SSL_do_handshake(ssl)
    if result == 1 {
      // RFC 9113, section 3.2: HTTP/2 over TLS is agreed on by ALPN or not at all.
      guard selectedHTTP2 else {
        throw TLSError(
          .handshake,
          isServer
            ? "the client did not ask for HTTP/2 (ALPN h2)" : "the server does not offer HTTP/2 (ALPN h2)")
      }
      isEstablished = true
      return true
    }
    switch SSL_get_error(ssl, result) {
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE:
      return false
    default:
      let verification = SSL_get_verify_result(ssl)
      var doing = "TLS handshake failed"
      if verification != X509_V_OK, let text = X509_verify_cert_error_string(verification) {
        doing += " (certificate: \(String(cString: text)))"
      }
      throw TLSError.taking(.handshake, doing)
    }
  }

  private var selectedHTTP2: Bool {
    var protocolName: UnsafePointer<UInt8>?
    var length: UInt32 = 0
    SSL_get0_alpn_selected(ssl, &protocolName, &length)
    guard let protocolName, length == 2 else { return false }
    return protocolName[0] == UInt8(ascii: "h") && protocolName[1] == UInt8(ascii: "2")
  }

  /// Reads plaintext into a buffer; call again until ``ReadResult/needsMore``.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(TLSError) -> ReadResult {
    ERR_clear_error()
    let count = SSL_read(ssl, buffer.baseAddress, Int32(clamping: buffer.count))
    if count > 0 { return .bytes(Int(count)) }
    switch SSL_get_error(ssl, count) {
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .needsMore
    case SSL_ERROR_ZERO_RETURN: return .closed
    default: throw TLSError.taking(.record, "broken TLS record")
    }
  }

  /// Encrypts plaintext; the ciphertext waits in ``withOutput(_:)``.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(TLSError) {
    var rest = bytes
    while rest.count > 0 {
      ERR_clear_error()
      let count = SSL_write(ssl, rest.baseAddress, Int32(clamping: rest.count))
      guard count > 0 else { throw TLSError.taking(.record, "cannot encrypt") }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(Int(count)))
    }
  }

  /// Gives the ciphertext that has to go to the network, and forgets it.
  public func withOutput<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R? {
    var data: UnsafeMutablePointer<CChar>?
    let count = punos_BIO_get_mem_data(outgoing, &data)
    guard count > 0, let data else { return nil }
    defer { punos_BIO_reset(outgoing) }
    return try body(UnsafeRawBufferPointer(start: data, count: count))
  }

  /// Says that this end sends no more; the notice waits in ``withOutput(_:)``.
  public func shutDown() {
    guard isEstablished, !shutdownSent else { return }
    shutdownSent = true
    ERR_clear_error()
    _ = SSL_shutdown(ssl)
    ERR_clear_error()
  }

  /// Who is at the other end; nil when it showed no certificate. Only after the handshake.
  public func peerCertificate() -> PeerCertificate? {
    guard isEstablished, let certificate = SSL_get1_peer_certificate(ssl) else { return nil }
    defer { X509_free(certificate) }
    guard SSL_get_verify_result(ssl) == X509_V_OK else { return nil }
    return PeerCertificate(borrowing: certificate)
  }

  /// What was agreed on, for the log: for example `TLSv1.3 TLS_AES_256_GCM_SHA384`.
  public var parameters: String {
    let version = SSL_get_version(ssl).map { String(cString: $0) } ?? "?"
    let cipher = SSL_get_current_cipher(ssl).flatMap { SSL_CIPHER_get_name($0) }.map { String(cString: $0) }
    return "\(version) \(cipher ?? "?")"
  }
}
