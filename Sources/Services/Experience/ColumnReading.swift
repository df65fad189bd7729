import RPC
import Store

/// Reads records of a kind by their columns, of one account or of all, as they are or as they were known; one by one, so
/// that a million of them take no more memory than a page.
struct ColumnReading {
  private let reading: AccountReading
  private let kind: RecordKind
  private var account: String?

  /// Records read in one call at most: more takes seconds, and no period that people look at has more.
  static let most = 200_000

  /// - Parameter account: the shard; nil: every account.
  init(_ reading: AccountReading, _ kind: RecordKind, in account: String?) {
    self.reading = reading
    self.kind = kind
    self.account = account
  }

  /// Calls `body` with every live record whose columns meet a condition. In the past a record may be given that does not:
  /// columns are those of now, so what has changed since is read as it was, whatever it was.
  func each(_ filter: ColumnFilter, _ body: (StoredRecord) throws(Problem) -> Void) async throws(Problem) {
    var query = ColumnQuery(kind: kind, filter: filter)
    query.account = account
    query.limit = StoreLimits.pageRecords
    let revision = try await reading.point == nil ? nil : reading.revision()
    if revision != nil {
      query.includesDeleted = true
      query.filter = whatMayHaveMet(filter)
    }
    var count = 0
    repeat {
      let page: RecordPage
      do {
        page = try await reading.world.store.list(query, in: reading.caller.tenant)
      } catch {
        throw .from(error, reading.world.catalog)
      }
      for record in page.records {
        guard let revision, record.revision > revision else {
          if !record.isDeleted { try body(record) }
          continue
        }
        if let then = try await reading.record(record.key) { try body(then) }
      }
      count += page.records.count
      guard count <= Self.most else {
        throw Problem(
          .resourceExhausted, "TOO_MANY_RECORDS",
          "More than \(Self.most) records lie in the period; ask for a shorter one, or for one account.")
      }
      query.after = page.next
    } while query.after != nil
  }

  /// What changed after the point may have met the condition before; what did not change is as its columns say.
  private func whatMayHaveMet(_ filter: ColumnFilter) -> ColumnFilter? {
    guard case .moment(let moment)? = reading.point else { return nil }
    return .anyOf([filter, .compare(column: "update_time", .greater, .moment(moment))])
  }
}
