/// Something for some fields of a message, by field number: looked up for every field of every message that is read, so
/// small numbers, which nearly all fields have, are found without hashing.
public struct FieldTable<Value: Sendable>: Sendable {
  @usableFromInline var dense: [Value?] = []
  @usableFromInline var sparse: [UInt32: Value] = [:]

  /// Numbers below this have a tag of one or two bytes and a place of their own.
  @usableFromInline static var denseLimit: UInt32 { 256 }

  /// A table with nothing in it.
  @inlinable public init() {}

  /// Whether nothing is in it.
  public var isEmpty: Bool { sparse.isEmpty && dense.allSatisfy { $0 == nil } }

  /// All that is in it, in no particular order.
  public var values: [Value] { dense.compactMap { $0 } + sparse.values }

  /// What there is for a field.
  @inlinable
  public subscript(number: UInt32) -> Value? {
    get {
      if number < UInt32(truncatingIfNeeded: dense.count) { return dense[Int(number)] }
      return number < Self.denseLimit ? nil : sparse[number]
    }
    set {
      guard number < Self.denseLimit else {
        sparse[number] = newValue
        return
      }
      while dense.count <= Int(number) { dense.append(nil) }
      dense[Int(number)] = newValue
    }
  }
}
