internal import DataFiles
internal import ProtobufBridge
internal import PunosMessages

/// Puts a contact together from a row.
struct ContactAssembler {
  private(set) var contact = Contact()
  /// What must be found before the contact can be sent: the place in `employments`, and what is known of the employer.
  private(set) var references: [(place: Int, lookup: ImportedValue.Lookup, column: String?)] = []
  private var employmentLabels: [Substring?] = []
  private var emailLabels: [Substring?] = []
  private var phoneLabels: [Substring?] = []
  private var addressLabels: [Substring?] = []

  /// - Parameter sources: where its fields came from, where that has been found out.
  /// - Throws: ``AssemblyProblem`` for a value that does not fit its field.
  init(_ row: ImportedRow, _ options: AssemblyOptions, sources: [FieldSource]? = nil) throws(AssemblyProblem)
  {
    (contact.name, contact.externalIds) = RecordAssembly.identity(row, options)
    for field in row.fields {
      let path = ElementPath(field.path)
      switch field.value {
      case .text(let text): try write(text, path, field)
      case .reference(_, let lookup): references.append((employment(path.label), lookup, field.column))
      }
    }
    // A title without an employer says nothing that a record could hold.
    let employed = Set(references.map(\.place))
    let hasLost = contact.employments.indices.contains {
      !employed.contains($0) && contact.employments[$0].account.isEmpty
    }
    if hasLost, references.isEmpty {
      if let title = contact.employments.first?.title, !title.isEmpty, contact.profession.isEmpty {
        contact.profession = String(title.prefix(120))
      }
      contact.employments = []
    }
    contact.sources = sources ?? RecordAssembly.sources(row, options)
  }

  private mutating func employment(_ label: Substring?) -> Int {
    RecordAssembly.place(of: label, in: &contact.employments, &employmentLabels) { _ in Employment() }
  }

  private mutating func write(_ text: String, _ path: ElementPath, _ field: ImportedField)
    throws(AssemblyProblem)
  {
    switch path.field {
    case "display_name": contact.displayName = text
    case "given_name": contact.givenName = text
    case "family_name": contact.familyName = text
    case "language": contact.language = text
    case "preferred_channel": contact.preferredChannel = Self.channel(text)
    case "profession": contact.profession = text
    case "age_group": contact.ageGroup = text
    case "tags": if !contact.tags.contains(text) { contact.tags.append(text) }
    case "description": contact.description += (contact.description.isEmpty ? "" : "\n") + text
    case "attributes": contact.attributes[String(path.rest)] = AttributeValue.with { $0.value = .text(text) }
    case "external_ids":
      contact.externalIds.append(
        ExternalId.with { ($0.system, $0.id) = (String(path.label ?? path.rest), text) })
    case "employments": writeEmployment(text, path)
    case "emails":
      let place = RecordAssembly.place(of: path.label, in: &contact.emails, &emailLabels) { label in
        EmailAddress.with { $0.label = label }
      }
      if path.rest == "label" {
        contact.emails[place].label = text
      } else {
        contact.emails[place].address = text
      }
    case "phones":
      let place = RecordAssembly.place(of: path.label, in: &contact.phones, &phoneLabels) { label in
        PhoneNumber.with { $0.label = label }
      }
      switch path.rest {
      case "label": contact.phones[place].label = text
      case "as_written": contact.phones[place].asWritten = text
      default: contact.phones[place].number = text
      }
    case "addresses":
      let place = RecordAssembly.place(of: path.label, in: &contact.addresses, &addressLabels) { label in
        PostalAddress.with { $0.label = label }
      }
      RecordAssembly.write(text, path.rest, to: &contact.addresses[place])
    default: throw AssemblyProblem(column: field.column, reason: "contacts have no field \(field.path)")
    }
  }

  private mutating func writeEmployment(_ text: String, _ path: ElementPath) {
    let place = employment(path.label)
    switch path.rest {
    case "title": contact.employments[place].title = text
    case "department": contact.employments[place].department = text
    case "role": contact.employments[place].role = text
    case "valid_from": contact.employments[place].validFrom = text
    case "valid_to": contact.employments[place].validTo = text
    default: contact.employments[place].account = text
    }
  }

  /// The contact, with what its references were found to be.
  func finished(_ names: [String]) -> Contact {
    var contact = contact
    for (reference, name) in zip(references, names) where reference.place < contact.employments.count {
      contact.employments[reference.place].account = name
    }
    return contact
  }

  private static func channel(_ word: String) -> Contact.Channel {
    switch word {
    case "email": .email
    case "phone": .phone
    case "text_message": .textMessage
    case "video": .video
    case "in_person": .inPerson
    case "letter": .letter
    default: .unspecified
    }
  }
}
