internal import Domain
internal import FieldFormats
internal import Terminal

/// A file of a handover.
struct LinkedFile {
  /// From the folder; nil where the handover never had a file.
  var path: String?
  /// What it holds; nil where it is not there.
  var text: String?
}

/// Which file of a folder is which handover.
struct FolderLinks {
  /// Files by the name in their front matter; renamed ones are found by it.
  private(set) var files: [String: LinkedFile] = [:]
  /// Files that are no handovers, or cannot be read, and why.
  private(set) var problems: [(path: String, problem: CLIProblem)] = []
  /// Handovers whose files are there, and cannot be read.
  private var unread = Set<String>()
  /// Whether a file cannot be read and may be any handover's: what seems to be missing may then be just that file.
  private var isBlind = false
  private let disk: HandoverDisk

  /// Looks at all files. New handovers get their names.
  init(_ disk: HandoverDisk, _ notes: [String: NotedFile]) throws {
    self.disk = disk
    let byPath = Dictionary(notes.values.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    var others: [(path: String, text: String, name: String)] = []
    for path in try disk.files() {
      guard let text = read(path, byPath[path]) else { continue }
      let known = byPath[path]
      if let known, text == known.note.base?.text || FrontName.of(text) ?? known.name == known.name {
        files[known.name] = LinkedFile(path: path, text: text)
      } else {
        others.append((path, text, FrontName.of(text) ?? ""))
      }
    }
    for other in others {
      if let problem = try link(other.path, other.text, other.name) { problems.append((other.path, problem)) }
    }
  }

  /// Whether a handover has no file, as far as can be told.
  func isMissing(_ name: String, _ noted: NotedFile?) -> Bool {
    files[name] == nil && !unread.contains(name) && !(isBlind && noted != nil)
  }

  /// A file's text; nil where it is gone, or cannot be read: that is told, and says nothing of the other files.
  private mutating func read(_ path: String, _ known: NotedFile?) -> String? {
    do throws(CLIProblem) {
      return try disk.text(path)
    } catch {
      problems.append((path, error))
      if let name = disk.nameInBeginning(of: path) ?? known?.name {
        unread.insert(name)
      } else {
        isBlind = true
      }
      return nil
    }
  }

  private mutating func link(_ path: String, _ text: String, _ name: String) throws -> CLIProblem? {
    if name.isEmpty { return try begin(path, text) }
    if let first = files[name] {
      return CLIProblem(
        .conflict,
        Term(
          en:
            "The file has the same name: in its front matter as \(first.path ?? "another file"); it was left as it is.",
          fi:
            "Tiedoston otsaketiedoissa on sama name: kuin tiedostossa \(first.path ?? "toinen"); sitä ei muutettu."
        ),
        at: path,
        remedy: Term(
          en:
            "For a handover of its own put account: in the place of name:, and remove the ids of its items.",
          fi: "Jos siitä tulee oma luovutuksensa, vaihda name: riville account: ja poista kohtien tunnisteet."
        ))
    }
    files[name] = LinkedFile(path: path, text: text)
    return nil
  }

  /// A new handover begins with a file that names an account: the file gets the handover's name before anything is
  /// sent, so that a sync that is cut off does not begin it twice.
  private mutating func begin(_ path: String, _ text: String) throws -> CLIProblem? {
    let reading: HandoverReading
    do throws(UnreadableHandover) {
      reading = try HandoverReader.read(text)
    } catch {
      return CLIProblem(error, path)
    }
    if let line = reading.lineOfShownChange(since: nil) { return CLIProblem(.shownChange(line), path) }
    guard let named = FrontName.named(text, "\(reading.account)/handovers/\(ResourceID.make())"),
      FieldFormat.resourceID.problem(in: String(reading.account.dropFirst("accounts/".count))) == nil,
      reading.account.hasPrefix("accounts/")
    else {
      return CLIProblem(
        .badFile,
        Term(
          en:
            "The file names neither its handover (name:) nor the account of a new one (account: accounts/ID).",
          fi:
            "Tiedostossa ei ole luovutuksen nimeä (name:) eikä uuden luovutuksen asiakkuutta (account: accounts/ID)."
        ),
        at: path)
    }
    do { try disk.write(path, named.text, replacing: text, for: named.name) } catch is FileTypedInto {
      return nil
    }
    files[named.name] = LinkedFile(path: path, text: named.text)
    return nil
  }
}
