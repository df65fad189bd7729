/// The fields of a large message, shared by its copies until one is changed: passing an account on then costs
/// one retain and not one for each of its strings.
///
/// @unchecked Sendable: generated code writes `value` only after it has made sure that it holds the sole
/// reference, so no two threads ever see a write.
public final class Boxed<Value: Sendable & Hashable>: @unchecked Sendable {
  /// The fields.
  public var value: Value

  /// Holds fields.
  @inlinable public init(_ value: Value) { self.value = value }
}
