import RPC
public import ProtobufBridge
public import PunosMessages
public import Store

/// A message that is a stored record: it carries its name and what the store knows of it.
public protocol RecordMessage: Message {
  /// Resource name.
  var name: String { get set }
  /// Changes with every change of the record.
  var etag: String { get set }
  /// The tenant's revision that last changed it.
  var revision: Int64 { get set }
  /// When it was created.
  var createTime: ProtoTimestamp? { get set }
  /// When it was last changed.
  var updateTime: ProtoTimestamp? { get set }
  /// When it was deleted.
  var deleteTime: ProtoTimestamp? { get set }
}

extension Account: RecordMessage {}
extension Contact: RecordMessage {}
extension AccountContact: RecordMessage {}

extension RecordMessage {
  /// Decodes a stored record and fills in what the store knows of it.
  ///
  /// - Throws: ``Problem`` DATA_LOSS where the body cannot be read.
  public init(_ record: StoredRecord, named name: String) throws(Problem) {
    do {
      try self.init(serialized: record.body, limits: .trusted)
    } catch {
      throw .unreadable(name, cause: error)
    }
    fill(from: record, named: name)
  }

  /// Fills in what the store knows of the record.
  public mutating func fill(from record: StoredRecord, named name: String) {
    self.name = name
    etag = ETag.text(for: record.revision)
    revision = record.revision.rawValue
    createTime = ProtoTimestamp(record.createdTime)
    updateTime = ProtoTimestamp(record.updatedTime)
    deleteTime = record.deletedTime.map { ProtoTimestamp($0) }
  }

  /// Takes out what only the server says; the name stays, for bodies carry it.
  ///
  /// Written is only what is set: a record of a batch is shared with its request, and the first write copies it.
  public mutating func clearOutputFields() {
    if !etag.isEmpty { etag = "" }
    if revision != 0 { revision = 0 }
    if createTime != nil { createTime = nil }
    if updateTime != nil { updateTime = nil }
    if deleteTime != nil { deleteTime = nil }
  }
}

extension Problem {
  /// A stored record's bytes are not what they should be.
  static func unreadable(_ name: String, cause: any Error) -> Problem {
    Problem(
      .dataLoss, "UNREADABLE_RECORD", "\(name) cannot be read; an administrator should run punosd verify.",
      resource: name, cause: cause)
  }
}

extension ProtoTimestamp {
  /// A store's moment as a message.
  public init(_ moment: Moment) {
    self.init()
    seconds = moment.seconds
    nanos = moment.nanoseconds
  }

  /// The moment, to the microsecond.
  public var moment: Moment { Moment(seconds: seconds, nanoseconds: nanos) }
}

/// The tag of a version of a record.
public enum ETag {
  /// The tag of the version made by a revision.
  public static func text(for revision: Revision) -> String { "r\(revision.rawValue)" }

  /// The revision of a tag, or nil where it is none of ours.
  public static func revision(of etag: String) -> Revision? {
    guard etag.first == "r", let number = Int64(etag.dropFirst()), number > 0 else { return nil }
    return Revision(number)
  }
}
