internal import DataFiles
internal import Terminal

/// What kind of file is imported.
enum ImportFormat: String, CaseIterable, Sendable {
  /// A table of text: comma, semicolon, tab or bar between values.
  case csv
  /// JSON lines as `punos export` writes them.
  case jsonl
  /// vCard 3 or 4.
  case vcard

  /// The kind that a file's name tells.
  init(fileName: String) {
    let ending = fileName.split(separator: ".").last?.lowercased() ?? ""
    switch ending {
    case "jsonl", "ndjson", "json": self = .jsonl
    case "vcf", "vcard": self = .vcard
    default: self = .csv
    }
  }
}

/// A table looked through before anything is sent, so that a file that cannot be read to its end is not half imported.
struct TableCheck {
  /// The table's header.
  private(set) var header: [String] = []
  /// The first rows.
  private(set) var samples: [[String]] = []

  /// Rows whose numbers and dates are looked at.
  private static let sampledRows = 2000
  /// Fewest values of a column that say something about the locale.
  private static let fewestValues = 3

  /// Reads the file to its end.
  ///
  /// - Throws: `DataFileError` for a quote that never closes and the like.
  init(path: String, encoding: TextEncoding?) throws {
    let reader = try CSVReader(try ByteSource(path: path), encoding: encoding)
    header = reader.header
    var record = CSVRecord()
    while try reader.next(&record) {
      if record.problem == nil, samples.count < Self.sampledRows { samples.append(record.fields) }
    }
  }

  /// Checks that the mapping's locale reads the numbers and dates of the file.
  ///
  /// - Throws: ``CLIProblem`` with the line and column of the first one that it does not fit.
  func checkLocale(_ mapping: Mapping, path: String, encoding: TextEncoding?) throws {
    let reader = try CSVReader(try ByteSource(path: path), encoding: encoding)
    var mapper = try RowMapper(mapping, header: reader.header, targets: ImportTargets.all)
    let columns = Self.numericColumns(mapping)
    guard !columns.isEmpty else { return }
    var values: [String: Int] = [:]
    var doubts: [String: [RecordProblem]] = [:]
    var record = CSVRecord()
    var rows = 0
    while rows < Self.sampledRows, try reader.next(&record) {
      rows += 1
      for row in mapper.rows(from: record) {
        for field in row.fields {
          if let column = field.column, columns.contains(column) { values[column, default: 0] += 1 }
        }
        for warning in row.warnings {
          if let column = warning.columnName, columns.contains(column) {
            doubts[column, default: []].append(warning)
          }
        }
      }
    }
    for (column, problems) in doubts.sorted(by: { $0.key < $1.key }) {
      guard let count = values[column], count >= Self.fewestValues, problems.count * 2 > count,
        let first = problems.first
      else { continue }
      throw CLIProblem(
        .badFile,
        Term(
          en:
            "The locale \(mapping.locale.tag) does not fit the values of column “\(column)”; nothing was imported.",
          fi: "Kieliasetus \(mapping.locale.tag) ei sovi sarakkeen ”\(column)” arvoihin; mitään ei tuotu."),
        at: path, details: ["\(first)"],
        remedy: Term(
          en: "Say in the mapping how the file writes numbers and dates: locale fi, locale en-US …",
          fi: "Kerro kuvauksessa, miten tiedosto kirjoittaa luvut ja päivät: locale fi, locale en-US …"))
    }
  }

  private static func numericColumns(_ mapping: Mapping) -> Set<String> {
    let fields = ["revenue", "employees", "founded_year", "parents.share"]
    return Set(
      mapping.sections.flatMap(\.columns).filter { column in
        column.targets.contains { target in
          fields.contains { target.hasPrefix($0) } && !target.hasSuffix("currency")
            || target.contains("valid_")
        }
      }.map(\.name))
  }
}
