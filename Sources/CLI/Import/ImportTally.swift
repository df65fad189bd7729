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

  /// Outcomes by kind of record.
  private(set) var kinds: [String: Counts] = [:]

  init() {}

  /// Counts an outcome.
  mutating func count(_ outcome: UpsertResult.Outcome, _ kind: String) {
    let field: WritableKeyPath<Counts, Int> =
      switch outcome {
      case .created: \.created
      case .updated: \.updated
      case .unchanged: \.unchanged
      default: \.failed
      }
    kinds[kind, default: Counts()][keyPath: field] += 1
  }

  /// Records that are as the file says.
  var done: Int { kinds.values.reduce(0) { $0 + $1.created + $1.updated + $1.unchanged } }

  /// All records.
  var total: Int { kinds.values.reduce(0) { $0 + $1.total } }

  init(_ json: JSONValue) {
    guard case .object(let members) = json else { return }
    for member in members {
      let numbers = (member.value.arrayValue ?? []).map { Int($0.intValue ?? 0) }
      guard numbers.count == 4 else { continue }
      kinds[member.name] = Counts(created: numbers[0], updated: numbers[1], unchanged: numbers[2], failed: numbers[3])
    }
  }

  /// The counts as JSON, to be read back.
  var json: JSONValue {
    .object(
      kinds.sorted { $0.key < $1.key }.map { kind, counts in
        JSONMember(
          kind,
          .array([counts.created, counts.updated, counts.unchanged, counts.failed].map { .integer($0) }))
      })
  }
}
