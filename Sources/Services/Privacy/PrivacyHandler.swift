import Domain
import ProtobufBridge
public import PunosAPI
public import PunosMessages
public import RPC
import Store

/// Answers `punos.v1.PrivacyService`: what is held about a person, and its erasure.
public struct PrivacyHandler: PrivacyServiceHandler {
  private let world: ServiceWorld

  /// Records on a page where the caller does not say.
  static let defaultPageSize = 100

  public init(_ world: ServiceWorld) { self.world = world }

  public func showPerson(_ request: ShowPersonRequest, _ context: CallContext) async throws
    -> ShowPersonResponse
  {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      // Before looking: whoever may not read is not told whether there is such a person.
      try world.require(caller, .read, request.name)
      let person = try await person(request.name, caller)
      try world.require(caller, .read, person)
      let identity = ["person", person]
      let after = try PageToken.read(request.pageToken, for: identity)
        .flatMap { world.catalog.key(of: String(decoding: $0, as: UTF8.self)) }
      let size = request.pageSize > 0 ? Int(request.pageSize) : Self.defaultPageSize
      var response = ShowPersonResponse()
      let keys = try await keys(about: person, after: after, limit: size + 1, caller)
      for key in keys.prefix(size) {
        if let record = try record(key, caller) { response.records.append(record) }
      }
      if keys.count > size, let last = keys.prefix(size).last {
        let position = Array(world.catalog.resourceName(of: last).utf8)
        response.nextPageToken = PageToken(position: position).text(for: identity)
      }
      return response
    }
  }

  public func erasePerson(_ request: ErasePersonRequest, _ context: CallContext) async throws
    -> ErasePersonResponse
  {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .erase, request.name)
      let person =
        try await isRepeated(request, caller) ? request.name : try await person(request.name, caller)
      try world.require(caller, .erase, person)
      var response = ErasePersonResponse()
      if request.validateOnly {
        response.records = Int32(clamping: try await countShown(about: person, caller))
        return response
      }
      let erasure = Erasure(
        subject: person, actor: caller.actor, reason: request.reason, requestID: request.requestId,
        requestFingerprint: Self.fingerprint(request))
      do {
        let receipt = try await world.store.erase(erasure, in: caller.tenant)
        response.revision = receipt.revision.rawValue
        response.records = Int32(clamping: receipt.records)
        response.changes = Int32(clamping: receipt.changes)
      } catch {
        throw .from(error, world.catalog)
      }
      return response
    }
  }

  /// Whether the erasure was asked for before: nothing is held about the person any more, and the answer is the same.
  private func isRepeated(_ request: ErasePersonRequest, _ caller: Principal) async throws(Problem) -> Bool {
    guard !request.requestId.isEmpty, !request.validateOnly else { return false }
    do {
      let receipt = try await world.store.receipt(
        ofRequest: request.requestId, fingerprint: Self.fingerprint(request), in: caller.tenant)
      return receipt != nil
    } catch {
      throw .from(error, world.catalog)
    }
  }

  /// A repeated request names the person as the first did: what a reference led to may be gone with the erasure.
  private static func fingerprint(_ request: ErasePersonRequest) -> [UInt8] {
    StableHash.bytes(of: Array("ErasePerson \(request.name)".utf8))
  }

  /// The person's resource name. A person that nothing is held about is NOT_FOUND.
  private func person(_ name: String, _ caller: Principal) async throws(Problem) -> String {
    let resolved = try await References(world, caller).resolve(name)
    guard let key = world.catalog.key(of: resolved), key.kind == NounCatalog.contactKind else {
      throw .badName(name, field: "name", expected: "contacts/{contact}")
    }
    if try await keys(about: resolved, after: nil, limit: 1, caller).isEmpty {
      throw .notFound(
        resolved,
        nearest: try await NearestNames(world).records(to: key.id, kind: key.kind, in: caller.tenant))
    }
    return resolved
  }

  private func keys(
    about person: String, after: RecordKey?, limit: Int, _ caller: Principal
  ) async throws(Problem) -> [RecordKey] {
    do {
      return try await world.store.records(about: person, in: caller.tenant, after: after, limit: limit)
    } catch {
      throw .from(error, world.catalog)
    }
  }

  /// How many of the records about a person the caller may see.
  private func countShown(about person: String, _ caller: Principal) async throws(Problem) -> Int {
    let keys = try await keys(about: person, after: nil, limit: StoreLimits.pageRecords, caller)
    var count = 0
    for key in keys where try shown(key, caller) != nil { count += 1 }
    return count
  }

  /// A record that the caller may see.
  private func shown(_ key: RecordKey, _ caller: Principal) throws(Problem) -> StoredRecord? {
    do {
      // That a record is about the person is part of what is withheld: it is left out, not shown without its words.
      return try world.store.read(key, in: caller.tenant).flatMap {
        try world.uncovered([$0], by: caller).first
      }
    } catch {
      throw .from(error, world.catalog)
    }
  }

  private func record(_ key: RecordKey, _ caller: Principal) throws(Problem) -> PersonRecord? {
    let stored = try shown(key, caller)
    guard let stored, let noun = world.catalog.nouns[key.kind] else { return nil }
    var record = PersonRecord()
    record.name = world.catalog.resourceName(of: key)
    record.kind = noun.name
    record.deleted = stored.isDeleted
    record.updateTime = ProtoTimestamp(stored.updatedTime)
    record.record = ProtoAny.with {
      $0.typeUrl = "type.googleapis.com/" + noun.message.fullName
      $0.value = stored.body
    }
    return record
  }
}
