internal import CPunosMessages
public import ProtobufBridge

extension Schema {
  /// Everything that the `.proto` files of the product say, read once from the descriptors in the program.
  public static let shared = Schema.embedded(CPunosMessages_schema_start(), size: CPunosMessages_schema_size)
}

extension Validator {
  /// Checks messages of ``Schema/shared``.
  public static let shared = Validator(.shared)
}
