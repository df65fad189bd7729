public import RPC

/// Reads who calls from the certificate, before anything else happens, and leaves it with the connection.
///
/// Health and reflection tell nothing of anybody's data and are open to every peer whose connection was accepted.
public struct IdentityInterceptor: ServerInterceptor {
  private static let openServices: Set<String> = [
    "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
  ]

  public init() {}

  public func callStarted(_ context: CallContext) throws {
    // A connection's certificate never changes: it is read at the first call that needs it.
    if context.connection.kept(Principal.self) != nil || Self.openServices.contains(context.service) { return }
    do {
      context.connection.keep(try Self.principal(of: context.peer))
    } catch {
      throw error.rpcError
    }
  }

  /// Who a verified certificate names.
  ///
  /// - Throws: ``Problem`` UNAUTHENTICATED with what to do.
  static func principal(of peer: PeerIdentity?) throws(Problem) -> Principal {
    guard let peer else {
      throw unauthenticated(
        "NO_CERTIFICATE",
        "A client certificate is needed. Ask your administrator for one (punosd cert issue) and use it.")
    }
    guard peer.uriSANs.count == 1, let uri = peer.uriSANs.first else {
      throw unauthenticated(
        "AMBIGUOUS_CERTIFICATE",
        "The client certificate must have exactly one URI name; it has \(peer.uriSANs.count). "
          + "Ask your administrator for a new one (punosd cert issue).")
    }
    do {
      return try Principal(uri: uri)
    } catch {
      throw unauthenticated(
        "UNREADABLE_CERTIFICATE",
        "The client certificate's URI name does not name a user: \(error.expected) was expected. "
          + "Ask your administrator for a new one (punosd cert issue).")
    }
  }

  private static func unauthenticated(_ reason: String, _ message: String) -> Problem {
    Problem(.unauthenticated, reason, message)
  }
}

extension CallContext {
  /// Who calls.
  ///
  /// - Throws: UNAUTHENTICATED where no interceptor has found out.
  func caller() throws -> Principal {
    guard let principal = connection.kept(Principal.self) else {
      throw Problem(.unauthenticated, "NO_CERTIFICATE", "A client certificate is needed.").rpcError
    }
    return principal
  }
}

/// Runs a handler's body and turns what went wrong into the wire's error.
func answering<T>(_ body: () async throws(Problem) -> T) async throws -> T {
  do {
    return try await body()
  } catch {
    throw error.rpcError
  }
}
