import FieldFormats
import PunosMessages
import RPC
import Store

/// Reads what lies in one account, as it is or as it was known at a point in time.
struct AccountReading {
  let world: ServiceWorld
  let caller: Principal
  /// nil: as it is now.
  let point: PointInTime?

  init(_ world: ServiceWorld, _ caller: Principal, at point: PointInTime?) {
    self.world = world
    self.caller = caller
    self.point = point
  }

  /// The account that a name stands for.
  ///
  /// - Throws: ``Problem`` where no such account is, or was.
  func account(named name: String, field: String) async throws(Problem) -> (key: RecordKey, account: Account)
  {
    let resolved = try await References(world, caller).resolve(name)
    guard let key = world.catalog.key(of: resolved), key.kind == NounCatalog.accountKind else {
      throw .badName(name, field: field, expected: "accounts/{account}")
    }
    guard let record = try await record(key) else {
      throw .notFound(
        resolved,
        nearest: try await NearestNames(world).records(to: key.id, kind: key.kind, in: caller.tenant))
    }
    return (key, try Account(record, named: resolved))
  }

  /// A live record; nil where there is, or was, none.
  ///
  /// - Parameter deletedToo: a deleted one too, until it is swept away.
  func record(_ key: RecordKey, deletedToo: Bool = false) async throws(Problem) -> StoredRecord? {
    do {
      let record =
        if let point {
          try await world.store.read(key, in: caller.tenant, asOf: point)
        } else {
          try world.store.read(key, in: caller.tenant)
        }
      return record.flatMap { $0.isDeleted && !deletedToo ? nil : $0 }
    } catch {
      throw .from(error, world.catalog)
    }
  }

  /// Those of some records that are, or were, live.
  func records(_ keys: [RecordKey]) async throws(Problem) -> [StoredRecord] {
    guard point == nil else {
      var records: [StoredRecord] = []
      for key in keys {
        if let record = try await record(key) { records.append(record) }
      }
      return records
    }
    var records: [StoredRecord] = []
    do {
      for start in stride(from: 0, to: keys.count, by: StoreLimits.pageRecords) {
        let some = Array(keys[start..<min(start + StoreLimits.pageRecords, keys.count)])
        records += try world.store.read(some, in: caller.tenant).compactMap { $0 }.filter { !$0.isDeleted }
      }
    } catch {
      throw .from(error, world.catalog)
    }
    return records
  }

  /// Live records of some kinds in an account.
  ///
  /// - Parameter most: read at most about so many; more is no longer something to work out in one call.
  func records(of kinds: [RecordKind], in account: String, most: Int) async throws(Problem) -> [StoredRecord]
  {
    var records: [StoredRecord] = []
    try await pages(of: kinds, in: account, most: most) { page throws(Problem) in records += page }
    return records
  }

  /// Gives live records of some kinds in an account page by page, in the order of their keys.
  ///
  /// - Parameter most: about so many.
  func pages(
    of kinds: [RecordKind], in account: String, most: Int, _ take: ([StoredRecord]) throws(Problem) -> Void
  ) async throws(Problem) {
    var scan = AccountScan(kinds: kinds)
    var count = 0
    do {
      repeat {
        let page: AccountPage
        if let point {
          page = try await world.store.scan(account: account, in: caller.tenant, scan, asOf: point)
        } else {
          page = try world.store.scan(account: account, in: caller.tenant, scan)
        }
        try take(page.records)
        count += page.records.count
        scan.after = page.next
      } while scan.after != nil && count < most
    } catch {
      throw .from(error, world.catalog)
    }
  }

  /// The values of one kind among records.
  func values<Value: RecordMessage>(
    _ kind: RecordKind, among records: [StoredRecord], as _: Value.Type = Value.self
  ) throws(Problem) -> [Value] {
    var values: [Value] = []
    for record in records where record.key.kind == kind {
      values.append(try Value(record, named: world.catalog.resourceName(of: record.key)))
    }
    return values
  }

  /// The revision that is read from.
  func revision() async throws(Problem) -> Revision {
    do {
      guard let point else { return try world.store.head(of: caller.tenant) }
      return try await world.store.revision(at: point, in: caller.tenant)
    } catch {
      throw .from(error, world.catalog)
    }
  }

  /// The moment that is read from: of a revision that of its commit, so that the same revision gives the same answer
  /// whenever it is asked.
  func moment() async throws(Problem) -> Moment {
    try await AccountReader.moment(of: point, world, caller)
  }
}

/// Days of moments, in UTC.
enum Days {
  private static let secondsPerDay: Int64 = 86_400

  /// The day of a moment, YYYY-MM-DD; empty for one outside the years 1 to 9999.
  static func text(_ moment: Moment) -> String {
    let seconds = moment.seconds
    let days = seconds >= 0 ? seconds / secondsPerDay : -((-seconds - 1) / secondsPerDay) - 1
    return Int(exactly: days).flatMap { CalendarDate(daysSince1970: $0) }.map(\.description) ?? ""
  }

  /// The first moment of a day; nil where the text is none.
  static func start(_ day: String) -> Moment? {
    CalendarDate(day).map { Moment(seconds: Int64($0.daysSince1970) * secondsPerDay) }
  }

  /// The last second of a day; nil where the text is none.
  static func end(_ day: String) -> Moment? {
    start(day).map { Moment(seconds: $0.seconds + secondsPerDay - 1) }
  }

  /// Whole days from one moment to a later one, never negative.
  static func between(_ first: Moment, _ last: Moment) -> Int64 {
    let (seconds, over) = last.seconds.subtractingReportingOverflow(first.seconds)
    return over ? 0 : max(0, seconds / secondsPerDay)
  }
}

extension AnalyzeCoverageRequest.AsOf {
  var point: PointInTime {
    switch self {
    case .asOfTime(let time): .moment(time.moment)
    case .asOfRevision(let revision): .revision(Revision(revision))
    }
  }
}

extension GetLifecycleRequest.AsOf {
  var point: PointInTime {
    switch self {
    case .asOfTime(let time): .moment(time.moment)
    case .asOfRevision(let revision): .revision(Revision(revision))
    }
  }
}
