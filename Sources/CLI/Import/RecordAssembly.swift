internal import DataFiles
internal import ProtobufBridge
internal import PunosMessages

/// What every record of an import gets.
struct AssemblyOptions: Sendable {
  /// What the provenance of the fields says they came from.
  var source: String
  /// When the source said so; nil where nobody knows.
  var observed: ProtoTimestamp?
  /// The team of owners for which the file names none.
  var team: String
  /// The system of keys made from a row's content, for rows that have no key.
  var contentSystem: String
}

/// A value of a row that does not fit its field.
struct AssemblyProblem: Error {
  /// The column, where it came from one.
  var column: String?
  /// What was expected.
  var reason: String
}

/// What accounts and contacts have in common on their way from a row to a message.
enum RecordAssembly {
  /// Notes of one field that the server takes at most, and letters of a note.
  private static let mostNotes = 16
  private static let longestNote = 300

  /// Where each field came from, and what was done to it.
  static func sources(_ row: ImportedRow, _ options: AssemblyOptions) -> [FieldSource] {
    // A row has a dozen fields: looking through them is quicker than a table of them.
    var found: [(path: String, notes: [String])] = []
    for field in row.fields {
      let path = ElementPath(field.path).provenance
      let place = found.firstIndex { $0.path == path } ?? found.count
      if place == found.count { found.append((path, [])) }
      for note in field.notes where found[place].notes.count < mostNotes {
        let text = String(note.text.prefix(longestNote))
        if !found[place].notes.contains(text) { found[place].notes.append(text) }
      }
    }
    return found.map { path, notes in
      FieldSource.with {
        $0.path = path
        $0.source = options.source
        $0.observedTime = options.observed
        $0.cleaning = notes
      }
    }
  }

  /// The same on a line, for kinds of record that have no field for it: "From Old CRM; cleaned: due_date read as fi writes
  /// dates".
  static func provenance(_ row: ImportedRow, _ options: AssemblyOptions) -> String {
    let cleaned = sources(row, options).filter { !$0.cleaning.isEmpty }
    let told = cleaned.map { "\($0.path) \($0.cleaning.joined(separator: ", "))" }.joined(separator: "; ")
    return "From \(options.source)" + (told.isEmpty ? "" : "; cleaned: \(told)")
  }

  /// The system of a key that is the record's own name, as exports for spreadsheets have it.
  private static let ownSystem = MappingProposal.ownSystem

  /// How the record is known: by its own name, or by an id in another system.
  static func identity(_ row: ImportedRow, _ options: AssemblyOptions) -> (
    name: String, externalIDs: [ExternalId]
  ) {
    if let key = row.key, key.system == ownSystem { return (key.id, []) }
    return ("", [externalID(row, options)])
  }

  /// The row's id in another system; one made from its content where the file has none, so that importing the file
  /// twice finds the same record.
  private static func externalID(_ row: ImportedRow, _ options: AssemblyOptions) -> ExternalId {
    ExternalId.with {
      $0.system = row.key?.system ?? options.contentSystem
      $0.id = row.key?.id ?? contentKey(row)
    }
  }

  /// A key of 16 hexadecimal digits: FNV-1a of 64 bits over kind, paths and values.
  private static func contentKey(_ row: ImportedRow) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ text: String) {
      for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      hash = (hash ^ 0xFF) &* 0x100_0000_01B3
    }
    add(row.kind)
    for field in row.fields {
      add(field.path)
      switch field.value {
      case .text(let text): add(text)
      case .reference(let kind, .name(let name)): add(kind + name)
      case .reference(let kind, .externalID(let system, let id)): add(kind + system + id)
      case .reference(let kind, .identifier(let type, let value)): add(kind + type + value)
      }
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// A postal address gets a value; paths that are none of its fields are left.
  static func write(_ text: String, _ part: Substring, to address: inout PostalAddress) {
    switch part {
    case "label": address.label = text
    case "lines": address.lines.append(text)
    case "postal_code": address.postalCode = text
    case "city": address.city = text
    case "region": address.region = text
    case "country": address.country = text
    default: return
    }
  }

  /// The place of the element with a label, made where it is not there. A number only tells elements apart.
  static func place<Element>(
    of label: Substring?, in list: inout [Element], _ labels: inout [Substring?], make: (String) -> Element
  ) -> Int {
    if let place = labels.firstIndex(of: label) { return place }
    labels.append(label)
    list.append(make(label.map { Int($0) == nil ? String($0) : "" } ?? ""))
    return list.count - 1
  }

  /// A whole number in a range.
  static func number<Number: FixedWidthInteger>(_ field: ImportedField, _ text: String)
    throws(AssemblyProblem) -> Number
  {
    guard let number = Number(text) else {
      throw AssemblyProblem(column: field.column, reason: "a whole number was expected")
    }
    return number
  }
}
