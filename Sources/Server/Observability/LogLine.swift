import Glibc
public import Logging

/// Writes log entries to standard error, a line each: text for people, or JSON for machines.
///
/// What a message or a metadata value contains cannot break a line: control characters are escaped in both forms.
public struct LineLogHandler: LogHandler {
  /// How a line is written.
  public enum Format: String, Sendable {
    case text, json
  }

  public var logLevel: Logger.Level
  public var metadata: Logger.Metadata = [:]
  private let label: String
  private let format: Format
  private let write: @Sendable ([UInt8]) -> Void

  /// - Parameters:
  ///   - label: the part of the server that speaks.
  ///   - format: text or JSON.
  ///   - level: the least level written.
  ///   - write: takes one whole line with its line feed; standard error where not given.
  public init(
    label: String, format: Format, level: Logger.Level,
    write: @escaping @Sendable ([UInt8]) -> Void = LineLogHandler.writeToStandardError
  ) {
    self.label = label
    self.format = format
    self.logLevel = level
    self.write = write
  }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    let merged = event.metadata.map { metadata.merging($0) { _, new in new } } ?? metadata
    var line: [UInt8] = []
    line.reserveCapacity(256)
    let time = WallClock.now().rfc3339
    switch format {
    case .text: appendText(event, merged, time, to: &line)
    case .json: appendJSON(event, merged, time, to: &line)
    }
    line.append(UInt8(ascii: "\n"))
    write(line)
  }

  private func appendText(_ event: LogEvent, _ merged: Logger.Metadata, _ time: String, to line: inout [UInt8]) {
    line.append(contentsOf: "\(time) \(event.level.rawValue.uppercased()) \(label): ".utf8)
    JSONText.appendEscaped("\(event.message)", quotes: false, to: &line)
    for (key, value) in merged.sorted(by: { $0.key < $1.key }) {
      line.append(contentsOf: " \(key)=".utf8)
      JSONText.appendString("\(value)", to: &line)
    }
  }

  private func appendJSON(_ event: LogEvent, _ merged: Logger.Metadata, _ time: String, to line: inout [UInt8]) {
    line.append(contentsOf: "{\"time\":\"\(time)\",\"level\":\"\(event.level.rawValue)\",\"logger\":".utf8)
    JSONText.appendString(label, to: &line)
    line.append(contentsOf: ",\"message\":".utf8)
    JSONText.appendString("\(event.message)", to: &line)
    for (key, value) in merged.sorted(by: { $0.key < $1.key }) {
      line.append(UInt8(ascii: ","))
      JSONText.appendString(key, to: &line)
      line.append(UInt8(ascii: ":"))
      JSONText.appendString("\(value)", to: &line)
    }
    line.append(UInt8(ascii: "}"))
  }

  /// One write a line, so that lines of many threads do not mix; what a full pipe does not take is dropped rather
  /// than holding up a connection.
  public static let writeToStandardError: @Sendable ([UInt8]) -> Void = { line in
    line.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = Glibc.write(STDERR_FILENO, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
        if count > 0 {
          sent += count
        } else if count < 0, errno == EINTR {
          continue
        } else {
          return
        }
      }
    }
  }
}

/// The few pieces of JSON that log lines need.
enum JSONText {
  static func appendString(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    appendEscaped(text, quotes: true, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  static func appendEscaped(_ text: String, quotes: Bool, to bytes: inout [UInt8]) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
      case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
      case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
      case 0..<0x20, 0x7f:
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(hexDigit(byte >> 4))
        bytes.append(hexDigit(byte & 15))
      case UInt8(ascii: "\"") where quotes, UInt8(ascii: "\\") where quotes:
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      default: bytes.append(byte)
      }
    }
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + (value - 10)
  }
}
