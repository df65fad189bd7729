internal import DataFiles
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import RPC
internal import Terminal

/// A record of any kind but account and contact on its way from a file to the server.
struct NounRecord: Sendable {
  /// Its kind's name in the schema.
  var kind: String
  /// The record, encoded; its name is in ``name``.
  var body: [UInt8]
  /// Its resource name; empty where the server is to find it by its external ids, or make one.
  var name: String
  /// The account that a record without a name is to lie in, as it is sent; empty for records outside accounts.
  var account: String
  /// What people call it.
  var title: String
  /// The ids that other systems know it by, "crm:17".
  var externalIDs: [String]
  /// Whether it bears the mark of a version, as only an export does.
  var isExported: Bool
  /// Whether it is told as deleted.
  var isDeleted: Bool

  /// A record as the API has it in JSON.
  ///
  /// - Parameter kind: its kind's name in the schema.
  /// - Throws: `JSONError` for what is no such record.
  init?(kind: String, json: JSONText) throws {
    guard let noun = CLINouns.noun(kind) else { return nil }
    guard let record = try Self.read(noun, json) else { return nil }
    self = record
  }

  /// What tells it apart from others in one batch.
  var keys: [String] { (name.isEmpty ? [] : [name]) + externalIDs.map { "\(kind) \($0)" } }

  /// Everything that others may call it by.
  var callNames: [String] {
    guard let noun = CLINouns.noun(kind) else { return [] }
    // `-` stands for an id that the server makes.
    let named = name.isEmpty || name.hasSuffix("/-") ? [] : [name]
    var places = [
      name.isEmpty
        ? (account.isEmpty ? "" : "\(account)/") + noun.collection
        : name.split(separator: "/").dropLast().joined(separator: "/")
    ]
    if noun.isInAccount { places.append("accounts/-/\(noun.collection)") }
    return named + places.flatMap { place in externalIDs.map { "\(place)/ext:\($0)" } }
  }

  /// The record as the API has it in JSON; nil where it cannot be written so.
  var jsonString: String? {
    guard let descriptor = CLINouns.noun(kind)?.descriptor else { return nil }
    return try? JSON.encode(body, as: descriptor, in: Schema.shared)
  }

  private static func read<Noun: CLINoun>(_: Noun.Type, _ json: JSONText) throws -> NounRecord? {
    guard let descriptor = Noun.Record.descriptor else { return nil }
    let body = try JSON.decode(json, as: descriptor, in: Noun.Record.schema)
    return NounRecord(try Noun.Record(serialized: body, limits: .trusted), of: Noun.self)
  }

  /// A record of a kind.
  init<Noun: CLINoun>(_ record: Noun.Record, of _: Noun.Type, account: String = "") {
    let kind = Noun.kind
    self.kind = kind
    name = record.name
    title = Noun.title(record)
    self.account = account
    let ids = Noun.externalIDs(record)
    externalIDs = ids.map { "\($0.system):\($0.id)" }
    body = record.serialized()
    isExported = !record.etag.isEmpty
    isDeleted = record.deleteTime != nil
  }

  /// Sends records of one kind in one call.
  ///
  /// - Parameters:
  ///   - records: all of one kind.
  ///   - newRecords: how those are taken that are not there yet.
  static func upsert(
    _ records: [NounRecord], _ newRecords: NewRecords, _ session: Session, _ options: ImportOptions,
    requestID: BatchRequestID,
    _ call: CallOptions
  ) async throws -> [UpsertResult] {
    guard let noun = records.first.flatMap({ CLINouns.noun($0.kind) }) else { return [] }
    return try await upsert(noun, records, newRecords, session, options, requestID: requestID, call)
  }

  private static func upsert<Noun: CLINoun>(
    _: Noun.Type, _ records: [NounRecord], _ newRecords: NewRecords, _ session: Session,
    _ options: ImportOptions, requestID: BatchRequestID, _ call: CallOptions
  ) async throws -> [UpsertResult] {
    var request = Noun.Client.UpsertRequest()
    request.records = try records.map { record in
      var value = try Noun.Record(serialized: record.body, limits: .trusted)
      // `-` stands for an id: the record is found by its external ids, or made.
      value.name =
        record.name.isEmpty && !record.account.isEmpty
        ? "\(record.account)/\(Noun.collection)/-" : record.name
      return value
    }
    request.reason = options.reason
    request.validateOnly = options.isDryRun
    request.matchByIdentity = options.matchesByIdentity
    request.newRecords = newRecords
    request.requestId = requestID.id(for: request)
    return try await session.client(Noun.self).batchUpsert(request, call).results
  }
}
