internal import DataFiles
internal import ProtobufBridge
internal import PunosMessages
internal import Terminal

/// Puts a record of any kind together from a row, by the schema.
struct NounAssembler {
  private(set) var record: NounRecord
  /// The account that the record is to lie in, where it must be found first.
  private(set) var account: (lookup: ImportedValue.Lookup, column: String?)?
  /// Where its values came from, where it has no field for that.
  private(set) var provenance = ""

  /// - Throws: ``AssemblyProblem`` for a value that does not fit its field.
  init<Noun: CLINoun>(_ noun: Noun.Type, _ row: ImportedRow, _ options: AssemblyOptions)
    throws(AssemblyProblem)
  {
    guard let message = Noun.Record.descriptor else {
      throw AssemblyProblem(column: nil, reason: "the schema lacks \(row.kind)")
    }
    var tree = FieldTree(message)
    for field in row.fields {
      let path = ElementPath(field.path)
      if path.field == Self.accountPath, message.field(named: Self.accountPath) == nil {
        guard case .reference(_, let lookup) = field.value else { continue }
        account = (lookup, field.column)
        continue
      }
      let text = try Self.text(field)
      do {
        try tree.add(text, at: path)
      } catch {
        throw AssemblyProblem(
          column: field.column, reason: ([error.what(in: .english)] + error.details).joined(separator: " "))
      }
    }
    let identity = RecordAssembly.identity(row, options)
    if !identity.name.isEmpty { tree.add(.string(identity.name), to: "name") }
    for id in identity.externalIDs where message.field(named: "external_ids") != nil {
      tree.add(
        .object([JSONMember("system", .string(id.system)), JSONMember("id", .string(id.id))]),
        to: "external_ids")
    }
    if message.field(named: "sources")?.message?.fullName == FieldSource.fullName {
      for source in RecordAssembly.sources(row, options) where message.hasField(at: source.path) {
        tree.add(Self.json(source), to: "sources")
      }
    } else {
      provenance = RecordAssembly.provenance(row, options)
    }
    do {
      record = NounRecord(try tree.record(Noun.Record.self), of: noun)
    } catch {
      throw AssemblyProblem(column: nil, reason: "\(error)")
    }
    if Noun.isInAccount, account == nil, record.name.isEmpty {
      throw AssemblyProblem(
        column: Self.accountPath,
        reason:
          "\(identity.externalIDs.first?.id ?? identity.name): the account in which it lies was expected; nothing came"
      )
    }
  }

  /// Mapping files name the account that a record lies in by this, as if it were a field.
  static let accountPath: String = "account"

  private static func json(_ source: FieldSource) -> JSONValue {
    (try? JSONParser.parse(Array(source.jsonString().utf8))) ?? .null
  }

  /// The value, or the name of the record that it means.
  private static func text(_ field: ImportedField) throws(AssemblyProblem) -> String {
    switch field.value {
    case .text(let text): return text
    case .reference("account", .externalID(let system, let id)): return "accounts/ext:\(system):\(id)"
    case .reference("account", .identifier("domain", let value)): return "accounts/domain:\(value)"
    case .reference("account", .identifier(_, let value)): return "accounts/id:\(value)"
    case .reference("contact", .externalID(let system, let id)): return "contacts/ext:\(system):\(id)"
    case .reference("contact", .name(let text)) where text.contains("@"): return "contacts/email:\(text)"
    case .reference(let kind, _):
      throw AssemblyProblem(
        column: field.column,
        reason: "the \(kind) cannot be found by a name here; map a column with its id: lookup \(kind) SYSTEM")
    }
  }
}

extension MessageDescriptor {
  /// Whether a path's first field is one of the message's: the account that a record lies in is none.
  fileprivate func hasField(at path: String) -> Bool {
    field(named: String(path.prefix { $0 != "." && $0 != "[" })) != nil
  }
}

/// Fields of a record as a row of a table gives them.
struct FieldTree {
  private let message: MessageDescriptor
  private var members: [JSONMember] = []
  /// Elements of lists by the name in brackets that tells them apart.
  private var places: [String: Int] = [:]
  private var moneyFields: Set<String> = []

  init(_ message: MessageDescriptor) { self.message = message }

  /// Writes a value at a path such as `participants[buyer].contact` or `expected_value`.
  mutating func add(_ text: String, at path: ElementPath) throws(CLIProblem) {
    guard let field = message.field(named: String(path.field)) else { return }
    let rest = path.rest.split(separator: ".").map(String.init)
    if field.message?.fullName == "punos.v1.Money", !field.isRepeated {
      return try addMoney(text, rest, field)
    }
    let value = try FieldAssignments.value(text, rest[...], field, String(path.field))
    guard field.isRepeated, !field.isMap else {
      members = JSONMember.merged(members, [JSONMember(field.name, value)])
      return
    }
    let key = "\(path.field)[\(path.label ?? "")]"
    let isMessage = field.message != nil
    if isMessage, let place = places[key],
      case .array(var elements)? = members.first(where: { $0.name == field.name })?.value,
      place < elements.count, case .object(let old) = elements[place], case .object(let new) = value
    {
      elements[place] = .object(JSONMember.merged(old, new))
      members = members.map { $0.name == field.name ? JSONMember(field.name, .array(elements)) : $0 }
      return
    }
    if isMessage { places[key] = count(of: field.name) }
    add(value, to: field.name)
  }

  /// An amount and its currency may come from two columns, in either order.
  private mutating func addMoney(_ text: String, _ rest: [String], _ field: FieldDescriptor)
    throws(CLIProblem)
  {
    var parts: [JSONMember]
    if rest.isEmpty, let (units, nanos) = AmountText.decimal(text) {
      parts = [JSONMember("units", .string("\(units)")), JSONMember("nanos", .number("\(nanos)"))]
    } else if case .object(let members) = try FieldAssignments.value(text, rest[...], field, field.name) {
      parts = members
    } else {
      return
    }
    members = JSONMember.merged(members, [JSONMember(field.name, .object(parts))])
    moneyFields.insert(field.name)
  }

  /// Adds an element to a list.
  mutating func add(_ value: JSONValue, to list: String) {
    if let place = members.firstIndex(where: { $0.name == list }),
      case .array(let elements) = members[place].value
    {
      members[place].value = .array(elements + [value])
    } else {
      members.append(JSONMember(list, .array([value])))
    }
  }

  private func count(of list: String) -> Int {
    guard case .array(let elements)? = members.first(where: { $0.name == list })?.value else { return 0 }
    return elements.count
  }

  /// The record.
  func record<Record: Message>(_: Record.Type) throws -> Record {
    // A currency that a constant says for every row is no amount where the row has none.
    let told = members.filter { member in
      guard moneyFields.contains(member.name), case .object(let parts) = member.value else { return true }
      return parts.contains { $0.name == "units" }
    }
    return try Record(jsonString: String(decoding: JSONValue.object(told).serialized(), as: UTF8.self))
  }
}

extension JSONMember {
  /// Members of two objects; objects in both are joined likewise, of other values the new one counts.
  static func merged(_ old: [JSONMember], _ new: [JSONMember]) -> [JSONMember] {
    var result = old
    for member in new {
      if let place = result.firstIndex(where: { $0.name == member.name }) {
        if case .object(let before) = result[place].value, case .object(let after) = member.value {
          result[place].value = .object(merged(before, after))
        } else {
          result[place].value = member.value
        }
      } else {
        result.append(member)
      }
    }
    return result
  }
}
