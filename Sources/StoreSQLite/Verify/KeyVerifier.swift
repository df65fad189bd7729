internal import Store

/// Checks that the orders of keys beside the records of large accounts have none that is no record's.
struct KeyVerifier: SlicedVerifier {
  /// The last one looked at.
  private var at: [UInt8] = []

  var file: VerifyFindings.File { .tables }
  var place: String { "\(Opening.tablesName), orders of keys" }

  mutating func slice(_ reader: Reader, rows limit: Int, _ report: inout VerifyFindings) throws -> Bool {
    var rows = 0
    let statement = try reader.tables.connection.prepare(
      "SELECT key FROM shard_keys WHERE key > ?1 ORDER BY key LIMIT \(limit)")
    statement.bind(1, at)
    while try statement.step() {
      rows += 1
      at = statement.bytes(0)
      if try RecordPlaces.shardBytes(at) == nil || !reader.tables.hasRecord(at) {
        let key = at.withUnsafeBytes { try? KeyEncoding.decodeRecord($0).key }
        report.add(
          "an order of keys has \(key.map { "\($0)" } ?? "one that is no key"), which is no record's",
          in: .tables)
      }
    }
    return rows < limit
  }
}
