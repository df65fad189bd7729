import Store

/// The record that the benchmark writes: a moment, how sure it is, a team and a text, parted by line breaks.
struct BenchNote {
  static let kinds: [RecordKind] = [RecordKind(5), RecordKind(6), RecordKind(7), RecordKind(8)]
  /// 2026-09-21: the moment that the notes end at and recency is reckoned from.
  static let now = Moment(seconds: 1_790_000_000)
  static let accounts: UInt64 = 100_000
  static let teams: UInt64 = 10
  // Three years of notes.
  private static let span: UInt64 = 3 * 365 * 86_400

  var key: RecordKey
  var body: [UInt8]

  /// The note of a number, with a text of its own.
  init(number: Int, text: String, random: inout SeededRandom) {
    let kind = Self.kinds[Int(random.next() % UInt64(Self.kinds.count))]
    key = RecordKey(account: "account-\(random.next() % Self.accounts)", kind: kind, id: "note-\(number)")
    let moment = Self.now.rawValue - Int64(random.next() % Self.span) * 1_000_000
    let confidence = random.next() % 2 == 0 ? "" : String(random.unit())
    body = Array("\(moment)\n\(confidence)\nteam-\(random.next() % Self.teams)\n\(text)".utf8)
  }

  /// What search reads of a body.
  static func document(_ body: [UInt8]) -> SearchDocument? {
    let parts = String(decoding: body, as: UTF8.self)
      .split(separator: "\n", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    return SearchDocument(
      fields: [SearchDocument.Field(name: "text", text: String(parts[3]), language: "fi")],
      moment: Int64(parts[0]).map { Moment(rawValue: $0) }, confidence: Double(parts[1]),
      team: String(parts[2]))
  }

  static let schema = RecordSchema(
    kinds: kinds.map { kind in
      KindSchema(
        kind: kind, name: "note_\(kind.rawValue)", scope: .account, facts: { _ in RecordFacts() },
        searchDocument: { document($0) })
    }, fold: { $0 })
}
