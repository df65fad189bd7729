/// A company that uses Punos. Nothing is ever read or written across tenants.
public struct TenantID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// 1 to 63 characters: a-z, 0-9 and hyphen, beginning with a letter or digit.
  public let text: String

  /// - Throws: ``InvalidIdentifier`` where `text` has another shape.
  public init(_ text: String) throws(InvalidIdentifier) {
    let bytes = text.utf8
    let first = bytes.first ?? 0
    let begins = (97...122).contains(first) || (48...57).contains(first)
    let all = bytes.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    guard begins, all, bytes.count <= StoreLimits.tenantBytes else {
      throw InvalidIdentifier(what: "tenant", expected: "1 to 63 of a-z, 0-9 and -, not beginning with -")
    }
    self.text = text
  }

  public var description: String { text }

  public static func < (a: TenantID, b: TenantID) -> Bool { a.text < b.text }
}

/// The number that stands for a kind of record on disk. Never reused for another kind.
public struct RecordKind: RawRepresentable, Hashable, Sendable, Comparable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public init(_ code: UInt16) { rawValue = code }

  public static func < (a: RecordKind, b: RecordKind) -> Bool { a.rawValue < b.rawValue }
}

/// Which record, within a tenant: the shard it lies in, its kind, its id.
///
/// Keys are ordered by account (the tenant's own space first), then kind, then id, each by bytes; an
/// account's
/// records are therefore one unbroken run.
public struct RecordKey: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The account whose shard holds the record; nil for a record in the tenant's own space.
  public let account: String?
  /// What it is.
  public let kind: RecordKind
  /// 1 to 255 bytes of UTF-8 without NUL, unique within account and kind. May contain `/` for what belongs to
  /// another record, so that a prefix finds all of them.
  public let id: String

  /// No check here: a store refuses a key that breaks the limits, as a read that finds nothing or as
  /// ``InvalidCommit``.
  public init(account: String?, kind: RecordKind, id: String) {
    self.account = account
    self.kind = kind
    self.id = id
  }

  /// Whether account and id have a length that a store takes, and no NUL.
  public var isValid: Bool {
    Self.isValid(id) && (account.map(Self.isValid) ?? true)
  }

  /// Whether an account could be there at all: 1 to 255 bytes without NUL.
  public static func isValidAccount(_ account: String) -> Bool { isValid(account) }

  static func isValid(_ part: String) -> Bool {
    let count = part.utf8.count
    return count > 0 && count <= StoreLimits.keyPartBytes && !part.utf8.contains(0)
  }

  public var description: String {
    let own = "\(kind.rawValue)/\(id)"
    return account.map { "\($0)/\(own)" } ?? own
  }

  public static func < (a: RecordKey, b: RecordKey) -> Bool {
    if a.account != b.account {
      guard let left = a.account else { return true }
      guard let right = b.account else { return false }
      return left.utf8.lexicographicallyPrecedes(right.utf8)
    }
    if a.kind != b.kind { return a.kind < b.kind }
    return a.id.utf8.lexicographicallyPrecedes(b.id.utf8)
  }

  // Byte for byte, unlike String's canonical equivalence: two spellings are two keys on disk too.
  public static func == (a: RecordKey, b: RecordKey) -> Bool {
    guard a.kind == b.kind, a.id.utf8.elementsEqual(b.id.utf8) else { return false }
    switch (a.account, b.account) {
    case (nil, nil): return true
    case (let left?, let right?): return left.utf8.elementsEqual(right.utf8)
    default: return false
    }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    var id = self.id
    id.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(0 as UInt8)
    if var account { account.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) } }
  }
}

/// The position of a commit in its tenant's history: 1, 2, 3 … without a gap. 0 is before the first.
public struct Revision: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible {
  public let rawValue: Int64

  public init(rawValue: Int64) { self.rawValue = rawValue }

  public init(_ value: Int64) { rawValue = value }

  /// Before the first commit.
  public static let zero = Revision(0)

  public var description: String { String(rawValue) }

  public static func < (a: Revision, b: Revision) -> Bool { a.rawValue < b.rawValue }
}

/// A moment in time: microseconds since 1970-01-01T00:00:00Z, as POSIX counts (leap seconds left out).
public struct Moment: RawRepresentable, Hashable, Sendable, Comparable {
  public let rawValue: Int64

  public init(rawValue: Int64) { self.rawValue = rawValue }

  /// - Parameter microseconds: since 1970-01-01T00:00:00Z; negative before.
  public init(microseconds: Int64) { rawValue = microseconds }

  /// - Parameters:
  ///   - seconds: since 1970-01-01T00:00:00Z. Saturates at the ends of the range (about ±292,000 years).
  ///   - nanoseconds: added; what is under a microsecond is cut off.
  public init(seconds: Int64, nanoseconds: Int32 = 0) {
    let (micros, over) = seconds.multipliedReportingOverflow(by: 1_000_000)
    let (sum, overToo) = micros.addingReportingOverflow(Int64(nanoseconds / 1000))
    rawValue = over || overToo ? (seconds < 0 ? .min : .max) : sum
  }

  /// Whole seconds since 1970, rounded down.
  public var seconds: Int64 {
    rawValue >= 0 ? rawValue / 1_000_000 : -((-(rawValue &+ 1)) / 1_000_000) - 1
  }

  /// Nanoseconds within the second, 0 ..< 1,000,000,000, to the microsecond.
  public var nanoseconds: Int32 {
    let rest = rawValue % 1_000_000
    return Int32((rest < 0 ? rest + 1_000_000 : rest) * 1000)
  }

  public static func < (a: Moment, b: Moment) -> Bool { a.rawValue < b.rawValue }
}

/// Who writes: the person or program, and the team for which it acts.
public struct Actor: Hashable, Sendable {
  /// The credential's principal ("users/aino", "service:crm-sync").
  public let principal: String
  /// The team ("teams/sales"); empty where none.
  public let team: String

  public init(principal: String, team: String = "") {
    self.principal = principal
    self.team = team
  }
}

/// The store's limits, each with its reason.
public enum StoreLimits {
  /// A DNS label, so that a tenant may become a host name.
  public static let tenantBytes = 63
  /// Keys lie in every index entry; longer ones would leave a page room for only a few.
  public static let keyPartBytes = 255
  /// A body that fits the default gRPC message with room for its envelope; bigger things are not records.
  public static let bodyBytes = 1 << 20
  /// One commit holds every record of a batch call (1,000) with what follows from each.
  public static let operationsPerCommit = 10_000
  /// Bounds what one commit can keep in memory until applied.
  public static let commitBytes = 16 << 20
  /// Request ids, actors and teams are names; reasons are a sentence or two.
  public static let nameBytes = 255
  public static let reasonBytes = 2_000
  /// Index values longer than this are cut: as a prefix it still finds, and ties are settled by the key.
  public static let indexTextBytes = 200
  /// Entries of one record in one index. A list with more is not something to look up by.
  public static let entriesPerRecord = 1_000
  /// Rows of one page of any list.
  public static let pageRecords = 1_000
  /// Groups of one count: every day of some years by stage and segment, and still little memory.
  public static let aggregateGroups = 200_000
  /// Depth of a filter, so that nothing can make its evaluation recurse without end.
  public static let filterDepth = 16
  /// Conditions in a filter: SQLite's own default depth is 1,000, a person's filter is ten.
  public static let filterTerms = 100
}
