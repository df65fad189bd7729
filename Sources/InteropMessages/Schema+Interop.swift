internal import CInteropMessages
public import ProtobufBridge

extension Schema {
  /// Everything that the `.proto` files of the interoperability tests say.
  public static let interop = Schema.embedded(
    CInteropMessages_schema_start(), size: CInteropMessages_schema_size)
}
