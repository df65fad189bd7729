internal import DataFiles
internal import PunosMessages

/// What an import did, counted.
struct ImportTally: Sendable, Hashable {
  /// Outcomes of one kind of record.
  struct Counts: Sendable, Hashable {
    var created = 0
    var updated = 0
    var unchanged = 0
    var failed = 0

    /// All records of the kind.
    var total: Int { created + updated + unchanged + failed }
  }

  var accounts = Counts()
  var contacts = Counts()

  init() {}

  /// Counts an outcome.
  mutating func count(_ outcome: UpsertResult.Outcome, isAccount: Bool) {
    let field: WritableKeyPath<ImportTally, Counts> = isAccount ? \.accounts : \.contacts
    switch outcome {
    case .created: self[keyPath: field].created += 1
    case .updated: self[keyPath: field].updated += 1
    case .unchanged: self[keyPath: field].unchanged += 1
    default: self[keyPath: field].failed += 1
    }
  }

  /// Records that are as the file says.
  var done: Int {
    [accounts, contacts].reduce(0) { $0 + $1.created + $1.updated + $1.unchanged }
  }

  init(_ json: JSONValue) {
    func counts(_ name: String) -> Counts {
      let numbers = (json[name]?.arrayValue ?? []).map { Int($0.intValue ?? 0) }
      guard numbers.count == 4 else { return Counts() }
      return Counts(created: numbers[0], updated: numbers[1], unchanged: numbers[2], failed: numbers[3])
    }
    accounts = counts("accounts")
    contacts = counts("contacts")
  }

  /// The counts as JSON, to be read back.
  var json: JSONValue {
    func list(_ counts: Counts) -> JSONValue {
      .array([counts.created, counts.updated, counts.unchanged, counts.failed].map { .integer($0) })
    }
    return .object(["accounts": list(accounts), "contacts": list(contacts)])
  }
}
