internal import DataFiles
internal import ProtobufBridge
internal import PunosMessages

/// What a registry's entry means for an account: what was not known is filled in, what differs is kept beside what
/// the teams believe, and nothing is overwritten.
struct RegistryComparison {
  /// The account as it should be.
  private(set) var account: Account
  /// What was not known before.
  private(set) var filled: [RegistryStatement] = []
  /// What differs.
  private(set) var differences: [RegistryDifference] = []
  private var changedFields: [String] = []

  /// Claims that an account takes at most.
  static let mostClaims = 60

  /// - Parameter observed: when the registry said so; nil where nobody knows.
  init(_ account: Account, _ company: RegistryCompany, observed: ProtoTimestamp?) {
    self.account = account
    var claims: [RegistryClaim] = []
    for statement in RegistryStatement.all(of: company) {
      switch statement.judgement(in: self.account) {
      case .same: continue
      case .missing:
        statement.write(to: &self.account)
        note(statement, from: company.registry, observed)
        filled.append(statement)
      case .differs(let ours):
        guard !claims.contains(where: { $0.path == statement.path }) else { continue }
        let claim = Self.claim(statement, company.registry, observed, known: account.registryClaims)
        claims.append(claim)
        differences.append(RegistryDifference(claim: claim, statement: statement, ours: ours))
      }
    }
    // What this registry said before and says no longer, or what the account meanwhile says itself, is no difference.
    let others = account.registryClaims.filter { $0.registry != company.registry }
    let all = Array((others + claims).prefix(Self.mostClaims))
    if Set(all) != Set(account.registryClaims) {
      self.account.registryClaims = all
      changedFields.append("registry_claims")
    }
  }

  /// The mask of an update that writes what has changed; empty where nothing has.
  var paths: [String] { changedFields }

  private mutating func note(
    _ statement: RegistryStatement, from registry: String, _ observed: ProtoTimestamp?
  ) {
    account.noteSource(statement.provenance, registry, observed)
    for field in [statement.field, "sources"] where !changedFields.contains(field) {
      changedFields.append(field)
    }
  }

  /// What differs as it is kept: with the day on which it was first seen, as long as the registry says the same.
  private static func claim(
    _ statement: RegistryStatement, _ registry: String, _ observed: ProtoTimestamp?, known: [RegistryClaim]
  ) -> RegistryClaim {
    let earlier = known.first {
      $0.registry == registry && $0.path == statement.path && $0.value == statement.value
    }
    return earlier
      ?? RegistryClaim.with {
        $0.registry = registry
        $0.path = statement.path
        $0.value = statement.value
        $0.observedTime = observed
      }
  }
}

/// Something that a registry says otherwise than an account.
struct RegistryDifference: Sendable {
  /// What the registry says, where it says so and since when.
  var claim: RegistryClaim
  /// The same, understood.
  var statement: RegistryStatement
  /// What the account says.
  var ours: String

  /// The differences that an account still has: what a team has corrected since is none any more.
  static func all(of account: Account) -> [RegistryDifference] {
    account.registryClaims.compactMap { claim in
      guard let statement = RegistryStatement(claim) else { return nil }
      switch statement.judgement(in: account) {
      case .same: return nil
      case .missing: return RegistryDifference(claim: claim, statement: statement, ours: "")
      case .differs(let ours): return RegistryDifference(claim: claim, statement: statement, ours: ours)
      }
    }
  }
}

extension Account {
  /// Writes down where a field's value came from, in the place of what the same source said of it before.
  mutating func noteSource(_ path: String, _ source: String, _ observed: ProtoTimestamp?) {
    let new = FieldSource.with {
      $0.path = path
      $0.source = source
      $0.observedTime = observed
    }
    if let place = sources.firstIndex(where: { $0.path == path && $0.source == source }) {
      sources[place] = new
    } else {
      sources.append(new)
    }
  }
}
