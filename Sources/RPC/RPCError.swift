/// Why a call did not succeed: what goes to the peer, and what stays in the log.
///
/// A handler throws it to choose the status its caller sees; a client gets it for every call that failed.
public struct RPCError: Error, Sendable {
  /// The status of the call; `.ok` in a thrown error is sent as `.unknown`, since a failure is never OK.
  public var code: StatusCode
  /// A sentence for the caller. Sent percent-encoded, and cut at ``CallLimits/statusMessageBytes``.
  public var message: String
  /// An encoded `google.rpc.Status`, sent as `grpc-status-details-bin`; empty when there is none.
  public var details: [UInt8]
  /// Trailing metadata that goes with the failure.
  public var metadata: Metadata
  /// What lies behind it, for this side's log only; it is never sent.
  public var cause: (any Error)?

  /// - Parameters:
  ///   - code: the status the caller sees.
  ///   - message: says what happened, to which field or record, and what to do next.
  ///   - details: an encoded `google.rpc.Status`, or empty.
  ///   - metadata: trailing metadata to send along.
  ///   - cause: for the log only.
  public init(
    _ code: StatusCode, _ message: String, details: [UInt8] = [], metadata: Metadata = Metadata(),
    cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.details = details
    self.metadata = metadata
    self.cause = cause
  }

  /// The same with labels, as the contract between modules spells it.
  public init(
    code: StatusCode, message: String, details: [UInt8] = [], metadata: Metadata = Metadata(),
    cause: (any Error)? = nil
  ) {
    self.init(code, message, details: details, metadata: metadata, cause: cause)
  }
}

extension RPCError: CustomStringConvertible {
  /// Code and message; without details, metadata and cause, which may hold what must not be shown.
  public var description: String { "\(code): \(message)" }
}
