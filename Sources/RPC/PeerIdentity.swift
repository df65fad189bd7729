import Synchronization

/// Who is at the other end, as its verified certificate says.
public struct PeerIdentity: Sendable, Hashable {
  /// The certificate's subject, in the form of RFC 2253.
  public var subject: String
  /// The URI entries of the subject alternative name, in the certificate's order.
  public var uriSANs: [String]
  /// SHA-256 of the certificate's DER form, 64 lower-case hexadecimal digits.
  public var fingerprint: String

  /// An identity; only a verified certificate should become one.
  public init(subject: String, uriSANs: [String], fingerprint: String) {
    self.subject = subject
    self.uriSANs = uriSANs
    self.fingerprint = fingerprint
  }
}

/// What all calls of one connection share.
public final class ConnectionInfo: Sendable {
  /// The verified client certificate, or nil when there was none.
  public let peer: PeerIdentity?
  /// The peer's IP address and port, for example `192.0.2.7:50112` or `[2001:db8::1]:50112`.
  public let remoteAddress: String
  /// Tells this connection from others in the log; random, 16 hexadecimal digits.
  public let tag: String
  private let kept = Mutex<[(ObjectIdentifier, any Sendable)]>([])

  /// Describes a connection.
  public init(peer: PeerIdentity?, remoteAddress: String, tag: String) {
    self.peer = peer
    self.remoteAddress = remoteAddress
    self.tag = tag
  }

  /// Leaves a value for later calls of this connection, such as what its certificate was found to mean; one value for
  /// each type, the last one stays.
  public func keep<T: Sendable>(_ value: T) {
    let key = ObjectIdentifier(T.self)
    kept.withLock { kept in
      kept.removeAll { $0.0 == key }
      kept.append((key, value))
    }
  }

  /// The value left for a type, or nil when nobody left one.
  public func kept<T: Sendable>(_ type: T.Type = T.self) -> T? {
    let key = ObjectIdentifier(type)
    return kept.withLock { kept in kept.first(where: { $0.0 == key })?.1 as? T }
  }
}
