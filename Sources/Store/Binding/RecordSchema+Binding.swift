public import ProtobufBridge

extension RecordSchema {
  /// What the store is to keep and derive, from the options in `proto/`.
  ///
  /// - Parameters:
  ///   - schema: the messages; those with a record option become kinds.
  ///   - fold: folds text for folded indexes; lists are in the order of what it gives.
  ///   - foldVersion: raise it when `fold` changes, so that indexes which hold what it gave are built anew.
  /// - Throws: ``BindingError`` where options and fields do not fit, or two kinds have one number.
  public init(schema: Schema, fold: @escaping @Sendable (String) -> String, foldVersion: Int = 1) throws {
    var kinds: [KindSchema] = []
    var seen: [UInt16: String] = [:]
    for message in schema.files.flatMap(\.messages) {
      guard let rule = message.record else { continue }
      guard let code = UInt16(exactly: rule.code), code > 0 else {
        throw BindingError(message: message.fullName, problem: "the record needs a code from 1 to 65535")
      }
      if let other = seen.updateValue(message.fullName, forKey: code) {
        throw BindingError(message: message.fullName, problem: "code \(code) belongs to \(other)")
      }
      kinds.append(try KindSchema(message, rule, RecordKind(code), foldVersion: foldVersion))
    }
    self.init(kinds: kinds, fold: fold)
  }
}

extension KindSchema {
  init(
    _ message: MessageDescriptor, _ rule: RecordRule, _ kind: RecordKind, foldVersion: Int
  ) throws(BindingError) {
    let plan = try ExtractionPlan(message, rule)
    let columns = message.fields.filter { $0.rule?.column == true }
    let eraser = PersonEraser(message)
    let indexes = rule.indexes.map { index in
      IndexDefinition(
        name: index.name, fields: index.fields.count, promise: IndexPromise(index.kind),
        isFolded: index.folded, version: index.folded ? foldVersion : 1)
    }
    try Self.check(rule, columns, message)
    let tallies = rule.tallies.map {
      TallyDefinition(
        moment: $0.moment, by: $0.by, sum: $0.sum.isEmpty ? nil : $0.sum,
        whereSet: $0.whereSet.isEmpty ? nil : $0.whereSet)
    }
    let facts: @Sendable ([UInt8]) throws -> RecordFacts = { body in try plan.facts(of: body) }
    let search: @Sendable ([UInt8]) throws -> SearchDocument? = { body in try plan.searchDocument(of: body) }
    self.init(
      kind: kind, name: rule.kind, scope: rule.scope == .tenant ? .tenant : .account, indexes: indexes,
      columns: columns.map { ColumnDefinition(name: $0.name, type: ColumnType($0)) }, tallies: tallies,
      orders: rule.orders, facts: facts,
      searchDocument: plan.searchFields.isEmpty ? nil : search,
      erase: { body, subject in try eraser.erase(subject, from: body) })
  }
}

extension KindSchema {
  /// Tallies and orders are made of columns, each of the type that it is used as.
  private static func check(
    _ rule: RecordRule, _ columns: [FieldDescriptor], _ message: MessageDescriptor
  ) throws(BindingError) {
    let types = Dictionary(columns.map { ($0.name, ColumnType($0)) }, uniquingKeysWith: { first, _ in first })
    let conditions = rule.tallies.map(\.whereSet).filter { !$0.isEmpty }
    for name in rule.orders.flatMap({ $0 }) + rule.tallies.flatMap(\.by) + conditions where types[name] == nil {
      throw BindingError(
        message: message.fullName, problem: "\(name) is in a tally or an order and is no column")
    }
    for tally in rule.tallies where types[tally.moment] != .moment {
      throw BindingError(
        message: message.fullName, problem: "\(tally.moment) is counted by and is no column of moments")
    }
    for tally in rule.tallies where !tally.sum.isEmpty && types[tally.sum] != .integer {
      throw BindingError(
        message: message.fullName, problem: "\(tally.sum) is added up and is no column of whole numbers")
    }
  }
}

extension ExtractionPlan {
  func facts(of body: [UInt8]) throws(UnreadableBody) -> RecordFacts {
    let found = try read(body, wantsSearch: false)
    var subjects: [String] = []
    for slot in subjectSlots {
      found.slots[slot].forEach { if case .text(let name) = $0, !name.isEmpty { subjects.append(name) } }
    }
    return RecordFacts(
      indexEntries: found.entries, columns: columnSlots.map { found.slots[$0].last ?? .null },
      subjects: subjects)
  }

  func searchDocument(of body: [UInt8]) throws(UnreadableBody) -> SearchDocument? {
    let found = try read(body, wantsSearch: true)
    guard !found.searchTexts.isEmpty else { return nil }
    var document = SearchDocument(
      fields: found.searchTexts.map { field, text in
        let rule = searchFields[field]
        return .init(
          name: rule.name, text: text, weight: rule.weight, language: rule.language,
          isVerbatim: rule.isVerbatim)
      })
    if let momentSlot, case .moment(let moment)? = found.slots[momentSlot].last { document.moment = moment }
    if let confidenceSlot, case .real(let confidence)? = found.slots[confidenceSlot].last {
      document.confidence = confidence
    }
    return document
  }
}

extension IndexPromise {
  init(_ kind: IndexRule.Kind) {
    switch kind {
    case .unique: self = .unique
    case .prefix: self = .prefix
    case .time: self = .time
    case .plain, .unspecified: self = .plain
    }
  }
}

extension ColumnType {
  init(_ field: FieldDescriptor) {
    switch field.type {
    case .bool: self = .boolean
    case .float, .double: self = .real
    case .string, .bytes, .group: self = .text
    case .message: self = field.message?.fullName == "google.protobuf.Timestamp" ? .moment : .integer
    default: self = .integer
    }
  }
}
