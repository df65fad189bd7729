internal import Digests
internal import Glibc
internal import Store

/// How keys and index values become bytes whose order is the order meant.
///
/// A record's key: tenant number (4 bytes, most first), account, NUL, kind (2 bytes, most first), id. The
/// tenant's
/// own space has an empty account. An index entry: tenant number, index number (4 bytes), the values,
/// account, NUL, id.
enum KeyEncoding {
  static func appendBigEndian<T: FixedWidthInteger>(_ value: T, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }

  static func tenant(_ tenant: UInt32) -> [UInt8] {
    var bytes = [UInt8]()
    appendBigEndian(tenant, to: &bytes)
    return bytes
  }

  /// The common beginning of all keys in a shard.
  static func shard(_ tenant: UInt32, account: String?) -> [UInt8] {
    var bytes = [UInt8]()
    bytes.reserveCapacity(64)
    appendBigEndian(tenant, to: &bytes)
    if let account { bytes.append(contentsOf: account.utf8) }
    bytes.append(0)
    return bytes
  }

  /// How many bytes of a record's encoded key are its shard's.
  static func shardBytes(_ key: RecordKey) -> Int {
    MemoryLayout<UInt32>.size + (key.account?.utf8.count ?? 0) + 1
  }

  static func record(_ tenant: UInt32, _ key: RecordKey) -> [UInt8] {
    var bytes = shard(tenant, account: key.account)
    appendBigEndian(key.kind.rawValue, to: &bytes)
    bytes.append(contentsOf: key.id.utf8)
    return bytes
  }

