public import ProtobufBridge
public import PunosMessages
public import RPC

// Every kind of record is served by the same seven methods; only their messages differ. What is generated ties each
// service's messages to these protocols, so that servers and clients are written once.

/// As of when a record is asked for.
public enum AsOfPoint: Sendable, Hashable {
  /// At a moment.
  case time(ProtoTimestamp)
  /// At a revision of the tenant.
  case revision(Int64)
}

/// Asks for one record.
public protocol StandardGetRequest: Message {
  /// Its resource name.
  var name: String { get set }
  /// The fields wanted; all where not set.
  var readMask: ProtoFieldMask? { get set }
  /// As of when; nil: now.
  var point: AsOfPoint? { get set }
}

/// Asks for a page of records.
public protocol StandardListRequest: Message {
  /// The account they lie in, `accounts/-` for all of them; empty for records outside accounts.
  var parent: String { get set }
  /// How many at most.
  var pageSize: Int32 { get set }
  /// Where the page before ended.
  var pageToken: String { get set }
  /// Which ones.
  var filter: String { get set }
  /// In which order.
  var orderBy: String { get set }
  /// The fields wanted; all where not set.
  var readMask: ProtoFieldMask? { get set }
  /// Whether deleted ones are shown too.
  var showDeleted: Bool { get set }
}

/// A page of records.
public protocol StandardListResponse: Message {
  associatedtype Record: Message
  /// The page.
  var records: [Record] { get set }
  /// Where the next page begins; empty on the last page.
  var nextPageToken: String { get set }
  /// How many match in all, where it is known.
  var totalSize: Int64? { get set }
}

/// Asks to change something.
public protocol StandardWriteRequest: Message {
  /// Makes a repeat of the request have one effect and the same answer.
  var requestId: String { get set }
  /// Why, for the history.
  var reason: String { get set }
  /// Check only; change nothing.
  var validateOnly: Bool { get set }
}

/// Asks to create a record.
public protocol StandardCreateRequest: StandardWriteRequest {
  associatedtype Record: Message
  /// The account it is to lie in; empty for records outside accounts.
  var parent: String { get set }
  /// The record.
  var record: Record? { get set }
  /// An id of the client's choice; empty: one is made.
  var recordID: String { get set }
}

/// Asks to change a record.
public protocol StandardUpdateRequest: StandardWriteRequest {
  associatedtype Record: Message
  /// The record, with its name.
  var record: Record? { get set }
  /// The fields to change; all that are set where there is no mask.
  var updateMask: ProtoFieldMask? { get set }
}

/// Asks to delete a record, or to bring it back.
public protocol StandardNamedRequest: StandardWriteRequest {
  /// Its resource name.
  var name: String { get set }
  /// Where set, must be the current one.
  var etag: String { get set }
}

/// Asks to create or change many records.
public protocol StandardUpsertRequest: StandardWriteRequest {
  associatedtype Record: Message
  /// The account that records without a name lie in; empty for records outside accounts.
  var parent: String { get set }
  /// The records.
  var records: [Record] { get set }
  /// The fields to replace in ones that exist; what is set, with lists united, where there is no mask.
  var updateMask: ProtoFieldMask? { get set }
  /// Whether records may be found by what identifies them.
  var matchByIdentity: Bool { get set }
  /// How records are taken that are not there yet.
  var newRecords: NewRecords { get set }
}

/// What became of each of many records.
public protocol StandardUpsertResponse: Message {
  /// A result for each, in the request's order.
  var results: [UpsertResult] { get set }
}

/// Answers the standard methods on one kind of record, whatever its messages are called.
public protocol StandardAnswers<Record>: Sendable {
  associatedtype Record: Message
  /// Reads one, as its wire bytes.
  func get(_ request: some StandardGetRequest, _ context: CallContext) async throws -> Encoded<Record>
  /// Lists a page.
  func list<Page: StandardListResponse>(
    _ request: some StandardListRequest, _ context: CallContext
  ) async throws -> Page where Page.Record == Record
  /// Creates one.
  func create<Request: StandardCreateRequest>(
    _ request: Request, _ context: CallContext
  ) async throws -> Record where Request.Record == Record
  /// Changes one.
  func update<Request: StandardUpdateRequest>(
    _ request: Request, _ context: CallContext
  ) async throws -> Record where Request.Record == Record
  /// Deletes one.
  func delete(_ request: some StandardNamedRequest, _ context: CallContext) async throws -> Record
  /// Brings one back.
  func undelete(_ request: some StandardNamedRequest, _ context: CallContext) async throws -> Record
  /// Creates or changes many.
  func batchUpsert<Request: StandardUpsertRequest, Response: StandardUpsertResponse>(
    _ request: Request, _ context: CallContext
  ) async throws -> Response where Request.Record == Record
}

/// Calls the standard methods on one kind of record.
public protocol StandardClient<Record>: Sendable {
  associatedtype Record
  associatedtype GetRequest: StandardGetRequest
  associatedtype ListRequest: StandardListRequest
  associatedtype ListResponse: StandardListResponse where ListResponse.Record == Record
  associatedtype CreateRequest: StandardCreateRequest where CreateRequest.Record == Record
  associatedtype UpdateRequest: StandardUpdateRequest where UpdateRequest.Record == Record
  associatedtype DeleteRequest: StandardNamedRequest
  associatedtype UndeleteRequest: StandardNamedRequest
  associatedtype UpsertRequest: StandardUpsertRequest where UpsertRequest.Record == Record
  associatedtype UpsertResponse: StandardUpsertResponse

  /// Calls over a channel.
  init(_ channel: any ClientChannel)
  /// Reads one.
  func get(_ request: GetRequest, _ options: CallOptions) async throws -> Record
  /// Lists a page.
  func list(_ request: ListRequest, _ options: CallOptions) async throws -> ListResponse
  /// Creates one.
  func create(_ request: CreateRequest, _ options: CallOptions) async throws -> Record
  /// Changes one.
  func update(_ request: UpdateRequest, _ options: CallOptions) async throws -> Record
  /// Deletes one.
  func delete(_ request: DeleteRequest, _ options: CallOptions) async throws -> Record
  /// Brings one back.
  func undelete(_ request: UndeleteRequest, _ options: CallOptions) async throws -> Record
  /// Creates or changes many.
  func batchUpsert(_ request: UpsertRequest, _ options: CallOptions) async throws -> UpsertResponse
}
