internal import CBenchMessages
public import ProtobufBridge

extension Schema {
  /// The schema of what is measured.
  public static let bench = Schema.embedded(CBenchMessages_schema_start(), size: CBenchMessages_schema_size)
}
