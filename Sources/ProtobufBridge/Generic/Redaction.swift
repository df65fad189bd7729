/// Descriptions of messages that may be written to logs: personal data is replaced by a word that says it is
/// there.
public enum Redaction {
  /// An encoded message in one line, cut at `limit` characters.
  public static func describe(
    _ bytes: [UInt8], as message: MessageDescriptor, in schema: Schema, limit: Int = 2000
  ) -> String {
    var options = JSONOptions()
    options.hidesPersonal = true
    options.usesSchemaNames = true
    do throws(DecodingError) {
      let text = try JSON.encode(bytes, as: message, in: schema, options: options)
      return text.count <= limit ? text : text.prefix(limit) + "…"
    } catch {
      return "(a \(message.fullName) that cannot be shown: \(error))"
    }
  }
}

extension Message {
  /// The message in one line, without personal data: safe for logs.
  public var redacted: String {
    guard let descriptor = Self.descriptor else { return "(a \(Self.fullName))" }
    return Redaction.describe(serialized(), as: descriptor, in: Self.schema)
  }

  /// The same, so that a message that slips into a log or a failed expectation shows nothing personal.
  public var debugDescription: String { redacted }
}
