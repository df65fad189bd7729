internal import DataFiles
internal import ProtobufBridge
internal import PunosMessages

/// Records that a dry run would bring, by everything that others may call them: they cannot be referred to yet, and what
/// refers to them would not be refused.
struct ExpectedRecords {
  /// Hashes of the names: a million records fit into some tens of megabytes, and a clash would only miscount a rehearsal.
  private var names: Set<Int> = []

  /// A record would be there.
  mutating func note(_ item: ImportItem) {
    for name in item.callNames { note(name) }
  }

  /// A record of this name would be there.
  mutating func note(_ name: String) { names.insert(name.hashValue) }

  /// Whether a record of this name would be there.
  func contains(_ name: String) -> Bool { names.contains(name.hashValue) }

  /// Whether all that a record was refused for is that it refers to such records.
  func excuse(_ item: ImportItem, _ details: StatusDetails) -> Bool {
    // The account that it is to lie in would be there by then.
    if details.reason == "NOT_FOUND" { return contains(details.resource) }
    // A name that stands for a record which is not there yet breaks other rules than one that lacks its record.
    guard !details.fields.isEmpty, let record = item.json else { return false }
    return details.fields.allSatisfy { field in
      // The server's path begins with the kind: "interaction.contacts[1]".
      let path = field.path.split(separator: ".").dropFirst()
      return record.text(at: path).map { contains($0) } ?? false
    }
  }
}

extension ImportItem {
  /// Everything that others may call the record by.
  fileprivate var callNames: [String] {
    switch record {
    case .account(let account):
      (account.name.isEmpty ? [] : [account.name])
        + account.externalIds.map { "accounts/ext:\($0.system):\($0.id)" }
        + account.identifiers.map { "accounts/id:\($0.value)" }
        + account.domains.map { "accounts/domain:\($0)" }
    case .contact(let contact):
      (contact.name.isEmpty ? [] : [contact.name])
        + contact.externalIds.map { "contacts/ext:\($0.system):\($0.id)" }
        + contact.emails.map { "contacts/email:\($0.address)" }
    case .noun(let noun): noun.callNames
    }
  }

  /// The record as the API has it in JSON.
  fileprivate var json: JSONValue? {
    let text: String? =
      switch record {
      case .account(let account): try? account.jsonString()
      case .contact(let contact): try? contact.jsonString()
      case .noun(let noun): noun.jsonString
      }
    return text.flatMap { try? JSONParser.parse(Array($0.utf8)) }
  }
}

extension JSONValue {
  /// The text at a path of the API's fields, as names with an element's place behind them: `["items[0]", "links[2]"]`.
  fileprivate func text(at path: some Collection<Substring>) -> String? {
    guard let step = path.first else { return stringValue }
    let parts = step.split(separator: "[")
    guard let field = parts.first, var value = self[Self.jsonName(field)] else { return nil }
    for part in parts.dropFirst() {
      guard let index = Int(part.dropLast()), let elements = value.arrayValue,
        elements.indices.contains(index)
      else { return nil }
      value = elements[index]
    }
    return value.text(at: path.dropFirst())
  }

  /// `from_contact` as JSON has it: `fromContact`.
  private static func jsonName(_ field: Substring) -> String {
    let words = field.split(separator: "_")
    return words.prefix(1).joined()
      + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
