internal import DataFiles
internal import Glibc
internal import Terminal

/// How far an import came, so that it goes on there after it was killed.
struct ImportJournal {
  /// Rows of the file that are certainly on the server, the first ones of the file.
  var rows = 0
  /// What was counted until there.
  var tally = ImportTally()

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
    identity = "\(Self.digest(settings)) \(version)"
    let base = Environment.value("XDG_STATE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
    let folder = base ?? (Environment.value("HOME") ?? "") + "/.local/state"
    path = "\(folder)/punos/imports/\(Self.digest("\(target)\u{0}\(file)")).json"
  }

  /// What an interrupted import of the same file left; false where there is none.
  mutating func load() -> Bool {
    guard let bytes = (try? SmallFile.read(path)) ?? nil, let json = try? JSONParser.parse(bytes),
      json["identity"]?.stringValue == identity, let rows = json["rows"]?.intValue, rows > 0
    else { return false }
    self.rows = Int(rows)
    tally = ImportTally(json["tally"] ?? .null)
    return true
  }

  /// Writes down how far it came.
  func save() throws(CLIProblem) {
    let json = JSONValue.object([
      "identity": .string(identity), "rows": .integer(rows), "tally": tally.json,
    ])
    try SmallFile.replace(path, with: json.serialized(), mode: 0o600)
  }

  /// Forgets it: the import is done.
  func remove() { unlink(path) }

  /// FNV-1a of 64 bits, as hexadecimal digits: tells files apart, protects nothing.
  private static func digest(_ text: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return String(hash, radix: 16)
  }
}
