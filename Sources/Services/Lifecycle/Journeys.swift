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

  /// The journey with a name, or where none is given the usual one.
  static func named(
    _ name: String, _ world: ServiceWorld, _ caller: Principal, field: String
  ) async throws(Problem) -> Journey {
    guard !name.isEmpty else { return try await usual(world, caller) }
    let resolved = try await References(world, caller).resolve(name)
    do {
      if let journey = try read(resolved, world.world(of: caller)) { return journey }
    } catch {
      throw .from(error, world.catalog)
    }
    throw .invalid([
      FieldProblem(
        path: field,
        description: "there is no such journey; create it first, or name \(DefaultJourney.name), which is built in",
        reason: "UNKNOWN_JOURNEY")
    ])
  }
}
