import Domain
import PunosMessages
import Store

/// Reads who people are, for answers that name them.
struct PersonReader {
  private let reader: RecordReader

  init(_ reader: RecordReader) { self.reader = reader }

  /// A person as an answer shows them.
  ///
  /// - Parameters:
  ///   - name: contacts/{contact} or teammates/{principal}.
  ///   - day: as of when, YYYY-MM-DD.
  func person(_ name: String, on day: String) throws(Problem) -> NetworkPerson {
    var person = NetworkPerson()
    person.name = name
    if name.hasPrefix(PeopleNetwork.teammatePrefix) {
      person.displayName = String(name.dropFirst(PeopleNetwork.teammatePrefix.count))
      return person
    }
    guard let contact: Contact = try reader.value(name) else { return person }
    person.displayName = contact.displayName
    if let employment = contact.employments.first(where: { $0.holds(on: day) }) {
      person.title = employment.title
      person.account = employment.account
    }
    return person
  }
}

extension Employment {
  /// Whether the person worked there on a day, YYYY-MM-DD.
  func holds(on day: String) -> Bool {
    (validFrom.isEmpty || validFrom <= day) && (validTo.isEmpty || day < validTo)
  }
}

/// Names of people in requests: contacts, by whatever names a record, and our own people.
struct PersonNames {
  private let reader: RecordReader

  init(_ reader: RecordReader) { self.reader = reader }

  /// contacts/{contact} of somebody who is there, or teammates/{principal}.
  ///
  /// - Parameter field: where the request names the person.
  func resolved(_ name: String, _ field: String) async throws(Problem) -> String {
    if name.hasPrefix(PeopleNetwork.teammatePrefix), name.count > PeopleNetwork.teammatePrefix.count { return name }
    let resolved = try await References(reader.world, reader.caller).resolve(name)
    guard let key = reader.world.catalog.key(of: resolved), key.kind == NounCatalog.contactKind else {
      throw .badName(name, field: field, expected: "contacts/{contact} or teammates/{principal}")
    }
    guard try reader.mapped({ try reader.world.store.readLive(key, in: reader.caller.tenant) }) != nil else {
      throw .notFound(
        resolved,
        nearest: try await NearestNames(reader.world).records(to: key.id, kind: key.kind, in: reader.caller.tenant))
    }
    return resolved
  }
}
