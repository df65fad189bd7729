internal import DataFiles
internal import ProtobufBridge
internal import PunosMessages
internal import Terminal

/// Fields given on the command line as `--set field=value`, made into a record by the schema.
struct FieldAssignments {
  /// What was given as JSON, in the order of the fields.
  private(set) var json: [JSONMember] = []
  /// Top-level fields that were given.
  private(set) var paths: [String] = []
  private let message: MessageDescriptor
  /// What was given, a field at a time.
  private var given: [(pair: PairArgument, leaf: FieldDescriptor, json: [JSONMember])] = []

  init(_ message: MessageDescriptor) { self.message = message }

  /// Takes `field=value`; a path may go into messages (`metric.unit=h`); a list's field may be given again.
  ///
  /// - Throws: ``CLIProblem`` with the nearest field where there is none of that name, or with what was expected.
  mutating func add(_ pair: PairArgument) throws(CLIProblem) {
    let path = pair.name.split(separator: ".").map(String.init)
    guard let first = path.first, let field = message.field(named: first), field.rule?.outputOnly != true
    else {
      throw unknown(pair.name)
    }
    let value = try Self.value(pair.value, path.dropFirst(), field, pair.name)
    if !paths.contains(field.name) { paths.append(field.name) }
    Self.put(value, at: field, into: &json)
    var alone: [JSONMember] = []
    Self.put(value, at: field, into: &alone)
    given.append((pair, Self.leaf(path.dropFirst(), field), alone))
  }

  /// The field that a path ends at.
  private static func leaf(_ rest: ArraySlice<String>, _ field: FieldDescriptor) -> FieldDescriptor {
    guard let next = rest.first else { return field }
    let inner = field.isMap ? field.message?.field(2) : field.message?.field(named: next)
    return inner.map { leaf(rest.dropFirst(), $0) } ?? field
  }

  /// The record with these fields.
  ///
  /// - Throws: ``CLIProblem`` that names the field whose value does not fit, and what was expected of it.
  func record<Record: Message>(_ type: Record.Type) throws -> Record {
    do {
      return try Self.record(json, type)
    } catch {
      for (pair, leaf, alone) in given where (try? Self.record(alone, type)) == nil {
        throw ExpectedValue(leaf).problem(pair.value, at: pair.name)
      }
      throw CLIProblem(
        .usage, Term(en: "A value does not fit its field.", fi: "Arvo ei sovi kenttään."), at: "--set",
        details: ["\(error)"])
    }
  }

  private static func record<Record: Message>(_ json: [JSONMember], _: Record.Type) throws -> Record {
    try Record(jsonString: String(decoding: JSONValue.object(json).serialized(), as: UTF8.self))
  }

  private static func put(_ value: JSONValue, at field: FieldDescriptor, into members: inout [JSONMember]) {
    guard let place = members.firstIndex(where: { $0.name == field.name }) else {
      members.append(JSONMember(field.name, field.isRepeated && !field.isMap ? list(value) : value))
      return
    }
    switch (members[place].value, value) {
    case (.array(let old), let new): members[place].value = .array(joined(old, elements(new)))
    case (.object(let old), .object(let new)): members[place].value = .object(JSONMember.merged(old, new))
    default: members[place].value = value
    }
  }

  /// A part that the last element lacks belongs to that element; one that it has begins the next.
  private static func joined(_ old: [JSONValue], _ new: [JSONValue]) -> [JSONValue] {
    guard new.count == 1, case .object(let part)? = new.first, case .object(let last)? = old.last,
      part.count == 1, !last.contains(where: { $0.name == part[0].name })
    else { return old + new }
    return old.dropLast() + [.object(last + part)]
  }

  private static func list(_ value: JSONValue) -> JSONValue { .array(elements(value)) }

  private static func elements(_ value: JSONValue) -> [JSONValue] {
    if case .array(let elements) = value { elements } else { [value] }
  }

