import ProtobufBridge
public import PunosMessages
public import RPC

/// A field that breaks a rule: which, what came, what was expected.
public struct FieldProblem: Sendable, Hashable {
  /// The field's path from the message that was checked ("employments[0].account").
  public var path: String
  /// One sentence: what came and what was expected. Nothing personal.
  public var description: String
  /// The rule, in upper snake case ("REQUIRED", "CIRCULAR_PARENT").
  public var reason: String

  public init(path: String, description: String, reason: String) {
    self.path = path
    self.description = description
    self.reason = reason
  }
}

/// Why a call is refused, in the form that goes to the caller: a code, a sentence, and details for machines.
public struct Problem: Error, Sendable {
  /// gRPC's code.
  public var code: StatusCode
  /// What happened and what to do next.
  public var message: String
  /// The case in upper snake case, unique within the domain "punos".
  public var reason: String
  /// Facts for machines: names to values.
  public var metadata: [String: String]
  /// Every field that is wrong, for INVALID_ARGUMENT.
  public var fields: [FieldProblem]
  /// The record it is about, if any.
  public var resource: String
  /// What lies behind it, for the log only.
  public var cause: (any Error)?
  /// How long to wait before the same call may succeed, where that is known.
  public var retryAfter: Duration?

  public init(
    _ code: StatusCode, _ reason: String, _ message: String, metadata: [String: String] = [:],
    fields: [FieldProblem] = [], resource: String = "", cause: (any Error)? = nil
  ) {
    self.code = code
    self.reason = reason
    self.message = message
    self.metadata = metadata
    self.fields = fields
    self.resource = resource
    self.cause = cause
  }

  /// The domain of all reasons.
  public static let domain = "punos"

  /// Many faulty fields, all at once.
  ///
  /// - Parameter fields: at least one.
  public static func invalid(_ fields: [FieldProblem], resource: String = "") -> Problem {
    let first = fields.first.map { "\($0.path): \($0.description)" } ?? "the request breaks a rule"
    let more = fields.count > 1 ? " (and \(fields.count - 1) more)" : ""
    return Problem(.invalidArgument, "INVALID_FIELDS", first + more, fields: fields, resource: resource)
  }

  /// The same as `google.rpc.Status`.
  public var status: GoogleRPCStatus {
    var status = GoogleRPCStatus()
    status.code = Int32(code.rawValue)
    status.message = message
    var info = GoogleRPCErrorInfo()
    info.reason = reason
    info.domain = Self.domain
    info.metadata = metadata
    status.details.append(Self.packed(info))
    if !fields.isEmpty {
      var request = GoogleRPCBadRequest()
      request.fieldViolations = fields.map { field in
        var violation = GoogleRPCBadRequest.FieldViolation()
        violation.field = field.path
        violation.description = field.description
        violation.reason = field.reason
        return violation
      }
      status.details.append(Self.packed(request))
    }
    if let retryAfter {
      var info = GoogleRPCRetryInfo()
      info.retryDelay = Self.delay(retryAfter)
      status.details.append(Self.packed(info))
    }
    if !resource.isEmpty {
      var info = GoogleRPCResourceInfo()
      info.resourceName = resource
      status.details.append(Self.packed(info))
    }
    return status
  }

  private static func delay(_ duration: Duration) -> ProtoDuration {
    let (seconds, attoseconds) = duration.components
    var delay = ProtoDuration()
    delay.seconds = seconds
    delay.nanos = Int32(truncatingIfNeeded: attoseconds / 1_000_000_000)
    return delay
  }

  private static func packed<M: Message>(_ message: M) -> ProtoAny {
    var any = ProtoAny()
    any.typeUrl = "type.googleapis.com/" + M.fullName
    any.value = message.serialized()
    return any
  }

  /// The same as the wire's error.
  public var rpcError: RPCError {
    RPCError(code, message, details: status.serialized(), cause: cause)
  }
}
