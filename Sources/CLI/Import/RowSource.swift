internal import DataFiles
internal import ProtobufBridge
internal import PunosMessages
internal import Terminal

/// A file of records, read a row at a time.
protocol RowSource {
  /// What the next row gives, or nil at the end. An empty list is a row without a record.
  mutating func next() throws -> [ImportedThing]?
  /// Bytes read, and of the whole file where known.
  var progress: (consumed: Int, total: Int?) { get }
  /// What was found out about the file: encoding, delimiter.
  var finding: String { get }
}

/// Turns rows into records.
struct RowAssembler {
  let options: AssemblyOptions
  private var provenance = RowProvenance()

  init(options: AssemblyOptions) { self.options = options }

  mutating func things(_ row: ImportedRow) -> [ImportedThing] {
    var things: [ImportedThing] = row.warnings.map { .problem($0, isWarning: true) }
    guard row.problems.isEmpty else { return things + row.problems.map { .problem($0, isWarning: false) } }
    do throws(AssemblyProblem) {
      if row.kind == "account" {
        let made = try AccountAssembler(row, options, sources: provenance.sources(row, options))
        var item = ImportItem(record: .account(made.finished([])), line: row.line)
        item.references = made.references.map { .init(place: $0.place, lookup: $0.lookup, column: $0.column) }
        things.append(.item(item))
      } else if row.kind != "contact", let noun = CLINouns.noun(row.kind) {
        things.append(.item(try item(noun, row)))
      } else {
        let made = try ContactAssembler(row, options, sources: provenance.sources(row, options))
        var item = ImportItem(record: .contact(made.contact), line: row.line)
        item.references = made.references.map { .init(place: $0.place, lookup: $0.lookup, column: $0.column) }
        things.append(.item(item))
      }
    } catch {
      things.append(
        .problem(
          RecordProblem(at: FilePosition(line: row.line), columnName: error.column, error.reason),
          isWarning: false))
    }
    return things
  }

  private func item(_ noun: any CLINoun.Type, _ row: ImportedRow) throws(AssemblyProblem) -> ImportItem {
    let made = try NounAssembler(noun, row, options)
    var item = ImportItem(record: .noun(made.record), line: row.line)
    item.provenance = made.provenance
    if let account = made.account {
      item.references = [.init(place: 0, lookup: account.lookup, column: account.column)]
    }
    return item
  }
}

/// Where the fields of rows came from. Row after row has the same columns, and the same is done to their values: what was
/// made for the last row of a kind serves as long as nothing differs.
private struct RowProvenance {
  private var last: [String: (fields: [(path: String, notes: [CleaningNote])], sources: [FieldSource])] = [:]

  mutating func sources(_ row: ImportedRow, _ options: AssemblyOptions) -> [FieldSource] {
    if let last = last[row.kind], last.fields.count == row.fields.count,
      zip(last.fields, row.fields).allSatisfy({ $0.path == $1.path && $0.notes == $1.notes })
    {
      return last.sources
    }
    let sources = RecordAssembly.sources(row, options)
    last[row.kind] = (row.fields.map { ($0.path, $0.notes) }, sources)
    return sources
  }
}

/// A table, by a mapping.
struct TableSource: RowSource {
  private let reader: CSVReader
  private var mapper: RowMapper
  private var assembler: RowAssembler
  private var record = CSVRecord()

  init(path: String, mapping: Mapping, encoding: TextEncoding?, _ assembler: RowAssembler) throws {
    reader = try CSVReader(try ByteSource(path: path), encoding: encoding)
    mapper = try RowMapper(mapping, header: reader.header, targets: ImportTargets.all)
    self.assembler = assembler
  }

  mutating func next() throws -> [ImportedThing]? {
    guard try reader.next(&record) else { return nil }
    let rows = mapper.rows(from: record)
    if rows.count == 1 { return assembler.things(rows[0]) }
    return rows.flatMap { assembler.things($0) }
  }

