/// Fields that only the server writes, and fields that are set once.
public enum OwnedFields {
  /// A message as a client may have sent it: without the fields that only the server writes, at any depth.
  public static func withoutOutputOnly(
    _ bytes: [UInt8], of message: MessageDescriptor
  ) throws(DecodingError) -> [UInt8] {
    guard message.holdsOutputOnly else { return bytes }
    return try withBuffer(bytes) { (buffer) throws(DecodingError) in try strip(buffer, message) }
  }

  private static func strip(
    _ bytes: UnsafeRawBufferPointer, _ message: MessageDescriptor
  ) throws(DecodingError) -> [UInt8] {
    var out = WireWriter(reserving: bytes.count)
    var reader = WireReader(bytes)
    while true {
      let next: WireField?
      do throws(WireFault) {
        next = try reader.next()
      } catch {
        throw DecodingError(DecodingError.Reason(error))
      }
      guard let wire = next else { return out.bytes }
      guard let field = message.field(wire.number) else {
        out.bytes.append(contentsOf: bytes[wire.range])
        continue
      }
      if field.rule?.outputOnly == true { continue }
      if let inner = field.message, wire.type == .lengthDelimited, inner.holdsOutputOnly {
        do throws(DecodingError) {
          out.field(wire.number, try strip(wire.bytes, inner))
        } catch {
          throw error.inside(field.name)
        }
      } else {
        out.bytes.append(contentsOf: bytes[wire.range])
      }
    }
  }

  /// Fields that may be set at creation only and differ between two values of a record. Top level and below.
  public static func immutableChanges(
    from before: [UInt8], to after: [UInt8], of message: MessageDescriptor, in schema: Schema
  ) throws(DecodingError) -> [FieldViolation] {
    try FieldDifferences.between(before, after, of: message, in: schema).compactMap { difference in
      guard isImmutable(difference.path, message) else { return nil }
      return FieldViolation(
        path: difference.path, reason: .immutable,
        description: "another value came; expected the one that was set at creation")
    }
  }

  private static func isImmutable(_ path: String, _ message: MessageDescriptor) -> Bool {
    var current: MessageDescriptor? = message
    for segment in FieldPath.segments(path) {
      let name = segment.prefix { $0 != "[" }
      guard let field = current?.field(named: String(name)) else { return false }
      if field.rule?.immutable == true { return true }
      current = field.isMap ? nil : field.message
    }
    return false
  }
}
