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
  /// What the problem file has: rows and records refused, and values left as they were written.
  private(set) var refused = 0
  private(set) var warnings = 0

  /// Most of anything that is believed of a journal: more rows than any file has.
  private static let greatest = Int64(1) << 40

  init() {}

  /// Counts an outcome.
  mutating func count(_ outcome: ImportProgress.Outcome, times: Int = 1) {
    switch outcome {
    case .record(let kind, let outcome):
      let field: WritableKeyPath<Counts, Int> =
        switch outcome {
        case .created: \.created
        case .updated: \.updated
        case .unchanged: \.unchanged
        default: \.failed
        }
      if times > 0 { kinds[kind, default: Counts()][keyPath: field] += times }
    case .refused: refused += times
    case .warning: warnings += times
    }
  }

  /// Records that are as the file says.
  var done: Int { kinds.values.reduce(0) { $0 + $1.created + $1.updated + $1.unchanged } }

  /// All records.
  var total: Int { kinds.values.reduce(0) { $0 + $1.total } }

  /// Counts that were written down; nil for what is none.
  init?(_ json: JSONValue) {
    guard case .object(let members)? = json["records"], let problems = Self.numbers(json["problems"], 2)
    else {
      return nil
    }
    (refused, warnings) = (problems[0], problems[1])
    for member in members {
      guard let numbers = Self.numbers(member.value, 4) else { return nil }
      kinds[member.name] = Counts(
        created: numbers[0], updated: numbers[1], unchanged: numbers[2], failed: numbers[3])
    }
  }

  private static func numbers(_ json: JSONValue?, _ count: Int) -> [Int]? {
    let numbers = (json?.arrayValue ?? []).compactMap(\.intValue).filter { (0...greatest).contains($0) }
    return numbers.count == count ? numbers.map { Int($0) } : nil
  }

  /// The counts as JSON, to be read back.
  var json: JSONValue {
    let records = kinds.sorted { $0.key < $1.key }.map { kind, counts in
      JSONMember(
        kind, .array([counts.created, counts.updated, counts.unchanged, counts.failed].map { .integer($0) }))
    }
    return .object([
      "records": .object(records), "problems": .array([.integer(refused), .integer(warnings)]),
    ])
  }
}
