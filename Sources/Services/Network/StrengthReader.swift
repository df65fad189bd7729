import Domain
import FieldFormats
import PunosMessages
import Store

/// Works out how strongly two people are connected, from what is recorded of them.
struct StrengthReader {
  private let reader: RecordReader
  private let meetings: EncounterReader

  init(_ reader: RecordReader) {
    self.reader = reader
    meetings = EncounterReader(reader)
  }

  /// - Parameters:
  ///   - first: contacts/{contact} or teammates/{principal}.
  ///   - second: likewise; one of the two at least is a contact.
  func strength(of first: String, and second: String, at now: Moment) async throws(Problem) -> TieStrength {
    let claims = try await relationships(first, second).map { ($0.name, TieClaim($0)) }
    return TieStrength(
      encounters: try await meetings.encounters(of: first, and: second, at: now), claims: claims,
      at: now.seconds,
      day: now.day)
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
