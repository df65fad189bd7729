import RPC
import FieldFormats
import Store

/// Accounts named by something else than their id, wherever an account's name is taken:
///
///     accounts/ext:SYSTEM:ID        an external id
///     accounts/id:IDENTIFIER        a Y-tunnus, LEI, VAT or D-U-N-S number
///     accounts/domain:DOMAIN        a DNS domain
struct References {
  private let world: ServiceWorld
  private let tenant: TenantID

  init(_ world: ServiceWorld, _ principal: Principal) {
    self.world = world
    tenant = principal.tenant
  }

  private enum Lookup: Hashable {
    case externalID(system: String, id: String)
    case identifier(String)
    case domain(String)

    var index: String {
      switch self {
      case .externalID: "external_id"
      case .identifier: "identifier"
      case .domain: "domain"
      }
    }

    var values: [FieldValue] {
      switch self {
      case .externalID(let system, let id): [.text(system), .text(id)]
      case .identifier(let value), .domain(let value): [.text(value)]
      }
    }
  }

  private static let prefix = "accounts/"

  /// Whether a name is a lookup and not an id.
  static func isLookup(_ name: String) -> Bool {
    name.hasPrefix(prefix) && name.utf8.contains(UInt8(ascii: ":"))
  }

  private static func lookup(_ name: String) -> Lookup? {
    guard isLookup(name) else { return nil }
    let parts = name.dropFirst(prefix.count).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty else { return nil }
    let rest = String(parts[1])
    switch parts[0] {
    case "ext":
      let pair = rest.split(separator: ":", maxSplits: 1).map(String.init)
      return pair.count == 2 ? .externalID(system: pair[0], id: pair[1]) : nil
    case "id":
      let formats: [FieldFormat] = [.yTunnus, .lei, .vat, .duns]
      return .identifier(formats.lazy.compactMap { $0.canonical(rest) }.first ?? rest)
    case "domain": return .domain(FieldFormat.domain.canonical(rest) ?? rest)
    default: return nil
    }
  }

  /// The resource name that a name stands for; a name that is no lookup comes back as it is.
  func resolve(_ name: String) async throws(Problem) -> String {
    guard Self.isLookup(name) else { return name }
    guard let resolved = try await resolveAll([name])[name] else {
      throw Problem(
        .notFound, "NOT_FOUND", "No account, or more than one, fits \(name).", resource: name)
    }
    return resolved
  }

  /// Resource names of lookups; one that fits no account, or several, is left out.
  func resolveAll(_ names: [String]) async throws(Problem) -> [String: String] {
    var byIndex: [String: [(name: String, lookup: Lookup)]] = [:]
    for name in Set(names) {
      guard let lookup = Self.lookup(name) else { continue }
      byIndex[lookup.index, default: []].append((name, lookup))
    }
    var resolved: [String: String] = [:]
    for (index, wanted) in byIndex {
      let holders: [[RecordKey]]
      do {
        holders = try await world.store.holders(
          of: wanted.map(\.lookup.values), inIndex: index, kind: NounCatalog.accountKind, in: tenant, limitEach: 2)
      } catch {
        throw .from(error, world.catalog)
      }
      for ((name, _), keys) in zip(wanted, holders) where keys.count == 1 {
        resolved[name] = world.catalog.resourceName(of: keys[0])
      }
    }
    return resolved
  }
}

/// Finds records whose name is near to one that is not there.
struct NearestNames {
  /// How many are offered: more than three is no help in a sentence.
  static let offered = 3

  private let world: ServiceWorld

  init(_ world: ServiceWorld) { self.world = world }

  /// Resource names with titles of the records nearest to a word.
  func records(to word: String, kind: RecordKind, in tenant: TenantID) async throws(Problem) -> [String] {
    // Ids that people choose have hyphens where names have blanks.
    let wanted = String(word.map { $0 == "-" || $0 == "_" ? " " : $0 })
    do {
      let names = try await world.store.names(like: wanted, kinds: [kind], limit: Self.offered, in: tenant)
      return names.map { "\(world.catalog.resourceName(of: $0.key)) (\($0.name))" }
    } catch {
      throw .from(error, world.catalog)
    }
  }
}
