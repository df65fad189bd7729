/// A call's status with all that goes with it, as trailers say it.
package struct ResponseEnd: Sendable {
  package var code: StatusCode
  package var message: String
  package var details: [UInt8]
  package var metadata: Metadata

  package init(code: StatusCode, message: String = "", details: [UInt8] = [], metadata: Metadata = Metadata())
  {
    self.code = code
    self.message = message
    self.details = details
    self.metadata = metadata
  }

  package init(_ error: RPCError) {
    self.init(
      code: error.code == .ok ? .unknown : error.code, message: error.message, details: error.details,
      metadata: error.metadata)
  }

  /// Whether a constant block of trailers says it all.
  package var isPlainOK: Bool { code == .ok && metadata.isEmpty && message.isEmpty && details.isEmpty }

  /// Gives each trailer as it goes on the wire.
  package func forEachField(_ body: (_ name: String, _ value: String) -> Void) {
    body("grpc-status", String(code.rawValue))
    if !message.isEmpty {
      body("grpc-message", WireText.percentEncode(message, limit: CallLimits.statusMessageBytes))
    }
    if !details.isEmpty, details.count <= CallLimits.statusDetailsBytes {
      body("grpc-status-details-bin", WireText.base64(details))
    }
    metadata.forEachField(body)
  }
}

/// What a response begins with.
package struct ResponseHead: Sendable {
  package var encoding: MessageEncoding
  package var metadata: Metadata

  package init(encoding: MessageEncoding = .identity, metadata: Metadata = Metadata()) {
    self.encoding = encoding
    self.metadata = metadata
  }
}
