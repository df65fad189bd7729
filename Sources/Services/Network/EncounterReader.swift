import Domain
import PunosMessages
import Store

/// Reads what people took part in, as far back as it counts.
struct EncounterReader {
  private let reader: RecordReader
  /// The indexes by pairs that a store of before has yet to build.
  private let unbuilt: [String]

  init(_ reader: RecordReader) {
    self.reader = reader
    let store = reader.world.store
    let kind = store.schema[NounCatalog.interactionKind]?.name ?? ""
    let building = Set(store.health.buildingIndexes)
    unbuilt = [Self.withTeammate, Self.withContact].filter { building.contains("\(kind).\($0)") }
  }

  private static let withTeammate = "with_teammate"
  private static let withContact = "with_contact"

  /// All that two people took part in, the latest first: whatever else the two did, with others, is not read.
  ///
  /// - Parameters:
  ///   - first: contacts/{contact} or teammates/{principal}.
  ///   - second: likewise; one of the two at least is a contact.
  func interactions(
    of first: String, and second: String, at now: Moment
  ) async throws(Problem) -> [Interaction] {
    // Ours come after the customer's; of two contacts the index has the lesser first.
    let isTurned = Self.isOurs(first) || (!Self.isOurs(second) && second < first)
    let (contact, other) = isTurned ? (second, first) : (first, second)
    let found: [Interaction]
    if Self.isOurs(other) {
      let principal = String(other.dropFirst(PeopleNetwork.teammatePrefix.count))
      found = try await together(Self.withTeammate, contact, principal, now)
    } else {
      found = try await together(Self.withContact, contact, other, now)
    }
    return found.filter { interaction in
      // An index cuts long values off.
      let people = interaction.people
      return people.contains(contact) && people.contains(other)
    }
  }

  private func together(
    _ index: String, _ contact: String, _ value: String, _ now: Moment
  ) async throws(Problem) -> [Interaction] {
    unbuilt.contains(index)
      ? try await interactions(of: contact, at: now) : try await read(index, [contact, value], now)
  }

  /// All that a contact took part in, the latest first.
  ///
  /// - Parameter contact: contacts/{contact}.
  func interactions(of contact: String, at now: Moment) async throws(Problem) -> [Interaction] {
    try await read("contact", [contact], now)
  }

  private func read(_ index: String, _ values: [String], _ now: Moment) async throws(Problem) -> [Interaction]
  {
    let earliest = Moment(seconds: TieScale.horizon(of: now.seconds))
    return try await reader.interactions(
      IndexQuery(
        kind: NounCatalog.interactionKind, index: index, equal: values.map { .text($0) },
        range: .between(from: .moment(earliest), to: .moment(now.next)), isDescending: true))
  }

  private static func isOurs(_ name: String) -> Bool { name.hasPrefix(PeopleNetwork.teammatePrefix) }
}
