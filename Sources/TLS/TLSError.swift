internal import COpenSSL

/// What went wrong in TLS, in words an operator can act on.
public struct TLSError: Error, Sendable, Hashable {
  /// Where it went wrong.
  public enum Kind: Sendable, Hashable {
    /// A certificate, key or CA file cannot be used.
    case configuration
    /// The handshake failed.
    case handshake
    /// An established connection broke TLS.
    case record
    /// The library had no memory or failed within.
    case library
  }

  /// Where it went wrong.
  public var kind: Kind
  /// What happened, with OpenSSL's own reasons and, for a certificate, what was found wrong with it.
  public var reason: String

  /// An error with its reason.
  public init(_ kind: Kind, _ reason: String) {
    self.kind = kind
    self.reason = reason
  }

  /// Takes all that OpenSSL's error queue of this thread holds; call it before any `await`.
  static func taking(_ kind: Kind, _ doing: String) -> TLSError {
    var reasons: [String] = []
    while true {
      let code = ERR_get_error()
      guard code != 0 else { break }
      if punos_ERR_is_system(code) != 0 {
        reasons.append(SystemError.text(Int32(truncatingIfNeeded: code & 0x7FFF_FFFF)))
      } else if let text = ERR_reason_error_string(code) {
        reasons.append(String(cString: text))
      } else {
        reasons.append("OpenSSL error \(code)")
      }
    }
    var unique: [String] = []
    for reason in reasons where !unique.contains(reason) { unique.append(reason) }
    let detail = unique.isEmpty ? "" : ": " + unique.joined(separator: ", ")
    return TLSError(kind, doing + detail)
  }
}

extension TLSError: CustomStringConvertible {
  public var description: String { reason }
}