  /// A text as the field's type wants it in JSON.
  static func value(
    _ text: String, _ rest: ArraySlice<String>, _ field: FieldDescriptor, _ path: String
  ) throws(CLIProblem) -> JSONValue {
    if let next = rest.first {
      if field.isMap, let element = field.message?.field(2) {
        return .object([JSONMember(next, try value(text, rest.dropFirst(), element, path))])
      }
      guard let inner = field.message?.field(named: next) else { throw notInside(path, field) }
      return .object([JSONMember(inner.name, try value(text, rest.dropFirst(), inner, path))])
    }
    // JSON as it is, for whoever wants to say a whole message or list.
    if field.message != nil || field.isRepeated, "[{".contains(text.prefix(1)), !text.isEmpty,
      let json = try? JSONParser.parse(Array(text.utf8))
    {
      return json
    }
    if let enumeration = field.enumeration { return .string(try enumValue(text, enumeration, path)) }
    switch field.message?.fullName {
    case "punos.v1.Money": return try money(text, path)
    case "google.protobuf.Timestamp":
      return .string(text.utf8.count == 10 ? "\(text)T00:00:00Z" : text)
    case nil: break
    default:
      throw CLIProblem(
        .usage,
        Term(
          en: "JSON such as {…} was expected for \(path).",
          fi: "Kenttään \(path) odotettiin JSONia, kuten {…}."),
        at: "--set \(path)")
    }
    switch field.type {
    case .string, .bytes: return .string(text)
    case .bool:
      guard let flag = flags[text.lowercased()] else { throw ExpectedValue(field).problem(text, at: path) }
      return .bool(flag)
    default:
      let number = text.replacingDecimalComma
      guard case .number? = try? JSONParser.parse(Array(number.utf8)) else {
        throw ExpectedValue(field).problem(text, at: path)
      }
      return .number(number)
    }
  }

  /// Words for yes and no.
  private static let flags = [
    "true": true, "yes": true, "kyllä": true, "1": true, "false": false, "no": false, "ei": false, "0": false,
  ]

  /// A value of an enum, by its name with or without the prefix, or by the word that is shown for it.
  private static func enumValue(
    _ text: String, _ enumeration: EnumDescriptor, _ path: String
  ) throws(CLIProblem) -> String {
    let wanted = text.uppercased().map { $0 == "-" || $0 == " " ? "_" : $0 }
    let match = enumeration.values.first { value in
      value.name == String(wanted) || value.name.hasSuffix("_" + String(wanted))
        || Language.allCases.contains {
          FieldNames.enumTitle(value.name, $0)?.lowercased() == text.lowercased()
        }
    }
    if let match { return match.name }
    let known = enumeration.values.dropFirst().map { value in
      FieldNames.enumTitle(value.name, .english) ?? value.name.lowercased()
    }
    throw CLIProblem(
      .usage,
      Term(en: "\(path) has no value “\(text)”.", fi: "Kentällä \(path) ei ole arvoa ”\(text)”."),
      at: "--set \(path)",
      details: [known.joined(separator: ", ")])
  }

  /// `1200 EUR`, `96.4M EUR`.
  private static func money(_ text: String, _ path: String) throws(CLIProblem) -> JSONValue {
    guard let money = AmountText.money(text) else {
      throw CLIProblem(
        .usage,
        Term(
          en: "An amount such as “12000 EUR” was expected.", fi: "Odotettiin rahamäärää, kuten ”12000 EUR”."),
        at: "--set \(path)")
    }
    return .object([
      JSONMember("currency", .string(money.currency)), JSONMember("units", .string("\(money.units)")),
      JSONMember("nanos", .number("\(money.nanos)")),
    ])
  }

  private func unknown(_ name: String) -> CLIProblem {
    let fields = message.fields.filter { $0.rule?.outputOnly != true }.map(\.name)
    return CLIProblem(
      .usage,
      Term(en: "There is no field “\(name)” to be set.", fi: "Asetettavaa kenttää ”\(name)” ei ole."),
      at: "--set",
      details: [fields.joined(separator: ", ")])
  }

  private static func notInside(_ path: String, _ field: FieldDescriptor) -> CLIProblem {
    let fields = field.message?.fields.map(\.name).joined(separator: ", ") ?? ""
    return CLIProblem(
      .usage, Term(en: "There is no field “\(path)”.", fi: "Kenttää ”\(path)” ei ole."), at: "--set",
      details: fields.isEmpty ? [] : ["\(field.name): \(fields)"])
  }
}

extension String {
  /// A number with a decimal point, whichever sign it was written with.
  fileprivate var replacingDecimalComma: String { String(map { $0 == "," ? "." : $0 }) }
}
