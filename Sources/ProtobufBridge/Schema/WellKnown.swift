/// Messages of `google.protobuf` that JSON and generic code treat in ways of their own.
public enum WellKnown: Sendable {
  /// `Timestamp`.
  case timestamp
  /// `Duration`.
  case duration
  /// `FieldMask`.
  case fieldMask
  /// `Any`.
  case any
  /// `StringValue` and the other messages around one scalar.
  case wrapper

  init?(fullName: String) {
    guard fullName.hasPrefix("google.protobuf.") else { return nil }
    switch fullName.dropFirst(16) {
    case "Timestamp": self = .timestamp
    case "Duration": self = .duration
    case "FieldMask": self = .fieldMask
    case "Any": self = .any
    case "DoubleValue", "FloatValue", "Int64Value", "UInt64Value", "Int32Value", "UInt32Value", "BoolValue",
      "StringValue", "BytesValue":
      self = .wrapper
    default: return nil
    }
  }
}
