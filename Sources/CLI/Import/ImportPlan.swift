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

  /// Rows that a mapping is proposed from.
  private static let sampledRows = 2000
  /// Fewest values that contradict a locale among others that do not: a single one may be a slip.
  private static let fewestContradictions = 3

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

  /// What the values of one column say of the locale.
  private struct LocaleTally {
    var values = 0
    var fitting = 0
    var contradicting = 0
    var first: RecordProblem?

    mutating func count(_ verdict: LocaleVerdict) {
      values += 1
      switch verdict {
      case .silent: return
      case .fits: fitting += 1
      case .contradicts(let problem):
        contradicting += 1
        if first == nil { first = problem }
      }
    }

    var isContradicted: Bool {
      contradicting > fitting && (contradicting >= TableCheck.fewestContradictions || contradicting == values)
    }
  }

  /// Checks that the mapping's locale reads the numbers and dates of the whole file, whatever kind of record they are of.
  ///
  /// - Throws: ``CLIProblem`` with the line and column of the first one that it does not fit.
  func checkLocale(_ mapping: Mapping, path: String, encoding: TextEncoding?) throws {
    let reader = try CSVReader(try ByteSource(path: path), encoding: encoding)
    let mapper = try RowMapper(mapping, header: reader.header, targets: ImportTargets.all)
    guard mapper.dependsOnLocale else { return }
    var tallies = [LocaleTally](repeating: LocaleTally(), count: reader.header.count)
    var record = CSVRecord()
    while try reader.next(&record) {
      mapper.judgeLocale(by: record) { column, verdict in
        if tallies.indices.contains(column) { tallies[column].count(verdict) }
      }
    }
    guard let problem = tallies.first(where: \.isContradicted)?.first else { return }
    let column = problem.columnName ?? ""
    throw CLIProblem(
      .badFile,
      Term(
        en:
          "The locale \(mapping.locale.tag) does not fit the values of column “\(column)”; nothing was imported.",
        fi: "Kieliasetus \(mapping.locale.tag) ei sovi sarakkeen ”\(column)” arvoihin; mitään ei tuotu."),
      at: path, details: ["\(problem)"],
      remedy: Term(
        en: "Say in the mapping how the file writes numbers and dates: locale fi, locale en-US …",
        fi: "Kerro kuvauksessa, miten tiedosto kirjoittaa luvut ja päivät: locale fi, locale en-US …"))
  }
}
