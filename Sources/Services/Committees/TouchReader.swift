import Domain
import PunosMessages
import RPC
import Store

/// Reads from interactions when, and in how many ways, somebody of ours was in touch with people: of each person from the
/// newest on, so that what others do, and what needs nobody of ours, hides no contact.
struct TouchReader {
  /// Interactions looked at for all people together: about fifty milliseconds. Ten people who order thrice a day.
  static let mostTogether = 10_000
  /// Interactions of an account that are looked through for the past, which no index knows: about a second.
  static let mostInPast = 100_000
  /// Interactions read at first of one person: enough for most, who are met in several ways or seldom.
  private static let firstPage = 8
  /// How much more is read each time that was not enough.
  private static let growth = 4

  let reading: AccountReading
  /// The account's id.
  let account: String
  /// In seconds since 1970; what comes later is left out.
  let moment: Int64

  /// What interactions show of contact with each of these people.
  ///
  /// - Parameter people: contacts, the most important first: where there is too much, of the last nothing is known.
  func touches(of people: [String]) async throws(Problem) -> [ContactTouch] {
    // The index knows the present only.
    let past = reading.point == nil ? nil : try await past(of: people)
    var touches: [ContactTouch] = []
    var left = Self.mostTogether
    for contact in people where left > 0 {
      var search = TouchSearch(of: contact, until: moment)
      if let past {
        for interaction in past[contact] ?? [] where !search.isOver { search.look(at: interaction) }
      } else {
        try await look(for: contact, &search)
      }
      left -= max(1, search.looked)
      if let touch = search.touch { touches.append(touch) }
    }
    return touches
  }

  /// Looks at a person's interactions as they are now.
  private func look(for contact: String, _ search: inout TouchSearch) async throws(Problem) {
    var query = IndexQuery(
      kind: InteractionRules.kind, index: "contact", equal: [.text(contact)],
      range: .between(from: nil, to: .moment(Moment(seconds: moment &+ 1))), account: account,
      isDescending: true, limit: Self.firstPage)
    repeat {
      let page: RecordPage
      do {
        page = try await reading.world.store.find(query, in: reading.caller.tenant)
      } catch {
        throw .from(error, reading.world.catalog)
      }
      for interaction in try reading.values(query.kind, among: page.records, as: Interaction.self) {
        search.look(at: interaction)
      }
      query.after = page.next
      query.limit = min(query.limit * Self.growth, StoreLimits.pageRecords)
    } while query.after != nil && !search.isOver
  }

  /// The interactions of people as they were, the newest first: in the order that the index has them in.
  private func past(of people: [String]) async throws(Problem) -> [String: [Interaction]] {
    let wanted = Set(people)
    var found: [String: [Interaction]] = [:]
    let kind = InteractionRules.kind
    try await reading.pages(of: [kind], in: account, most: Self.mostInPast) { page throws(Problem) in
      for interaction in try reading.values(kind, among: page, as: Interaction.self) {
        guard let time = interaction.time, time.seconds <= moment else { continue }
        var kept = Interaction()  // Without notes and subject: there may be many.
        kept.name = interaction.name
        kept.time = time
        kept.channel = interaction.channel
        kept.teammates = interaction.teammates
        for contact in interaction.contacts where wanted.contains(contact) {
          found[contact, default: []].append(kept)
        }
      }
    }
    return found.mapValues { $0.sorted(by: Self.isNewer) }
  }

  private static func isNewer(_ left: Interaction, _ right: Interaction) -> Bool {
    let (first, second) = (left.time?.moment, right.time?.moment)
    guard let first, let second, first != second else { return left.name > right.name }
    return first > second
  }
}
