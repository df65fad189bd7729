internal import FieldFormats

/// Turns rows of a table into records by a mapping.
public struct RowMapper: Sendable {
  struct Column: Sendable {
    var index: Int
    var mapping: Mapping.Column
    var targets: [MappingTargets.Target]
    var steps: [CleaningStep]
    var base: CleaningStep

    /// What stands for a value where the column is empty.
    var standIn: String? {
      steps.lazy.compactMap { if case .standIn(let text) = $0 { text } else { nil } }.first
    }
  }

  struct Section: Sendable {
    var kind: String
    var keySystem: String?
    var keyIndex: Int?
    var columns: [Column]
    var constants: [Mapping.Constant]
    /// Records of the kind are known by a display name, which no row may lack.
    var isNamed: Bool
    /// The kind has custom attributes, which keep what cannot be read as its field wants it.
    var hasAttributes: Bool
  }

  /// How many cleaned values of slow steps (countries, statuses) are remembered for each step. Such columns have few
  /// values; one that has more is not slowed down much by forgetting all of them.
  private static let rememberedValues = 4096

  let mapping: Mapping
  private let header: [String]
  private(set) var sections: [Section] = []
  private var remembered: [CleaningStep: [String: Cleaned]] = [:]

  /// Joins a mapping with a table's header.
  ///
  /// - Parameters:
  ///   - mapping: the mapping.
  ///   - header: the names of the table's columns.
  ///   - targets: the kinds and fields there are.
  /// - Throws: ``MappingError`` that names every column of the mapping that the table does not have, with the
  ///   nearest it has, and every one that it has twice.
  public init(
    _ mapping: Mapping, header: [String], targets: [MappingTargets] = MappingTargets.standard
  ) throws(MappingError) {
    self.mapping = mapping
    self.header = header
    var problems: [RecordProblem] = []
    func index(of name: String, line: Int) -> Int? {
      let found = header.indices.filter { header[$0] == name }
      if found.count == 1 { return found.first }
      let reason: String
      if found.count > 1 {
        reason = "the table has the column “\(name)” \(found.count) times: rename one of them"
      } else {
        let near = DataText.nearest(to: name, in: header).map { ": is “\($0)” meant?" } ?? ""
        reason = "the table has no column “\(name)”\(near)"
      }
      problems.append(RecordProblem(at: FilePosition(line: line), reason))
      return nil
    }
    for section in mapping.sections {
      guard let fields = targets.first(where: { $0.kind == section.kind }) else {
        problems.append(
          RecordProblem(at: FilePosition(line: section.line), "no kind is called \(section.kind)"))
        continue
      }
      var joined = Section(
        kind: section.kind, keySystem: section.keySystem, keyIndex: nil, columns: [],
        constants: section.constants,
        isNamed: fields.targets["display_name"] != nil, hasAttributes: fields.targets["attributes"] != nil)
      if let key = section.keyColumn { joined.keyIndex = index(of: key, line: section.line) }
      for column in section.columns {
        guard let position = index(of: column.name, line: column.line) else { continue }
        let found = column.targets.compactMap(fields.target(for:))
        guard found.count == column.targets.count else {
          problems.append(
            RecordProblem(
              at: FilePosition(line: column.line), "\(section.kind) does not have all of these fields"))
          continue
        }
        guard let first = found.first else { continue }
        joined.columns.append(
          Column(
            index: position, mapping: column, targets: found, steps: Self.steps(column.steps, first.cleaning),
            base: first.cleaning))
      }
      sections.append(joined)
    }
    guard problems.isEmpty else { throw MappingError(problems: problems) }
  }

  /// The steps that a mapping names, or where it names none but what stands for an empty value, the field's own.
  private static func steps(_ named: [CleaningStep], _ own: CleaningStep) -> [CleaningStep] {
    let isOnlyStandIn = named.allSatisfy { if case .standIn = $0 { true } else { false } }
    return isOnlyStandIn ? named + [own] : named
  }

