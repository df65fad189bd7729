/// The fields of one encoded message, in the order of the schema, each with all its occurrences.
///
/// Wire bytes may have fields in any order and more than once; generic code wants them as the schema has
/// them. Valid as long as the bytes are.
struct FieldRuns {
  /// One field and where its occurrences lie in `occurrences`.
  struct Run {
    let field: FieldDescriptor
    let range: Range<Int>
  }
  private(set) var occurrences: [WireField] = []
  private(set) var runs: [Run] = []
  /// Where the fields that the schema does not know lie in the bytes.
  private(set) var unknown: [Range<Int>] = []

  init(_ bytes: UnsafeRawBufferPointer, of descriptor: MessageDescriptor) throws(DecodingError) {
    var isSorted = true
    var last: UInt32 = 0
    var reader = WireReader(bytes)
    do throws(WireFault) {
      while let field = try reader.next() {
        guard descriptor.field(field.number) != nil else {
          unknown.append(field.range)
          continue
        }
        if field.number < last { isSorted = false }
        last = field.number
        occurrences.append(field)
      }
    } catch {
      throw DecodingError(DecodingError.Reason(error))
    }
    if !isSorted {
      // A stable order: of equal numbers the one that came first stays first.
      occurrences.sort { ($0.number, $0.range.lowerBound) < ($1.number, $1.range.lowerBound) }
    }
    var start = 0
    while start < occurrences.count {
      let number = occurrences[start].number
      var end = start + 1
      while end < occurrences.count, occurrences[end].number == number { end += 1 }
      if let field = descriptor.field(number) { runs.append(Run(field: field, range: start..<end)) }
      start = end
    }
  }

  /// The occurrences of a field, or none.
  func of(_ field: FieldDescriptor) -> ArraySlice<WireField> {
    for run in runs where run.field === field { return occurrences[run.range] }
    return []
  }

  /// The bytes of a singular message field. Messages that occur more than once are merged, which on the wire
  /// is to stand one after the other.
  static func merged<R>(
    _ fields: ArraySlice<WireField>, _ body: (UnsafeRawBufferPointer) throws(DecodingError) -> R
  ) throws(DecodingError) -> R {
    if fields.count <= 1 {
      return try body(fields.first?.bytes ?? UnsafeRawBufferPointer(start: nil, count: 0))
    }
    var all: [UInt8] = []
    for field in fields { all.append(contentsOf: field.bytes) }
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: all.count, alignment: 1)
    defer { copy.deallocate() }
    copy.copyBytes(from: all)
    return try body(UnsafeRawBufferPointer(copy))
  }

  /// The elements of a repeated scalar field, packed or not, or the last value of a singular one, as raw
  /// scalars.
  static func scalars(
    _ fields: ArraySlice<WireField>, _ field: FieldDescriptor, _ body: (UInt64) -> Void
  ) throws(DecodingError) {
    if !field.isRepeated {
      guard let last = fields.last else { return }
      guard last.type == field.type.wireType else { throw wrongType(last, field) }
      return body(last.scalar)
    }
    for occurrence in fields {
      if occurrence.type == field.type.wireType {
        body(occurrence.scalar)
        continue
      }
      guard occurrence.type == .lengthDelimited else { throw wrongType(occurrence, field) }
      var reader = WireReader(occurrence.bytes)
      do throws(WireFault) {
        while !reader.isAtEnd {
          switch field.type.wireType {
          case .fixed32: body(UInt64(try reader.fixed32()))
          case .fixed64: body(try reader.fixed64())
          default: body(try reader.varint())
          }
        }
      } catch {
        throw DecodingError(DecodingError.Reason(error))
      }
    }
  }

  static func wrongType(_ came: WireField, _ field: FieldDescriptor) -> DecodingError {
    DecodingError(.wrongWireType(expected: field.type.wireType, came: came.type))
  }
}
