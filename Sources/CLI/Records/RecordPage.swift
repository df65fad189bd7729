internal import DataFiles
internal import ProtobufBridge
internal import PunosMessages
internal import Terminal

/// The page about a record of any kind: every field that is set, by the schema.
struct RecordPage<Record: NamedRecord> {
  let record: Record
  let title: String
  let writing: Writing

  /// Fields that every record has, and those that only serve to count and group records by.
  static var untold: Set<String> {
    [
      "name", "etag", "revision", "create_time", "update_time", "delete_time", "customer", "currency",
      "value_hundredths",
      "lost_currency", "lost_hundredths", "other_losses", "latest",
    ]
  }

  func page() -> Page {
    let (language, texts) = (writing.language, FieldText(writing: writing))
    var page = Page()
    page.title(
      title, note: record.deleteTime == nil ? "" : language.say(en: "DELETED", fi: "POISTETTU"))
    var pairs: [(key: String, value: String)] = []
    var lists: [(field: FieldDescriptor, elements: [JSONValue])] = []
    for (field, value) in fields() {
      if field.isRepeated, field.message != nil, !field.isMap, case .array(let elements) = value {
        lists.append((field, elements))
      } else {
        pairs.append((capitalised(FieldNames.title(of: field.name, language)), texts.text(value, field)))
      }
    }
    page.pairs(pairs)
    for (field, elements) in lists {
      page.heading(capitalised(FieldNames.title(of: field.name, language)))
      page.items(elements.map { (texts.text($0, field), "") })
    }
    page.heading("")
    page.pairs([
      (language.say(en: "Changed", fi: "Muutettu"), writing.ago(record.updateTime)), ("Id", record.name),
    ])
    return page
  }

  /// Fields that are set, in the schema's order, without the title and what every record has.
  private func fields() -> [(FieldDescriptor, JSONValue)] {
    guard let message = Record.descriptor, let json = try? record.jsonString(),
      case .object(let members)? = try? JSONParser.parse(Array(json.utf8))
    else { return [] }
    return message.fields.compactMap { field in
      guard !Self.untold.contains(field.name), field.name != message.record?.title,
        let member = members.first(where: { $0.name == field.jsonName })
      else { return nil }
      return (field, member.value)
    }
  }

  private func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}

extension FieldRule {
  /// Number of `FORMAT_DATE` in the schema's options.
  private static let dateFormat: UInt64 = 12

  /// Whether a field holds a day.
  static func isDate(_ rule: FieldRule?) -> Bool { rule?.format == dateFormat }
}
