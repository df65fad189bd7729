/// Refuses texts that are not UTF-8 and that a later occurrence of their field replaces.
///
/// Other texts are looked at when Swift values are made of them; a replaced one does not get that far, and a message
/// that holds it is no message all the same, as any other reader of it would say.
enum ReplacedTexts {
  /// - Parameter bytes: well formed, as ``ScanPlan`` checks.
  static func check(_ bytes: UnsafeRawBufferPointer, _ type: MessageDescriptor) throws(DecodingError) {
    var reader = WireReader(bytes)
    var counts: [UInt32: Int] = [:]
    while let wire = try? reader.next() {
      guard wire.type == .lengthDelimited, let field = type.field(wire.number) else { continue }
      let index = counts[wire.number, default: 0]
      counts[wire.number] = index + 1
      let place = field.isRepeated ? "\(field.name)[\(index)]" : field.name
      switch field.type {
      case .string where TextBytes.text(wire.bytes) == nil: throw DecodingError(.invalidUTF8, at: place)
      case .message:
        guard let inner = field.message else { continue }
        do throws(DecodingError) {
          try check(wire.bytes, inner)
        } catch {
          throw error.inside(place)
        }
      default: continue
      }
    }
  }
}
