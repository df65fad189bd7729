internal import DataFiles
internal import Glibc
internal import Terminal

/// How far an import came, so that it goes on there after it was killed.
struct ImportJournal {
  /// What is settled.
  var checkpoint = ImportCheckpoint()

  private let path: String
  private let identity: String

  /// - Parameters:
  ///   - file: the file's absolute path.
  ///   - target: the server and context it goes to.
  ///   - settings: what else must be the same for the rows to be the same: the mapping.
  init(file: String, target: String, settings: String) throws(CLIProblem) {
    var facts = stat()
    guard stat(file, &facts) == 0 else {
      throw SmallFile.failure(
        .badFile, file, Term(en: "The file cannot be read", fi: "Tiedostoa ei voi lukea"))
    }
    let version = "\(facts.st_size) \(facts.st_mtim.tv_sec).\(facts.st_mtim.tv_nsec)"
    identity = "\(Fingerprint.of(settings.utf8)) \(version)"
    let base = Environment.value("XDG_STATE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
    let folder = base ?? (Environment.value("HOME") ?? "") + "/.local/state"
    path = "\(folder)/punos/imports/\(Fingerprint.of("\(target)\u{0}\(file)".utf8)).json"
  }

  /// What an interrupted import of the same file left; false where there is none.
  mutating func load() -> Bool {
    guard let bytes = (try? SmallFile.read(path)) ?? nil, let json = try? JSONParser.parse(bytes),
      json["identity"]?.stringValue == identity, let rows = Self.place(json["rows"]),
      let line = Self.place(json["line"]),
      let tally = json["tally"].flatMap({ ImportTally($0) }),
      let left = Self.left(json["left"], before: rows)
    else { return false }
    checkpoint = ImportCheckpoint(rows: rows, line: line, tally: tally, left: left)
    return true
  }

  /// Rows left open, in order and before a row; nil for what is none.
  private static func left(_ json: JSONValue?, before end: Int) -> [OpenRows]? {
    var left: [OpenRows] = []
    for element in json?.arrayValue ?? [] {
      let numbers = (element.arrayValue ?? []).compactMap(\.intValue).filter {
        (0..<Int64(Int32.max)).contains($0)
      }
      guard numbers.count == 4 else { return nil }
      let rows = OpenRows(
        first: Int(numbers[0]), last: Int(numbers[1]), firstLine: Int(numbers[2]), lastLine: Int(numbers[3]))
      guard rows.first <= rows.last, rows.last < end, rows.firstLine <= rows.lastLine,
        left.last.map({ $0.last < rows.first && $0.lastLine <= rows.firstLine }) ?? true
      else { return nil }
      left.append(rows)
    }
    return left
  }

  /// A row or line that a file can have.
  private static func place(_ json: JSONValue?) -> Int? {
    guard let number = json?.intValue, number > 0, number < Int64(Int32.max) else { return nil }
    return Int(number)
  }

  /// Writes down how far it came.
  func save() throws(CLIProblem) {
    let left = checkpoint.left.map { rows in
      JSONValue.array([rows.first, rows.last, rows.firstLine, rows.lastLine].map { .integer($0) })
    }
    let json = JSONValue.object([
      "identity": .string(identity), "rows": .integer(checkpoint.rows), "line": .integer(checkpoint.line),
      "tally": checkpoint.tally.json, "left": .array(left),
    ])
    try SmallFile.replace(path, with: json.serialized(), mode: 0o600)
  }

  /// Forgets it: the import is done.
  func remove() { unlink(path) }
}
