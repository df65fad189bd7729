internal import CNGHTTP2

/// The error codes of HTTP/2 (RFC 9113, section 7).
package enum HTTP2ErrorCode: UInt32, Sendable, Hashable {
  case noError = 0
  case protocolError = 1
  case internalError = 2
  case flowControlError = 3
  case settingsTimeout = 4
  case streamClosed = 5
  case frameSizeError = 6
  case refusedStream = 7
  case cancel = 8
  case compressionError = 9
  case connectError = 10
  case enhanceYourCalm = 11
  case inadequateSecurity = 12
  case http11Required = 13
}

/// Why an HTTP/2 connection cannot go on.
package struct HTTP2Error: Error, Sendable, Hashable, CustomStringConvertible {
  /// What happened.
  package var reason: String

  package init(_ reason: String) { self.reason = reason }

  init(library code: Int, _ detail: String?) {
    let text = nghttp2_strerror(Int32(clamping: code)).map { String(cString: $0) } ?? "error \(code)"
    reason = detail.map { "\(text): \($0)" } ?? text
  }

  package var description: String { reason }
}
