internal import COpenSSL

/// Whether a server wants to know who its clients are.
public enum ClientCertificates: String, Sendable, Hashable, CaseIterable {
  /// Not asked for.
  case off
  /// Asked for; a client may come without, but one that it shows must be good.
  case optional
  /// A client without a good one is refused.
  case required
}

/// An OpenSSL context: TLS 1.3 alone, ALPN `h2`, no early data, no tickets, no sessions kept.
///
/// `SSL_CTX` counts its references atomically and is only read once it is set up, which makes
/// `@unchecked Sendable` true.
public final class TLSContext: @unchecked Sendable {
  /// Mozilla's "modern" groups; OpenSSL's default would add X448 and P-521.
  private static let groups = "X25519:P-256:P-384"
  /// How deep a client's chain may be: leaf, two intermediates, root.
  private static let chainDepth: Int32 = 4

  let handle: OpaquePointer
  let isServer: Bool

  deinit { SSL_CTX_free(handle) }

  private init(server: Bool) throws(TLSError) {
    ERR_clear_error()
    guard let handle = SSL_CTX_new(server ? TLS_server_method() : TLS_client_method()) else {
      throw TLSError.taking(.library, "cannot make a TLS context")
    }
    self.handle = handle
    isServer = server
    guard punos_SSL_CTX_set_min_proto_version(handle, TLS1_3_VERSION) == 1,
      punos_SSL_CTX_set_max_proto_version(handle, TLS1_3_VERSION) == 1,
      punos_SSL_CTX_set1_groups_list(handle, Self.groups) == 1
    else { throw TLSError.taking(.library, "cannot restrict TLS to 1.3 and its groups") }
    punos_SSL_CTX_set_strict_options(handle)
    punos_SSL_CTX_disable_session_cache(handle)
    _ = SSL_CTX_set_num_tickets(handle, 0)
    _ = SSL_CTX_set_max_early_data(handle, 0)
    punos_SSL_CTX_set_read_ahead(handle)
    SSL_CTX_set_verify_depth(handle, Self.chainDepth)
    // Buffers are given back while a connection is idle: about 34 KiB less for each.
    punos_SSL_CTX_set_mode(handle, Int(SSL_MODE_RELEASE_BUFFERS))
  }

  /// A server's context.
  ///
  /// - Parameters:
  ///   - certificateFile: PEM, the leaf first, then its chain.
  ///   - keyFile: PEM, not encrypted, the leaf's own key.
  ///   - clientCAFile: PEM with the CAs that clients' certificates are checked against; needed unless
  ///     `clients` is `.off`.
  ///   - clients: whether clients show certificates.
  public static func server(
    certificateFile: String, keyFile: String, clientCAFile: String?, clients: ClientCertificates
  ) throws(TLSError) -> TLSContext {
    let context = try TLSContext(server: true)
    try context.use(certificateFile: certificateFile, keyFile: keyFile)
    SSL_CTX_set_alpn_select_cb(context.handle, selectHTTP2, nil)
    switch clients {
    case .off:
      SSL_CTX_set_verify(context.handle, SSL_VERIFY_NONE, nil)
    case .optional, .required:
      guard let clientCAFile else {
        throw TLSError(
          .configuration, "client certificates are \(clients.rawValue), but no client CA file is given")
      }
      try context.trust(caFile: clientCAFile)
      guard let names = SSL_load_client_CA_file(clientCAFile) else {
        throw TLSError.taking(.configuration, "cannot read the client CA file \(clientCAFile)")
      }
      SSL_CTX_set_client_CA_list(context.handle, names)
      let required = clients == .required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0
      SSL_CTX_set_verify(context.handle, SSL_VERIFY_PEER | required, nil)
    }
    return context
  }

  /// A client's context; the server's certificate is always checked.
  ///
  /// - Parameters:
  ///   - caFile: PEM with the CAs to trust; nil takes the system's.
  ///   - certificateFile: PEM of the client's own certificate and chain, or nil for none.
  ///   - keyFile: PEM of its key; given exactly when the certificate is.
  public static func client(
    caFile: String?, certificateFile: String? = nil, keyFile: String? = nil
  ) throws(TLSError) -> TLSContext {
    let context = try TLSContext(server: false)
    if let caFile {
      try context.trust(caFile: caFile)
    } else if SSL_CTX_set_default_verify_paths(context.handle) != 1 {
      throw TLSError.taking(.configuration, "cannot load the system's CA certificates")
    }
    switch (certificateFile, keyFile) {
    case (let certificate?, let key?): try context.use(certificateFile: certificate, keyFile: key)
    case (nil, nil): break
    default: throw TLSError(.configuration, "a client certificate and its key must be given together")
    }
    SSL_CTX_set_verify(context.handle, SSL_VERIFY_PEER, nil)
    let protocols: [UInt8] = [2, UInt8(ascii: "h"), UInt8(ascii: "2")]
    guard SSL_CTX_set_alpn_protos(context.handle, protocols, UInt32(protocols.count)) == 0 else {
      throw TLSError.taking(.library, "cannot set ALPN to h2")
    }
    return context
  }

  private func use(certificateFile: String, keyFile: String) throws(TLSError) {
    ERR_clear_error()
    // An encrypted key is refused; OpenSSL would otherwise ask for its password on the terminal.
    SSL_CTX_set_default_passwd_cb(handle) { _, _, _, _ in 0 }
    guard SSL_CTX_use_certificate_chain_file(handle, certificateFile) == 1 else {
      throw TLSError.taking(.configuration, "cannot use the certificate file \(certificateFile)")
    }
    guard SSL_CTX_use_PrivateKey_file(handle, keyFile, SSL_FILETYPE_PEM) == 1 else {
      throw TLSError.taking(.configuration, "cannot use the key file \(keyFile)")
    }
    guard SSL_CTX_check_private_key(handle) == 1 else {
      throw TLSError.taking(.configuration, "the key in \(keyFile) does not belong to \(certificateFile)")
    }
  }

  private func trust(caFile: String) throws(TLSError) {
    ERR_clear_error()
    guard SSL_CTX_load_verify_file(handle, caFile) == 1 else {
      throw TLSError.taking(.configuration, "cannot read the CA file \(caFile)")
    }
  }
}

/// ALPN on the server: `h2` or nothing.
private func selectHTTP2(
  _ ssl: OpaquePointer?, _ out: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
  _ outLength: UnsafeMutablePointer<UInt8>?, _ offered: UnsafePointer<UInt8>?, _ length: UInt32,
  _ argument: UnsafeMutableRawPointer?
) -> Int32 {
  guard let offered, let out, let outLength else { return SSL_TLSEXT_ERR_ALERT_FATAL }
  var index = 0
  let count = Int(length)
  while index < count {
    let size = Int(offered[index])
    guard index + 1 + size <= count else { break }
    if size == 2, offered[index + 1] == UInt8(ascii: "h"), offered[index + 2] == UInt8(ascii: "2") {
      out.pointee = offered + index + 1
      outLength.pointee = 2
      return SSL_TLSEXT_ERR_OK
    }
    index += 1 + size
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL
}