  /// The records that a row becomes.
  ///
  /// - Parameter record: a row of the table whose header this mapper was made for. One that has a problem of its own
  ///   gives one record with that problem and no fields.
  /// - Returns: a record for each section of the mapping that the row has values for.
  public mutating func rows(from record: CSVRecord) -> [ImportedRow] {
    if let problem = record.problem {
      var row = ImportedRow(kind: sections.first?.kind ?? "", line: record.line)
      row.problems = [problem]
      return [row]
    }
    return sections.indices.compactMap { row(from: record, section: $0) }
  }

  private mutating func row(from record: CSVRecord, section index: Int) -> ImportedRow? {
    let section = sections[index]
    var row = ImportedRow(kind: section.kind, line: record.line)
    if let keyIndex = section.keyIndex, let system = section.keySystem {
      if let id = Cleaning.text(record[keyIndex]).value {
        row.key = ImportedRow.Key(system: system, id: id)
      } else {
        row.problems.append(
          RecordProblem(
            at: FilePosition(line: record.line, column: keyIndex + 1), columnName: header[keyIndex],
            "expected the record's id in \(system), the column is empty"))
      }
    }
    let country = rowCountry(record, section)
    for column in section.columns where !record.isEmpty(column.index) {
      append(column, record, country: country, hasAttributes: section.hasAttributes, to: &row)
    }
    guard !row.fields.isEmpty || !row.problems.isEmpty else { return nil }
    // What stands in for empty columns alone makes no record.
    for column in section.columns where record.isEmpty(column.index) && column.standIn != nil {
      append(column, record, country: country, hasAttributes: section.hasAttributes, to: &row)
    }
    for constant in section.constants {
      row.fields.append(ImportedField(path: constant.target, value: .text(constant.value)))
    }
    composeName(&row)
    if section.isNamed, row.text("display_name") == nil, row.problems.isEmpty {
      row.problems.append(
        RecordProblem(at: FilePosition(line: record.line), "the \(section.kind) has no name (display_name)"))
    }
    return row
  }

  /// The country that the row's own country column says, or else the mapping's.
  private mutating func rowCountry(_ record: CSVRecord, _ section: Section) -> String? {
    for column in section.columns where column.targets.contains(where: { $0.path.hasSuffix("country") }) {
      guard let text = Cleaning.text(record[column.index]).value else { continue }
      let cleaned = cleaned(text, column.steps, country: nil)
      if cleaned.doubt == nil, let value = cleaned.value { return value }
      return nil
    }
    return mapping.country
  }

  private mutating func cleaned(_ text: String, _ steps: [CleaningStep], country: String?) -> Cleaned {
    var value = Cleaned(text)
    for step in steps {
      switch step {
      case .country, .status, .channel, .currency:
        value = value.then { text in
          if let known = remembered[step]?[text] { return known }
          let made = step.apply(text, locale: mapping.locale, country: country)
          if remembered[step, default: [:]].count >= Self.rememberedValues { remembered[step] = [:] }
          remembered[step, default: [:]][text] = made
          return made
        }
      default:
        let locale = mapping.locale
        value = value.then { step.apply($0, locale: locale, country: country) }
      }
    }
    return value
  }

  private mutating func append(
    _ column: Column, _ record: CSVRecord, country: String?, hasAttributes: Bool, to row: inout ImportedRow
  ) {
    let multiline = column.base == .multiline || column.base == .lines
    var first = Cleaning.text(record[column.index], multiline: multiline)
    if first.value == nil, let standIn = column.standIn {
      first = Cleaned(standIn, notes: [CleaningNote(.placeholder, "empty, taken as “\(standIn)”")])
    }
    guard let text = first.value else { return }
    var value = cleaned(text, column.steps, country: country)
    value.notes = first.notes + value.notes
    let place = FilePosition(line: row.line, column: column.index + 1)
    if let doubt = value.doubt {
      guard hasAttributes else {
        row.problems.append(RecordProblem(at: place, columnName: column.mapping.name, doubt))
        return
      }
      leave(value, column, place, doubt, &row)
      return
    }
    guard let result = value.value else { return }
    for (path, target) in zip(column.mapping.targets, column.targets) {
      for part in parts(of: result, target, column.steps, multiline: multiline) {
        row.fields.append(
          ImportedField(path: path, value: part, column: column.mapping.name, notes: value.notes))
        if case .money = target.cleaning { splitCurrency(path, &row) }
      }
    }
  }