  /// - Throws: ``Malformed`` where the bytes are no record's key.
  static func decodeRecord(_ bytes: UnsafeRawBufferPointer) throws(Malformed) -> (
    tenant: UInt32, key: RecordKey
  ) {
    guard bytes.count >= 7 else { throw Malformed(what: "record key is too short") }
    let tenant = UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))
    var end = 4
    while end < bytes.count, bytes[end] != 0 { end += 1 }
    guard bytes.count >= end + 3 else { throw Malformed(what: "record key has no kind") }
    let kind = UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: end + 1, as: UInt16.self))
    let account = end == 4 ? nil : String(decoding: bytes[4..<end], as: UTF8.self)
    let id = String(decoding: bytes[(end + 3)...], as: UTF8.self)
    return (tenant, RecordKey(account: account, kind: RecordKind(kind), id: id))
  }

  /// The first key that does not begin with `prefix`; nil where there is none.
  static func successor(of prefix: [UInt8]) -> [UInt8]? {
    var bytes = prefix
    while let last = bytes.last {
      if last < 0xff {
        bytes[bytes.count - 1] = last + 1
        return bytes
      }
      bytes.removeLast()
    }
    return nil
  }

  // MARK: Index values

  private enum Tag {
    static let null: UInt8 = 1, no: UInt8 = 2, yes: UInt8 = 3, integer: UInt8 = 4, real: UInt8 = 5
    static let text: UInt8 = 6, moment: UInt8 = 7
  }

  private static let signBit: UInt64 = 1 << 63

  static func append(_ value: FieldValue, to bytes: inout [UInt8]) {
    switch value {
    case .null: bytes.append(Tag.null)
    case .boolean(let flag): bytes.append(flag ? Tag.yes : Tag.no)
    case .integer(let number):
      bytes.append(Tag.integer)
      appendBigEndian(UInt64(bitPattern: number) ^ signBit, to: &bytes)
    case .moment(let moment):
      bytes.append(Tag.moment)
      appendBigEndian(UInt64(bitPattern: moment.rawValue) ^ signBit, to: &bytes)
    case .real(let number):
      if number.isNaN {
        bytes.append(Tag.null)
        return
      }
      bytes.append(Tag.real)
      // -0 and 0 are one value; negative numbers order the other way round by their bits.
      let bits = (number == 0 ? 0.0 : number).bitPattern
      appendBigEndian(bits & signBit == 0 ? bits | signBit : ~bits, to: &bytes)
    case .text(let text):
      bytes.append(Tag.text)
      appendText(text, to: &bytes)
      bytes.append(0)
      bytes.append(1)
    }
  }

  /// A text without its end mark, so that what begins with it begins with these bytes.
  static func appendTextPrefix(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(Tag.text)
    for byte in text.utf8.prefix(keptTextBytes) { appendEscaped(byte, to: &bytes) }
  }

  /// Long texts keep this much of themselves; the rest of their place is a digest, so that equal still means
  /// equal.
  private static let keptTextBytes = StoreLimits.indexTextBytes - 16

  private static func appendText(_ text: String, to bytes: inout [UInt8]) {
    if text.utf8.count <= keptTextBytes {
      var text = text
      text.withUTF8 { appendEscaped($0, to: &bytes) }
    } else {
      for byte in text.utf8.prefix(keptTextBytes) { appendEscaped(byte, to: &bytes) }
      for byte in SHA256.digest(of: Array(text.utf8)).prefix(16) { appendEscaped(byte, to: &bytes) }
    }
  }

  private static func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    guard let first = text.baseAddress else { return }
    // Hardly any text has a NUL, and copying whole is many times faster.
    if memchr(first, 0, text.count) == nil {
      bytes.append(contentsOf: text)
    } else {
      for byte in text { appendEscaped(byte, to: &bytes) }
    }
  }

  private static func appendEscaped(_ byte: UInt8, to bytes: inout [UInt8]) {
    bytes.append(byte)
    if byte == 0 { bytes.append(0xff) }
  }

  static func indexPrefix(_ tenant: UInt32, _ index: UInt32) -> [UInt8] {
    var bytes = [UInt8]()
    bytes.reserveCapacity(96)
    appendBigEndian(tenant, to: &bytes)
    appendBigEndian(index, to: &bytes)
    return bytes
  }

  /// What an entry ends with, so that it is told apart from others of the same value and leads to its record.
  static func appendOwner(_ key: RecordKey, to bytes: inout [UInt8]) {
    if let account = key.account { bytes.append(contentsOf: account.utf8) }
    bytes.append(0)
    bytes.append(contentsOf: key.id.utf8)
  }

  /// Skips one value.
  /// - Returns: the offset after it.
  private static func skip(_ bytes: UnsafeRawBufferPointer, from start: Int) throws(Malformed) -> Int {
    guard start < bytes.count else { throw Malformed(what: "index entry ends early") }
    switch bytes[start] {
    case Tag.null, Tag.no, Tag.yes: return start + 1
    case Tag.integer, Tag.real, Tag.moment: return start + 9
    case Tag.text:
      var at = start + 1
      while at + 1 < bytes.count {
        if bytes[at] != 0 {
          at += 1
        } else if bytes[at + 1] == 1 {
          return at + 2
        } else {
          at += 2
        }
      }
      throw Malformed(what: "index entry has an endless text")
    default: throw Malformed(what: "index entry has an unknown value")
    }
  }

  /// The record an entry leads to.
  /// - Parameter fields: how many values the entry has.
  static func decodeOwner(
    ofEntry bytes: UnsafeRawBufferPointer, fields: Int, kind: RecordKind
  ) throws(Malformed) -> RecordKey {
    var at = 8
    for _ in 0..<fields { at = try skip(bytes, from: at) }
    return try decodeOwner(from: bytes, at: at, kind: kind)
  }

  /// The number of an entry's index.
  /// - Parameter entry: of eight bytes or more, as for ``tenant(ofEntry:)`` of four.
  static func index(ofEntry entry: [UInt8]) -> UInt32 { number(in: entry, at: 4) }

  /// The tenant's number, with which every key begins.
  static func tenant(ofEntry entry: [UInt8]) -> UInt32 { number(in: entry, at: 0) }

  private static func number(in entry: [UInt8], at place: Int) -> UInt32 {
    guard entry.count >= place + 4 else { return 0 }
    return entry.withUnsafeBytes {
      UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt32.self))
    }
  }

  /// The record that an entry of the index of persons leads to.
  static func ownerOfSubject(_ entry: [UInt8]) throws(Malformed) -> RecordKey {
    let found: Result<RecordKey, Malformed> = entry.withUnsafeBytes { bytes in
      Result { () throws(Malformed) -> RecordKey in
        let at = try skip(bytes, from: 8)
        guard bytes.count > at + 2 else { throw Malformed(what: "index entry has no owner") }
        let kind = UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt16.self))
        return try decodeOwner(from: bytes, at: at + 2, kind: RecordKind(kind))
      }
    }
    return try found.get()
  }

  /// The owner that begins at an offset of an entry.
  static func decodeOwner(
    from bytes: UnsafeRawBufferPointer, at start: Int, kind: RecordKind
  ) throws(Malformed) -> RecordKey {
    guard start >= 0, start < bytes.count else { throw Malformed(what: "index entry has no owner") }
    var end = start
    while end < bytes.count, bytes[end] != 0 { end += 1 }
    guard end < bytes.count else { throw Malformed(what: "index entry has no owner") }
    let account = end == start ? nil : String(decoding: bytes[start..<end], as: UTF8.self)
    return RecordKey(account: account, kind: kind, id: String(decoding: bytes[(end + 1)...], as: UTF8.self))
  }
}
