public import Store

/// A record body for tests: fields by name, one `name=value` a line. Values have no line breaks.
public struct SampleBody: Hashable, Sendable {
  public var fields: [(name: String, value: String)]

  public init(_ fields: [(String, String)]) { self.fields = fields.map { ($0.0, $0.1) } }

  public init(
    name: String, tags: [String] = [], amount: Int64? = nil, when: Int64? = nil, about: [String] = []
  ) {
    fields = [("name", name)]
    for tag in tags { fields.append(("tag", tag)) }
    if let amount { fields.append(("amount", String(amount))) }
    if let when { fields.append(("when", String(when))) }
    for person in about { fields.append(("about", person)) }
  }

  public init(bytes: [UInt8]) throws {
    fields = []
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { throw PromiseBroken("a sample body has a line without =") }
      fields.append((String(parts[0]), String(parts[1])))
    }
  }

  public var bytes: [UInt8] { Array(fields.map { "\($0.name)=\($0.value)" }.joined(separator: "\n").utf8) }

  public subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

  public func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

  public static func == (a: SampleBody, b: SampleBody) -> Bool { a.bytes == b.bytes }

  public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

/// Kinds of the sample schema.
public enum SampleKind {
  /// In an account: name (prefix, folded), tags (plain), when (time), columns, persons it is about.
  public static let note = RecordKind(11)
  /// Beside the accounts: e-mail address (unique, folded), about itself.
  public static let person = RecordKind(12)
  /// In an account, without anything derived.
  public static let blob = RecordKind(13)
}

/// The schema that the conformance suite opens stores with.
public enum SampleSchema {
  /// - Parameters:
  ///   - noteIndexes: what notes are found by; the default is ``noteIndexes``.
  ///   - noteTallies: what is counted of them; the default is ``noteTallies``.
  public static func schema(
    noteIndexes: [IndexDefinition] = noteIndexes, noteTallies: [TallyDefinition] = noteTallies
  ) -> RecordSchema {
    RecordSchema(
      kinds: [
        KindSchema(
          kind: SampleKind.note, name: "note", scope: .account, indexes: noteIndexes, columns: noteColumns,
          tallies: noteTallies, orders: [["when"], ["name", "amount"]],
          facts: { try noteFacts($0, noteIndexes) }, erase: { try eraseNote($0, $1) }),
        KindSchema(
          kind: SampleKind.person, name: "person", scope: .tenant,
          indexes: [IndexDefinition(name: "by_email", fields: 1, promise: .unique, isFolded: true)],
          columns: [ColumnDefinition(name: "name", type: .text)], facts: { try personFacts($0) }),
        KindSchema(
          kind: SampleKind.blob, name: "blob", scope: .account, facts: { _ in RecordFacts() }),
      ],
      fold: { $0.lowercased() })
  }

  public static let noteIndexes = [
    IndexDefinition(name: "by_name", fields: 1, promise: .prefix, isFolded: true),
    IndexDefinition(name: "by_tag", fields: 2, promise: .plain),
    IndexDefinition(name: "by_time", fields: 1, promise: .time),
  ]

  public static let noteColumns = [
    ColumnDefinition(name: "name", type: .text), ColumnDefinition(name: "amount", type: .integer),
    ColumnDefinition(name: "when", type: .moment), ColumnDefinition(name: "large", type: .boolean),
    ColumnDefinition(name: "ratio", type: .real),
  ]

  public static let noteTallies = [
    TallyDefinition(moment: "when", by: ["name", "large"], sum: "amount"),
    TallyDefinition(moment: "when", by: ["large"]),
    TallyDefinition(moment: "when", by: ["name", "large"], sum: "amount", whereSet: "amount"),
  ]

  private static func noteFacts(_ bytes: [UInt8], _ indexes: [IndexDefinition]) throws -> RecordFacts {
    let body = try SampleBody(bytes: bytes)
    let amount = body["amount"].flatMap(Int64.init)
    let when = body["when"].flatMap(Int64.init).map(Moment.init(microseconds:))
    let entries: [[[FieldValue]]] = indexes.map { index in
      switch index.name {
      case "by_name": body["name"].map { [[.text($0)]] } ?? []
      case "by_tag": body.all("tag").map { [.text($0), amount.map(FieldValue.integer) ?? .null] }
      case "by_time": when.map { [[.moment($0)]] } ?? []
      case "by_amount": amount.map { [[.integer($0)]] } ?? []
      default: []
      }
    }
    return RecordFacts(
      indexEntries: entries,
      columns: [
        body["name"].map(FieldValue.text) ?? .null, amount.map(FieldValue.integer) ?? .null,
        when.map(FieldValue.moment) ?? .null, amount.map { .boolean($0 >= 100) } ?? .null,
        amount.map { .real(Double($0) / 4) } ?? .null,
      ], subjects: body.all("about"))
  }

  private static func personFacts(_ bytes: [UInt8]) throws -> RecordFacts {
    let body = try SampleBody(bytes: bytes)
    return RecordFacts(
      indexEntries: [body["email"].map { [[.text($0)]] } ?? []],
      columns: [body["name"].map(FieldValue.text) ?? .null],
      subjects: body.all("about"))
  }

  private static func eraseNote(_ bytes: [UInt8], _ subject: String) throws -> ErasedBody {
    var body = try SampleBody(bytes: bytes)
    body.fields.removeAll { $0.name == "about" && $0.value == subject }
    // What is said of a person goes with the person.
    body.fields.removeAll { $0.name == "said" }
    return .rewritten(body.bytes)
  }
}

/// A store did not keep a promise of ``Store``.
public struct PromiseBroken: Error, CustomStringConvertible {
  public var description: String

  public init(_ description: String) { self.description = description }
}
