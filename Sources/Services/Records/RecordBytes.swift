import ProtobufBridge
import Store

/// Makes answers out of stored records without reading them: a body is the encoded message already, and lacks only
/// what the store knows of it.
struct RecordBytes: Sendable {
  /// Numbers of the fields that ``RecordMessage`` tells of.
  private let name, etag, revision, createTime, updateTime, deleteTime: UInt32
  /// The greatest of them, so that most of a body's fields need one comparison.
  private let greatest: UInt32

  /// - Returns: nil for a message that is no record.
  init?(_ message: MessageDescriptor) {
    func number(_ field: String) -> UInt32? { message.field(named: field)?.number }
    guard let name = number("name"), let etag = number("etag"), let revision = number("revision"),
      let createTime = number("create_time"), let updateTime = number("update_time"),
      let deleteTime = number("delete_time")
    else { return nil }
    self.name = name
    self.etag = etag
    self.revision = revision
    self.createTime = createTime
    self.updateTime = updateTime
    self.deleteTime = deleteTime
    greatest = max(name, etag, revision, createTime, updateTime, deleteTime)
  }

  private func isOwn(_ number: UInt32) -> Bool {
    number <= greatest
      && (number == name || number == etag || number == revision || number == createTime || number == updateTime
        || number == deleteTime)
  }

  /// Room for what is written before a body: names are short, and times take twelve bytes each.
  static let headReservation = 128

  /// The record as its message would be encoded once the store's own fields are filled in.
  ///
  /// - Throws: ``Problem`` DATA_LOSS where the body cannot be read.
  func message(_ record: StoredRecord, named name: String) throws(Problem) -> [UInt8] {
    var writer = WireWriter(reserving: record.body.count + Self.headReservation)
    try append(record, named: name, to: &writer)
    return writer.bytes
  }

  /// The same behind what was written before.
  func append(_ record: StoredRecord, named name: String, to writer: inout WireWriter) throws(Problem) {
    writer.field(self.name, name)
    writer.field(etag, ETag.text(for: record.revision))
    writer.field(revision, UInt64(bitPattern: record.revision.rawValue))
    write(createTime, record.createdTime, &writer)
    write(updateTime, record.updatedTime, &writer)
    if let deleted = record.deletedTime { write(deleteTime, deleted, &writer) }
    if let fault = appendBody(record.body, &writer) { throw .unreadable(name, cause: fault) }
  }

  /// The body without the fields written above.
  ///
  /// - Returns: why it is not made of fields, or nil.
  private func appendBody(_ body: [UInt8], _ writer: inout WireWriter) -> WireFault? {
    body.withUnsafeBytes { buffer in
      var reader = WireReader(buffer)
      var kept = 0
      do throws(WireFault) {
        while let field = try reader.next() {
          guard isOwn(field.number) else { continue }
          writer.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[kept..<field.range.lowerBound]))
          kept = field.range.upperBound
        }
      } catch {
        return error
      }
      writer.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[kept...]))
      return nil
    }
  }

  /// A google.protobuf.Timestamp; parts that are zero are left out, as protobuf has it.
  private func write(_ number: UInt32, _ moment: Moment, _ writer: inout WireWriter) {
    let seconds = UInt64(bitPattern: moment.seconds)
    let nanos = UInt64(bitPattern: Int64(moment.nanoseconds))
    writer.tag(number, .lengthDelimited)
    writer.varint(UInt64((seconds == 0 ? 0 : 1 + Self.size(seconds)) + (nanos == 0 ? 0 : 1 + Self.size(nanos))))
    if seconds != 0 { writer.field(1, seconds) }
    if nanos != 0 { writer.field(2, nanos) }
  }

  /// Bytes of a varint.
  private static func size(_ value: UInt64) -> Int {
    (64 - (value | 1).leadingZeroBitCount + 6) / 7
  }
}
