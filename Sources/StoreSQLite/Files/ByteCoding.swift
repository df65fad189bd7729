/// Bytes that should have had a certain shape do not.
struct Malformed: Error {
  var what: String
}

/// Appends numbers and lengths-prefixed bytes.
struct ByteWriter {
  var bytes: [UInt8] = []

  mutating func byte(_ value: UInt8) { bytes.append(value) }

  /// LEB128: seven bits a byte, least first.
  mutating func varint(_ value: UInt64) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: value))
  }

  mutating func varint(_ value: Int64) { varint(UInt64(bitPattern: value)) }

  /// Eight bytes, least first.
  mutating func fixed(_ value: Int64) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func bytes(_ value: [UInt8]) {
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  mutating func text(_ value: String) {
    varint(UInt64(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }
}

/// Reads what ``ByteWriter`` wrote, believing nothing.
struct ByteReader {
  private let source: UnsafeRawBufferPointer
  private(set) var offset = 0

  /// - Parameter source: must outlive the reader.
  init(_ source: UnsafeRawBufferPointer) { self.source = source }

  var remaining: Int { source.count - offset }

  mutating func byte() throws(Malformed) -> UInt8 {
    guard offset < source.count else { throw Malformed(what: "bytes end early") }
    defer { offset += 1 }
    return source[offset]
  }

  mutating func varint() throws(Malformed) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64 {
      let next = try byte()
      value |= UInt64(next & 0x7f) << shift
      if next < 0x80 { return value }
      shift += 7
    }
    throw Malformed(what: "a number is too long")
  }

  mutating func signedVarint() throws(Malformed) -> Int64 { Int64(bitPattern: try varint()) }

  mutating func fixed() throws(Malformed) -> Int64 {
    guard remaining >= 8 else { throw Malformed(what: "bytes end early") }
    defer { offset += 8 }
    return Int64(littleEndian: source.loadUnaligned(fromByteOffset: offset, as: Int64.self))
  }

  mutating func raw(_ count: Int) throws(Malformed) -> [UInt8] {
    guard count >= 0, remaining >= count else { throw Malformed(what: "bytes end early") }
    defer { offset += count }
    return [UInt8](source[offset..<offset + count])
  }

  private mutating func length() throws(Malformed) -> Int {
    let count = try varint()
    guard count <= UInt64(remaining) else { throw Malformed(what: "a length goes past the end") }
    return Int(count)
  }

  mutating func bytes() throws(Malformed) -> [UInt8] { try raw(try length()) }

  mutating func skipBytes() throws(Malformed) { offset += try length() }

  mutating func text() throws(Malformed) -> String {
    let count = try length()
    defer { offset += count }
    return String(decoding: source[offset..<offset + count], as: UTF8.self)
  }
}
