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
      let tally = json["tally"].flatMap({ ImportTally($0) })
    else { return false }
    checkpoint = ImportCheckpoint(rows: rows, line: line, tally: tally)
    return true
  }

  /// A row or line that a file can have.
  private static func place(_ json: JSONValue?) -> Int? {
    guard let number = json?.intValue, number > 0, number < Int64(Int32.max) else { return nil }
    return Int(number)
  }

  /// Writes down how far it came.
  func save() throws(CLIProblem) {
    let json = JSONValue.object([
      "identity": .string(identity), "rows": .integer(checkpoint.rows), "line": .integer(checkpoint.line),
      "tally": checkpoint.tally.json,
    ])
    try SmallFile.replace(path, with: json.serialized(), mode: 0o600)
  }

  /// Forgets it: the import is done.
  func remove() { unlink(path) }
}
