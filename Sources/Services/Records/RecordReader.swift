import PunosMessages
import Store

/// Reads records for questions that look at many: by index, page by page, decoded.
struct RecordReader {
  /// Records that one question reads at most: more would take seconds and tell nobody anything.
  static let maximumRecords = 100_000

  let world: ServiceWorld
  let caller: Principal

  init(_ world: ServiceWorld, _ caller: Principal) {
    self.world = world
    self.caller = caller
  }

  /// The key of an account that is there.
  ///
  /// - Parameter name: its resource name, or a lookup.
  func account(named name: String) async throws(Problem) -> RecordKey {
    let resolved = try await References(world, caller).resolve(name)
    guard let key = world.catalog.key(of: resolved), key.kind == NounCatalog.accountKind else {
      throw .badName(name, field: "name", expected: "accounts/{account}")
    }
    guard try mapped({ try world.store.readLive(key, in: caller.tenant) }) != nil else {
      throw .notFound(
        resolved, nearest: try await NearestNames(world).records(to: key.id, kind: key.kind, in: caller.tenant))
    }
    return key
  }

  /// Interactions that an index finds, in its order.
  func interactions(_ query: IndexQuery, limit: Int = maximumRecords) async throws(Problem) -> [Interaction] {
    try await values(query, limit: limit)
  }

  /// Records that an index finds, in its order.
  func values<Value: RecordMessage>(
    _ query: IndexQuery, as _: Value.Type = Value.self, limit: Int = maximumRecords
  ) async throws(Problem) -> [Value] {
    var query = query
    var values: [Value] = []
    repeat {
      query.limit = min(StoreLimits.pageRecords, limit - values.count)
      let page = try await find(query)
      for record in page.records {
        values.append(try Value(record, named: world.catalog.resourceName(of: record.key)))
      }
      query.after = page.next
    } while query.after != nil && values.count < limit
    return values
  }

  private func find(_ query: IndexQuery) async throws(Problem) -> RecordPage {
    do { return try await world.store.find(query, in: caller.tenant) } catch { throw .from(error, world.catalog) }
  }

  /// A live record; nil where there is none of that kind.
  func value<Value: RecordMessage>(_ name: String, as _: Value.Type = Value.self) throws(Problem) -> Value? {
    try mapped { try world.world(of: caller).value(name) }
  }

  func mapped<T>(_ body: () throws -> T) throws(Problem) -> T {
    do { return try body() } catch { throw .from(error, world.catalog) }
  }
}