  var progress: (consumed: Int, total: Int?) { (reader.consumedBytes, reader.totalBytes) }
  var finding: String { "\(reader.encoding), \(reader.format.delimiterName)" }
}

/// vCards.
struct CardSource: RowSource {
  private let reader: VCardReader
  private let mapper: VCardMapper
  private var assembler: RowAssembler

  init(path: String, country: String?, encoding: TextEncoding?, _ assembler: RowAssembler) throws {
    reader = try VCardReader(try ByteSource(path: path), encoding: encoding)
    mapper = VCardMapper(country: country)
    self.assembler = assembler
  }

  mutating func next() throws -> [ImportedThing]? {
    switch try reader.next() {
    case .success(let card): assembler.things(mapper.row(from: card))
    case .failure(let failure): [.problem(failure.problem, isWarning: false)]
    case nil: nil
    }
  }

  var progress: (consumed: Int, total: Int?) { (reader.consumedBytes, reader.totalBytes) }
  var finding: String { "\(reader.encoding), vCard" }
}

/// JSON lines as `punos export` writes them: `{"account":{…}}`, `{"contact":{…}}` and so for every kind, the records
/// as the API has them.
struct LinesSource: RowSource {
  private let reader: JSONLinesReader

  init(path: String, encoding: TextEncoding?) throws {
    reader = try JSONLinesReader(try ByteSource(path: path), encoding: encoding)
  }

  mutating func next() throws -> [ImportedThing]? {
    guard let line = try reader.next() else { return nil }
    func problem(_ reason: String) -> [ImportedThing] {
      [.problem(RecordProblem(at: FilePosition(line: line.line), reason), isWarning: false)]
    }
    switch line.value {
    case .failure(let failure): return [.problem(failure.problem, isWarning: false)]
    case .success(.object(let members)):
      guard members.count == 1, let member = members.first else {
        return problem("one member with the kind of record for its name, such as account, was expected")
      }
      do {
        switch member.name {
        case "account":
          return [.item(Self.item(.account(try Self.read(member.value)), line.line))]
        case "contact":
          return [.item(Self.item(.contact(try Self.read(member.value)), line.line))]
        default:
          guard let noun = try NounRecord(kind: member.name, json: Self.text(member.value)) else {
            let kinds = ["account", "contact"] + CLINouns.all.map { $0.kind }
            return problem("a member called \(kinds.joined(separator: ", ")) was expected")
          }
          return [.item(Self.item(.noun(noun), line.line))]
        }
      } catch let error as JSONError {
        return problem("\(error)")
      }
    case .success: return problem("an object such as {\"account\":{…}} was expected")
    }
  }

  var progress: (consumed: Int, total: Int?) { (reader.consumedBytes, reader.totalBytes) }
  var finding: String { "\(reader.encoding), JSON" }

  /// A record that bears the mark of a version is from an export, and comes back as it was.
  private static func item(_ record: ImportItem.Record, _ line: Int) -> ImportItem {
    let (isExported, isDeleted) =
      switch record {
      case .account(let account): (!account.etag.isEmpty, account.deleteTime != nil)
      case .contact(let contact): (!contact.etag.isEmpty, contact.deleteTime != nil)
      case .noun(let noun): (noun.isExported, noun.isDeleted)
      }
    return ImportItem(
      record: record, line: line, newRecords: isExported ? .asExported : .unspecified,
      isDeleted: isExported && isDeleted)
  }

  private static func read<M: Message>(_ value: JSONValue) throws -> M {
    guard let descriptor = M.descriptor else { return M() }
    return try M(
      serialized: try JSON.decode(text(value), as: descriptor, in: M.schema), limits: .trusted)
  }

  /// The same value as the message reader's type.
  private static func text(_ value: JSONValue) -> JSONText {
    switch value {
    case .null: .null
    case .bool(let flag): .bool(flag)
    case .number(let digits): .number(digits)
    case .string(let text): .string(text)
    case .array(let elements): .array(elements.map(text))
    case .object(let members): .object(members.map { JSONText.Member(name: $0.name, value: text($0.value)) })
    }
  }
}
