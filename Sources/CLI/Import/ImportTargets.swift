internal import DataFiles
internal import ProtobufBridge

/// What columns of a table can be mapped to: accounts and contacts as mapping files have always had them, and every
/// other kind by the schema.
enum ImportTargets {
  static let all: [MappingTargets] = MappingTargets.standard + CLINouns.all.map { noun in targets(noun) }

  private static func targets<Noun: CLINoun>(_: Noun.Type) -> MappingTargets {
    var lines: [String] = []
    if let message = Noun.Record.descriptor {
      if Noun.isInAccount, message.field(named: NounAssembler.accountPath) == nil {
        lines.append("\(NounAssembler.accountPath) lookup account")
      }
      for field in message.fields where field.rule?.outputOnly != true { add(field, "", &lines) }
    }
    return MappingTargets(kind: Noun.kind, table: lines.joined(separator: "\n"))
  }

  private static func add(_ field: FieldDescriptor, _ prefix: String, _ lines: inout [String]) {
    let path = prefix + field.name
    switch field.message?.fullName {
    case nil: lines.append("\(path) \(cleaning(field))")
    case "punos.v1.Money": lines += ["\(path) money", "\(path).currency currency"]
    case "google.protobuf.Timestamp": lines.append("\(path) moment")
    case "punos.v1.ExternalId": lines.append("external_ids.* text")
    case let name? where name.hasPrefix("google.protobuf."): return
    default:
      if field.isMap {
        lines.append("\(path).* text")
      } else {
        for inner in field.message?.fields ?? [] {
          add(inner, path + (field.isRepeated ? "*." : "."), &lines)
        }
      }
    }
  }

  private static func cleaning(_ field: FieldDescriptor) -> String {
    let rule = field.rule
    if field.name == "tags" { return "tags" }
    if let kind = rule?.refersTo.first { return "lookup \(kind)" }
    switch field.type {
    case .string: break
    case .double, .float: return "number"
    case .enum, .bool, .bytes: return "text"
    default: return "integer"
    }
    if FieldRule.isDate(rule) { return "date" }
    return rule?.multiline == true ? "multiline" : "text"
  }
}