  /// A value that could not be read: a telephone number of a person is kept as written, other values that have a place
  /// of their own become an attribute, so that nothing is lost; the row says so.
  private func leave(
    _ value: Cleaned, _ column: Column, _ place: FilePosition, _ doubt: String, _ row: inout ImportedRow
  ) {
    guard let text = value.value else { return }
    row.warnings.append(
      RecordProblem(at: place, columnName: column.mapping.name, "left as written: \(doubt)"))
    guard let path = column.mapping.targets.first else { return }
    let isContactPhone = row.kind == "contact" && column.targets.first?.path == "phones.number"
    let leftPath =
      isContactPhone
      ? path.replacingLast("number", with: "as_written")
      : "attributes.\(Self.attributeName(column.mapping.name))"
    row.fields.append(
      ImportedField(path: leftPath, value: .text(text), column: column.mapping.name, notes: value.notes))
  }

  private func parts(
    of text: String, _ target: MappingTargets.Target, _ steps: [CleaningStep], multiline: Bool
  ) -> [ImportedValue] {
    if let lookup = steps.compactMap({ step in
      if case .lookup(let kind, let system) = step { (kind, system) } else { nil }
    }).first {
      let by: ImportedValue.Lookup =
        switch lookup.1 {
        case nil: .name(text)
        case let type? where CleaningStep.identifierTypes.contains(type): .identifier(type: type, value: text)
        case let system?: .externalID(system: system, id: text)
        }
      return [.reference(kind: lookup.0, by: by)]
    }
    let pieces: [Substring]
    if target.cleaning == .tags {
      pieces = text.split { ";,|".contains($0) }
    } else if target.cleaning == .lines {
      pieces = text.split(whereSeparator: \.isNewline)
    } else {
      return [.text(text)]
    }
    return pieces.map { DataText.trimmed(String($0)) }.filter { !$0.isEmpty }.map { .text($0) }
  }

  /// `1234.5 EUR`, as the money step writes it, becomes two fields.
  private func splitCurrency(_ path: String, _ row: inout ImportedRow) {
    guard var field = row.fields.popLast() else { return }
    guard case .text(let text) = field.value, let blank = text.firstIndex(of: " ") else {
      row.fields.append(field)
      return
    }
    field.value = .text(String(text[..<blank]))
    row.fields.append(field)
    row.fields.append(
      ImportedField(
        path: path + ".currency", value: .text(String(text[text.index(after: blank)...])),
        column: field.column,
        notes: field.notes))
  }

  /// A person without a name in one piece gets it from the given and family names.
  private func composeName(_ row: inout ImportedRow) {
    guard row.kind == "contact", row.text("display_name") == nil else { return }
    let parts = [row.text("given_name"), row.text("family_name")].compactMap(\.self)
    guard !parts.isEmpty else { return }
    row.fields.insert(
      ImportedField(path: "display_name", value: .text(parts.joined(separator: " "))), at: 0)
  }

  /// A column's name as an attribute's: `Phone (work)` becomes `phone_work`.
  static func attributeName(_ column: String) -> String {
    // By scalars: a combining mark behind a blank must not hide it.
    let scalars = DataText.folded(column).unicodeScalars.map { $0 == " " ? "_" : $0 }
    let name = String(String.UnicodeScalarView(scalars))
    return name.isEmpty ? "column" : String(name.prefix(60))
  }
}

extension String {
  fileprivate func replacingLast(_ ending: String, with other: String) -> String {
    hasSuffix(ending) ? dropLast(ending.count) + other : self
  }
}
