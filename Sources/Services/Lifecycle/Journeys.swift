import Domain
import PunosMessages
import RPC
import Store

/// Finds journeys: the tenant's own, and the one that is built in.
enum Journeys {
  /// A journey by its name; nil where there is none.
  static func read(_ name: String, _ world: RecordWorld) throws -> Journey? {
    if let own: Journey = try world.value(name) { return own }
    return name == DefaultJourney.name ? DefaultJourney.journey : nil
  }

  /// A journey as somebody reads of it: one that was deleted since is told as it was last.
  static func told(_ name: String, _ world: RecordWorld) throws -> Journey? {
    if let journey = try read(name, world) { return journey }
    guard let key = world.catalog.key(of: name), key.kind == NounCatalog.journeyKind else { return nil }
    return try world.store.read(key, in: world.tenant).map { try Journey($0, named: name) }
  }

  /// The journey that an account is on by its moves, or would begin on, as it was at the point that is read from.
  static func of(_ known: LifecycleHistory, _ reading: AccountReading) async throws(Problem) -> Journey {
    guard let name = known.current?.journey else { return try await usual(reading) }
    do {
      return try await told(name, reading) ?? forgotten(name)
    } catch {
      throw .from(error, reading.world.catalog)
    }
  }

  private static func told(_ name: String, _ reading: AccountReading) async throws -> Journey? {
    let world = reading.world.world(of: reading.caller)
    guard let point = reading.point else { return try told(name, world) }
    guard let key = world.catalog.key(of: name), key.kind == NounCatalog.journeyKind else { return nil }
    let then = try await world.store.read(key, in: world.tenant, asOf: point)
    if then?.isDeleted != false, name == DefaultJourney.name { return DefaultJourney.journey }
    return try then.map { try Journey($0, named: name) }
  }

  /// A journey of which nothing is left but the moves on it.
  private static func forgotten(_ name: String) -> Journey {
    var journey = Journey()
    journey.name = name
    journey.title = name
    return journey
  }

  /// The journey that accounts were on where nothing else was said. Indexes know the present only, so all journeys are
  /// looked at: a tenant has a few.
  private static func usual(_ reading: AccountReading) async throws(Problem) -> Journey {
    guard let point = reading.point else { return try await usual(reading.world, reading.caller) }
    let (store, tenant) = (reading.world.store, reading.caller.tenant)
    var journeys: [Journey] = []
    var scan = AccountScan(kinds: [NounCatalog.journeyKind], includesDeleted: true)
    do {
      repeat {
        let page = try await store.scanTenant(tenant, scan)
        for record in page.records {
          guard let then = try await store.read(record.key, in: tenant, asOf: point), !then.isDeleted else {
            continue
          }
          journeys.append(try Journey(then, named: reading.world.catalog.resourceName(of: record.key)))
        }
        scan.after = page.next
      } while scan.after != nil
    } catch {
      throw .from(error, reading.world.catalog)
    }
    let only = journeys.count == 1 ? journeys.first : nil
    return journeys.first(where: \.isDefault) ?? only ?? DefaultJourney.journey
  }

  /// How many moves that count are on a journey, by what the store keeps counted of them.
  static func countedMoves(on name: String, _ world: RecordWorld) async throws -> Int64 {
    let query = AggregateQuery(
      kind: NounCatalog.stageTransitionKind,
      filter: .all([
        .compare(column: "journey", .equal, .text(name)),
        .not(.compare(column: "reverted", .equal, .boolean(true))),
      ]), groupedBy: [], measures: [.count], limit: 1)
    let rows = try await world.store.aggregate(query, in: world.tenant)
    return if case .integer(let count)? = rows.first?.measures.first { count } else { 0 }
  }

  /// The journey that accounts are on where nothing else is said: the tenant's default one, or its only one, or the one
  /// that is built in.
  static func usual(_ world: ServiceWorld, _ caller: Principal) async throws(Problem) -> Journey {
    do {
      let query = IndexQuery(
        kind: NounCatalog.journeyKind, index: "default", equal: [.boolean(true)], limit: 1)
      if let record = try await world.store.find(query, in: caller.tenant).records.first {
        return try Journey(record, named: world.catalog.resourceName(of: record.key))
      }
      let page = try await world.store.scanTenant(
        caller.tenant, AccountScan(kinds: [NounCatalog.journeyKind], limit: 2))
      if page.records.count == 1, let only = page.records.first {
        return try Journey(only, named: world.catalog.resourceName(of: only.key))
      }
    } catch {
      throw .from(error, world.catalog)
    }
    return DefaultJourney.journey
  }

  /// The journey with a name, or where none is given the usual one; one that was deleted can still be read of.
  static func named(
    _ name: String, _ world: ServiceWorld, _ caller: Principal, field: String
  ) async throws(Problem) -> Journey {
    guard !name.isEmpty else { return try await usual(world, caller) }
    let resolved = try await References(world, caller).resolve(name)
    do {
      if let journey = try told(resolved, world.world(of: caller)) { return journey }
    } catch {
      throw .from(error, world.catalog)
    }
    throw .invalid([
      FieldProblem(
        path: field,
        description:
          "there is no such journey; create it first, or name \(DefaultJourney.name), which is built in",
        reason: "UNKNOWN_JOURNEY")
    ])
  }
}
