import Domain
import FieldFormats
import PunosMessages
import Store

/// How strongly two people are connected, and what was read along with it.
struct TieReading {
  var strength: TieStrength
  /// The team of the one who is ours, as last said; empty where nobody says, or neither is ours.
  var team: String
}

/// Works out how strongly two people are connected, from what is recorded of them.
struct StrengthReader {
  private let reader: RecordReader
  private let meetings: EncounterReader
  private let language: SentenceLanguage

  init(_ reader: RecordReader, _ language: SentenceLanguage) {
    self.reader = reader
    self.language = language
    meetings = EncounterReader(reader)
  }

  /// - Parameters:
  ///   - first: contacts/{contact} or teammates/{principal}.
  ///   - second: likewise; one of the two at least is a contact.
  func tie(of first: String, and second: String, at now: Moment) async throws(Problem) -> TieReading {
    let interactions = try await meetings.interactions(of: first, and: second, at: now)
    let relationships = try await relationships(first, second)
    let teammates = interactions.flatMap(\.teammates) + relationships.compactMap(\.fromTeammate)
    let team = teammates.first { !$0.team.isEmpty && ($0.networkName == first || $0.networkName == second) }?
      .team
    let strength = TieStrength(
      encounters: interactions.compactMap { interaction in
        var encounter = interaction.encounter(people: interaction.people.count)
        encounter?.record = interaction.name
        return encounter
      }, claims: try sayings(relationships, on: now.day), at: now.seconds, day: now.day, language: language)
    return TieReading(strength: strength, team: team ?? "")
  }

  /// What relationships say, with the names of the two.
  private func sayings(
    _ relationships: [Relationship], on day: String
  ) throws(Problem) -> [TieStrength.Saying] {
    let people = PersonReader(reader)
    var names: [String: String] = [:]
    var sayings: [TieStrength.Saying] = []
    for relationship in relationships {
      let (from, to) = (relationship.fromName ?? "", relationship.to)
      for name in [from, to] where names[name] == nil {
        let shown = try people.person(name, on: day).displayName
        names[name] = shown.isEmpty ? name : shown
      }
      sayings.append(
        .init(
          record: relationship.name, claim: TieClaim(relationship), from: names[from] ?? from,
          to: names[to] ?? to))
    }
    return sayings
  }

  private func relationships(_ one: String, _ other: String) async throws(Problem) -> [Relationship] {
    var found: [Relationship] = []
    for (to, from) in [(one, other), (other, one)] where !to.hasPrefix(PeopleNetwork.teammatePrefix) {
      let query = IndexQuery(kind: NounCatalog.relationshipKind, index: "to", equal: [.text(to)])
      found += try await reader.values(query, as: Relationship.self).filter { $0.fromName == from }
    }
    return found
  }
}

extension Moment {
  /// Its day (UTC), YYYY-MM-DD.
  var day: String {
    let days = seconds >= 0 ? seconds / 86_400 : -((-(seconds + 1)) / 86_400) - 1
    return CalendarDate(daysSince1970: Int(clamping: days))?.description
      ?? (days < 0 ? "0001-01-01" : "9999-12-31")
  }
}

extension Strength {
  /// A strength as the API tells it.
  init(_ strength: TieStrength) {
    self.init()
    value = strength.value
    asserted = strength.asserted
    computed = strength.computed
    interactions = Int32(clamping: strength.interactions)
    conflict = strength.isConflict
    lastTime = strength.lastTime.map { ProtoTimestamp(Moment(seconds: $0)) }
    because = strength.because.map { reason in
      var told = Reason()
      told.record = reason.record
      told.weight = reason.weight
      told.text = reason.text
      return told
    }
  }
}
