import FieldFormats
import ProtobufBridge
import RPC
import Store

/// Records named by something else than their id, wherever a record's name is taken:
///
///     accounts/ext:SYSTEM:ID                an external id; so for every kind that has external ids
///     accounts/id:IDENTIFIER                a Y-tunnus, LEI, VAT or D-U-N-S number
///     accounts/domain:DOMAIN                a DNS domain
///     contacts/email:ADDRESS                an e-mail address
///     accounts/ACCOUNT/purchases/ext:…      a record in an account, which may itself be a lookup; `-`: in any
struct References {
  private let world: ServiceWorld
  private let tenant: TenantID

  init(_ world: ServiceWorld, _ principal: Principal) {
    self.world = world
    tenant = principal.tenant
  }

  private static let anyAccountPrefix = NounCatalog.anyAccount + "/"

  /// Whether a name may be a lookup and not an id.
  static func isLookup(_ name: String) -> Bool {
    name.utf8.contains(UInt8(ascii: ":")) || name.hasPrefix(anyAccountPrefix)
  }

  /// The resource name that a name stands for; a name that is no lookup comes back as it is.
  func resolve(_ name: String) async throws(Problem) -> String {
    guard Self.isLookup(name) else { return name }
    guard let resolved = try await resolveAll([name])[name] else { throw try await unresolved(name) }
    return resolved
  }

  /// Why a name stands for no record: which ones fit it, or else whose names are near.
  private func unresolved(_ name: String) async throws(Problem) -> Problem {
    guard let parts = world.catalog.parts(of: name) else { return .notFound(name) }
    if let account = parts.account, account != NounCatalog.anyAccount, Self.isLookup(account),
      try await resolveAll([account])[account] == nil
    {
      return try await unresolved(account)
    }
    // Titles that may be withheld are not offered to who asks for something else.
    if world.veil.canHide(parts.noun.kind) { return .notFound(name) }
    let fitting = try await holders(of: parts).map { world.catalog.resourceName(of: $0) }
    if fitting.count > 1 {
      return Problem(
        .notFound, "NOT_FOUND",
        "More than one \(parts.noun.name.replacingUnderscores) fits \(name): \(fitting.joined(separator: ", ")). "
          + "Name the one that is meant.",
        metadata: ["candidates": fitting.joined(separator: ";")], resource: name)
    }
    let nearest = try await NearestNames(world).records(
      to: Lookup.nameLike(parts.word), kind: parts.noun.kind, in: tenant)
    return .notFound(name, nearest: nearest)
  }

  /// The first few records that a lookup fits.
  private func holders(of parts: NameParts) async throws(Problem) -> [RecordKey] {
    guard let lookup = Lookup(parts.word, of: parts.noun) else { return [] }
    do {
      return try await world.store.holders(
        of: [lookup.values], inIndex: lookup.index, kind: parts.noun.kind, in: tenant,
        limitEach: NearestNames.offered
      ).first ?? []
    } catch {
      throw .from(error, world.catalog)
    }
  }

  /// Resource names of lookups; one that fits no record, or several, is left out.
  func resolveAll(_ names: [String]) async throws(Problem) -> [String: String] {
    var parts: [String: NameParts] = [:]
    for name in Set(names) { parts[name] = world.catalog.parts(of: name) }
    let accounts = Set(parts.values.compactMap(\.account)).subtracting([NounCatalog.anyAccount])
    let resolvedAccounts = try await find(
      Dictionary(uniqueKeysWithValues: accounts.map { ($0, world.catalog.parts(of: $0)) }).compactMapValues {
        $0
      })
    for (name, part) in parts {
      guard let account = part.account, account != NounCatalog.anyAccount, Self.isLookup(account) else {
        continue
      }
      parts[name] = resolvedAccounts[account].map { NameParts(account: $0, noun: part.noun, word: part.word) }
    }
    return try await find(parts)
  }

  private func find(_ parts: [String: NameParts]) async throws(Problem) -> [String: String] {
    var resolved: [String: String] = [:]
    var wanted: [Place: [(name: String, parts: NameParts, values: [FieldValue])]] = [:]
    for (name, part) in parts {
      guard part.word.utf8.contains(UInt8(ascii: ":")) else {
        if part.account != NounCatalog.anyAccount { resolved[name] = part.text }
        continue
      }
      guard let lookup = Lookup(part.word, of: part.noun) else { continue }
      wanted[Place(kind: part.noun.kind, index: lookup.index), default: []].append(
        (name, part, lookup.values))
    }
    for (place, asked) in wanted {
      let holders: [[RecordKey]]
      do {
        holders = try await world.store.holders(
          of: asked.map(\.values), inIndex: place.index, kind: place.kind, in: tenant, limitEach: 2)
      } catch {
        throw .from(error, world.catalog)
      }
      for ((name, part, _), keys) in zip(asked, holders) where keys.count == 1 {
        let isThere =
          part.account == nil || part.account == NounCatalog.anyAccount
          || part.account == keys[0].account.map { "accounts/\($0)" }
        if isThere { resolved[name] = world.catalog.resourceName(of: keys[0]) }
      }
    }
    return resolved
  }

  private struct Place: Hashable {
    var kind: RecordKind
    var index: String
  }
}

/// A value in an index that a name gives instead of an id.
private struct Lookup {
  var index: String
  var values: [FieldValue]

  /// - Parameter word: the last part of a name, "ext:maven:Cancity".
  init?(_ word: String, of noun: Noun) {
    let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty else { return nil }
    let rest = String(parts[1])
    switch (parts[0], noun.kind) {
    case ("ext", _):
      let pair = rest.split(separator: ":", maxSplits: 1).map { FieldValue.text(String($0)) }
      guard pair.count == 2,
        noun.message.record?.indexes.contains(where: { $0.name == "external_id" }) == true
      else {
        return nil
      }
      self.init(index: "external_id", values: pair)
    case ("id", NounCatalog.accountKind):
      let formats: [FieldFormat] = [.yTunnus, .lei, .vat, .duns]
      let value = formats.lazy.compactMap { $0.canonical(rest) }.first ?? rest
      self.init(index: "identifier", values: [.text(value)])
    case ("domain", NounCatalog.accountKind):
      self.init(index: "domain", values: [.text(FieldFormat.domain.canonical(rest) ?? rest)])
    case ("email", NounCatalog.contactKind):
      self.init(index: "email", values: [.text(FieldFormat.email.canonical(rest) ?? rest)])
    default: return nil
    }
  }

  /// What of a lookup may be like a name: of "ext:crm:kuura-oy" and "domain:kuura.example" the end, in words.
  static func nameLike(_ word: String) -> String {
    let told = word.split(separator: ":").last ?? ""
    return String(told.map { $0 == "." || $0 == "@" ? " " : $0 })
  }

  private init(index: String, values: [FieldValue]) {
    self.index = index
    self.values = values
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
