internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import RPC
internal import TLS
internal import Transport

/// Why a connection does not stand: which endpoint, what went wrong, what to do.
enum ConnectFailure {
  /// For a socket that did not open.
  static func describe(_ error: any Error, _ configuration: ClientConfiguration) -> RPCError {
    let endpoint = configuration.endpoint
    let message: String
    if let error = error as? NIOConnectionError {
      if let lookup = error.dnsAError ?? error.dnsAAAAError, error.connectionErrors.isEmpty {
        message =
          "cannot find \(configuration.host) (\(lookup)): check the host name and that name resolution works"
      } else if let first = error.connectionErrors.first {
        return describeSocket(first.error, endpoint)
      } else {
        message = "cannot find an address for \(configuration.host): check the host name"
      }
    } else {
      return describeSocket(error, endpoint)
    }
    return RPCError(.unavailable, message, cause: error)
  }

  private static func describeSocket(_ error: any Error, _ endpoint: String) -> RPCError {
    let remedy: String
    // The system's own words, where they are the reason: what wraps them says less.
    let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
    if let error = error as? IOError, error.errnoCode == ECONNREFUSED {
      remedy = "nothing listens there: check the port and that the server is running"
    } else if case .connectTimeout? = error as? ChannelError {
      remedy = "no answer: check the address and that no firewall is in between"
    } else {
      remedy = "check the network between here and there"
    }
    return RPCError(.unavailable, "cannot connect to \(endpoint) (\(reason)); \(remedy)", cause: error)
  }

  /// For a connection that ended out of order.
  ///
  /// - Parameter ready: whether it had taken calls before.
  static func describe(_ failure: WireFailure, ready: Bool, _ configuration: ClientConfiguration) -> RPCError
  {
    let endpoint = configuration.endpoint
    switch failure {
    case .tls(let error):
      let remedy = TLSRemedy.remedy(for: error, serverName: configuration.serverName ?? configuration.host)
      if isRefusal(error.reason) {
        return RPCError(
          .unauthenticated, "\(endpoint) refused this client's certificate: \(error); \(remedy)", cause: error)
      }
      return RPCError(.unavailable, "no secure connection to \(endpoint): \(error); \(remedy)", cause: error)
    case .http2(let error):
      return RPCError(
        .unavailable, "\(endpoint) broke HTTP/2 (\(error)); check that it is a gRPC server", cause: error)
    case .timeout(let text):
      return RPCError(
        .unavailable, "\(endpoint): \(text); check that the server and the network are well", cause: failure)
    case .io(let error):
      return RPCError(
        .unavailable, "the connection to \(endpoint) was lost (\(error)); the next call makes a new one",
        cause: error)
    }
  }

  /// Whether a failure is the server's word that it does not take the client's certificate: trying again does not help.
  private static func isRefusal(_ reason: String) -> Bool {
    reason.contains("certificate required")
      || reason.contains("alert")
        && ["certificate", "unknown ca", "access denied"].contains(where: reason.contains)
  }
}
