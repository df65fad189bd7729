import FieldFormats
public import PunosMessages
public import Store

/// What accounts ask beyond the schema.
public struct AccountRules: NounRules {
  public static let kind = NounCatalog.accountKind

  /// Longest chain of owners followed when a circle is looked for: no group of companies is deeper.
  static let maximumParentDepth = 32

  /// Of a faulty identifier as much is shown as the longest right one has.
  private static let shownCharacters = 64

  public init() {}

  public func canonicalise(_ value: inout Account) {
    for index in value.identifiers.indices {
      guard let format = value.identifiers[index].type.format else { continue }
      if let canonical = format.canonical(value.identifiers[index].value) {
        value.identifiers[index].value = canonical
      }
    }
    value.domains = value.domains.map { FieldFormat.domain.canonical($0) ?? $0 }
    value.phones = value.phones.map { FieldFormat.phone.canonical($0) ?? $0 }
    value.country = FieldFormat.country.canonical(value.country) ?? value.country
  }

  public func problems(of value: Account, _ world: RecordWorld) throws -> [FieldProblem] {
    var problems: [FieldProblem] = []
    for (index, identifier) in value.identifiers.enumerated() {
      guard let format = identifier.type.format, let expected = format.problem(in: identifier.value) else {
        continue
      }
      problems.append(
        FieldProblem(
          path: "identifiers[\(index)].value",
          description: "“\(identifier.value.prefix(Self.shownCharacters))” came; expected \(expected)",
          reason: "BAD_IDENTIFIER"))
    }
    problems += Dates.problems(of: value.names.map { ($0.validFrom, $0.validTo) }, in: "names")
    problems += Dates.problems(of: value.owners.map { ($0.validFrom, $0.validTo) }, in: "owners")
    problems += Dates.problems(of: value.parents.map { ($0.validFrom, $0.validTo) }, in: "parents")
    return problems + (try parentProblems(of: value, world))
  }

  private func parentProblems(of value: Account, _ world: RecordWorld) throws -> [FieldProblem] {
    var problems: [FieldProblem] = []
    for (index, parent) in value.parents.enumerated() {
      let path = "parents[\(index)].account"
      if parent.account == value.name {
        problems.append(
          FieldProblem(
            path: path, description: "an account cannot own itself; name another account",
            reason: "OWN_PARENT"))
      } else if try owns(value.name, parent.account, world) {
        problems.append(
          FieldProblem(
            path: path,
            description:
              "the account owns this parent already, so the two would own each other; end one of the two",
            reason: "CIRCULAR_PARENT"))
      }
    }
    return problems
  }

  /// Whether an account is found among the present owners of another, however far up.
  private func owns(_ owner: String, _ account: String, _ world: RecordWorld) throws -> Bool {
    var waiting = [(account, 0)]
    var seen: Set<String> = []
    while let (name, depth) = waiting.popLast() {
      guard depth < Self.maximumParentDepth, seen.insert(name).inserted else { continue }
      guard let key = world.catalog.key(of: name), let record = try world.read(key) else { continue }
      let parents = try Account(record, named: name).parents.filter { $0.validTo.isEmpty }
      if parents.contains(where: { $0.account == owner }) { return true }
      waiting += parents.map { ($0.account, depth + 1) }
    }
    return false
  }

  /// A customer who is gone is in no stage of a journey any more, and one who comes back is where they were.
  public func consequences(
    of key: RecordKey, before: Account?, after: Account?, _ world: RecordWorld
  ) throws -> [CommitOperation] {
    switch (before, after) {
    case (.some, nil): try StayEnds.following(account: key.id, gone: world.now, world)
    case (nil, .some) where try world.store.read(key, in: world.tenant)?.isDeleted == true:
      try StayEnds.following(account: key.id, gone: nil, world)
    default: []
    }
  }

  public func externalIDs(of value: Account) -> [ExternalId] { value.externalIds }

  public func identities(of value: Account) -> [Identity] {
    let order: [Identifier.Type_] = [.yTunnus, .lei, .vat, .duns]
    return order.flatMap { type in
      value.identifiers.filter { $0.type == type }
        .map { Identity(index: "identifier", values: [.text($0.value)]) }
    }
  }

  public func references(of value: Account) -> [String] { value.parents.map(\.account) }

  public func replaceReferences(in value: inout Account, _ replace: (String) -> String) {
    for index in value.parents.indices {
      value.parents[index].account = replace(value.parents[index].account)
    }
  }

  public func unite(_ incoming: Account, into current: Account) -> Account {
    var result = current
    Unite.text(incoming.displayName, into: &result.displayName)
    Unite.text(incoming.country, into: &result.country)
    Unite.text(incoming.description, into: &result.description)
    if incoming.status != .unspecified { result.status = incoming.status }
    if let employees = incoming.employees { result.employees = employees }
    if let foundedYear = incoming.foundedYear { result.foundedYear = foundedYear }
    if let revenue = incoming.revenue { result.revenue = revenue }
    Unite.list(incoming.names, into: &result.names, by: { "\($0.type.rawValue)|\($0.text)" }) { name, known in
      Unite.complete(&name.validFrom, from: known.validFrom)
      Unite.complete(&name.validTo, from: known.validTo)
    }
    Unite.list(incoming.identifiers, into: &result.identifiers) { "\($0.type.rawValue)|\($0.value)" }
    Unite.list(incoming.industries, into: &result.industries) {
      "\($0.scheme.rawValue)|\($0.code)|\($0.title)"
    }
    Unite.list(incoming.addresses, into: &result.addresses) { $0.label }
    Unite.list(incoming.domains, into: &result.domains) { $0 }
    Unite.list(incoming.phones, into: &result.phones) { $0 }
    Unite.list(incoming.parents, into: &result.parents) { "\($0.account)|\($0.validFrom)" }
    Unite.list(incoming.owners, into: &result.owners, by: { "\($0.team)|\($0.principal)" }) { owner, known in
      Unite.complete(&owner.validFrom, from: known.validFrom)
    }
    Unite.list(incoming.tags, into: &result.tags) { $0 }
    Unite.list(incoming.externalIds, into: &result.externalIds) { $0.system }
    Unite.list(incoming.sources, into: &result.sources) { "\($0.path)|\($0.source)" }
    Unite.list(incoming.registryClaims, into: &result.registryClaims) { "\($0.registry)|\($0.path)" }
    result.attributes.merge(incoming.attributes) { _, new in new }
    return result
  }
}

extension Identifier.Type_ {
  /// The format whose check digits an identifier of this type must have.
  var format: FieldFormat? {
    switch self {
    case .yTunnus: .yTunnus
    case .vat: .vat
    case .lei: .lei
    case .duns: .duns
    default: nil
    }
  }
}
