/// What the header blocks of an answer say, gathered field by field: headers, and later trailers.
package struct AnswerHead: Sendable {
  package private(set) var httpStatus: Int?
  package private(set) var isGRPC = false
  package private(set) var contentType = ""
  package private(set) var encoding: MessageEncoding?
  package private(set) var unknownEncoding: String?
  package private(set) var grpcStatus: Int?
  package private(set) var message = ""
  package private(set) var details: [UInt8] = []
  package private(set) var metadata = Metadata()

  /// Nothing received yet.
  package init() {}

  /// Takes one field of a header block.
  package mutating func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    if name.equals(":status") {
      httpStatus = Int(String(decoding: value, as: UTF8.self))
    } else if name.equals("content-type") {
      isGRPC = RequestHead.isGRPC(value)
      contentType = String(decoding: value.prefix(64), as: UTF8.self)
    } else if name.equals("grpc-encoding") {
      addEncoding(value)
    } else if name.equals("grpc-status") {
      grpcStatus = Int(String(decoding: value, as: UTF8.self))
    } else if name.equals("grpc-message") {
      message = WireText.percentDecode(value)
    } else if name.equals("grpc-status-details-bin") {
      details = WireText.fromBase64(value) ?? []
    } else if !name.equals("grpc-accept-encoding") {
      _ = metadata.addReceivedField(name, value)
    }
  }

  private mutating func addEncoding(_ value: UnsafeRawBufferPointer) {
    if value.equals("identity") {
      encoding = .identity
    } else if value.equals("gzip") {
      encoding = .gzip
    } else {
      unknownEncoding = String(decoding: value.prefix(64), as: UTF8.self)
    }
  }

  /// The call's status by these trailers.
  ///
  /// - Returns: nil when the call succeeded.
  package func failure() -> RPCError? {
    guard let grpcStatus else {
      return RPCError(.unknown, "the answer ended without a grpc-status", metadata: metadata)
    }
    if grpcStatus == 0 { return nil }
    return RPCError(
      StatusCode(rawValue: grpcStatus) ?? .unknown, message, details: details, metadata: metadata)
  }

  /// What an answer means that is not gRPC at all.
  ///
  /// Source: "HTTP to gRPC Status Code Mapping" in the gRPC core documentation.
  package func failureOfPlainHTTP() -> RPCError {
    let code: StatusCode =
      switch httpStatus {
      case 400: .internal
      case 401: .unauthenticated
      case 403: .permissionDenied
      case 404: .unimplemented
      case 429, 502, 503, 504: .unavailable
      default: .unknown
      }
    let status = httpStatus.map(String.init) ?? "no"
    return RPCError(
      code,
      "the answer is not gRPC: HTTP status \(status), content type \"\(contentType)\"; check that the endpoint is a gRPC server and no proxy answers in its place"
    )
  }
}
