internal import CShapeMessages
public import ProtobufBridge

extension Schema {
  /// The schema of all field shapes.
  public static let shapes = Schema.embedded(CShapeMessages_schema_start(), size: CShapeMessages_schema_size)
}
