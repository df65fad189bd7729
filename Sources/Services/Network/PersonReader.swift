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
  ///   - team: theirs, where they are one of ours.
  func person(_ name: String, on day: String, team: String = "") throws(Problem) -> NetworkPerson {
    var person = NetworkPerson()
    person.name = name
    if name.hasPrefix(PeopleNetwork.teammatePrefix) {
      person.displayName = String(name.dropFirst(PeopleNetwork.teammatePrefix.count))
      person.title = team
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
  /// - Parameters:
  ///   - field: where the request names the person.
  ///   - then: somebody who was there at this moment will do, too.
  func resolved(_ name: String, _ field: String, asOf then: Moment? = nil) async throws(Problem) -> String {
    if name.hasPrefix(PeopleNetwork.teammatePrefix), name.count > PeopleNetwork.teammatePrefix.count { return name }
    let resolved = try await References(reader.world, reader.caller).resolve(name)
    guard let key = reader.world.catalog.key(of: resolved), key.kind == NounCatalog.contactKind else {
      throw .badName(name, field: field, expected: "contacts/{contact} or teammates/{principal}")
    }
    if try await isThere(key, asOf: then) { return resolved }
    throw .notFound(
      resolved,
      nearest: try await NearestNames(reader.world).records(to: key.id, kind: key.kind, in: reader.caller.tenant))
  }

  private func isThere(_ key: RecordKey, asOf then: Moment?) async throws(Problem) -> Bool {
    let (store, tenant) = (reader.world.store, reader.caller.tenant)
    do {
      if try store.readLive(key, in: tenant) != nil { return true }
      guard let then, try store.read(key, in: tenant) != nil else { return false }
      return try await store.read(key, in: tenant, asOf: .moment(then)).map { !$0.isDeleted } ?? false
    } catch {
      throw .from(error, reader.world.catalog)
    }
  }
}
