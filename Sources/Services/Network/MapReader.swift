import Domain
import PunosMessages
import Store

/// Puts the map of an account's people together.
struct MapReader {
  /// Of each person the relationships that are looked at.
  private static let relationshipsEach = 100
  /// Ties that follow from interactions and are weaker than this are left out: a single old e-mail is no acquaintance.
  private static let weakest = 0.05

  private let reader: RecordReader
  private let now: Moment

  init(_ reader: RecordReader, _ now: Moment) {
    self.reader = reader
    self.now = now
  }

  func map(_ request: GetRelationshipMapRequest) async throws(Problem) -> RelationshipMap {
    let key = try await reader.account(named: request.name)
    let name = reader.world.catalog.resourceName(of: key)
    let moment = request.asOfDate.isEmpty ? now : MomentText.read(request.asOfDate)?.lastOfDay ?? now
    let people = try people(of: key, on: moment.day)
    let relationships = try await relationships(of: people.map(\.name)).filter { TieClaim($0).holds(on: moment.day) }
    var ties = relationships.compactMap { relationship -> PeopleMap.Tie? in
      guard let from = relationship.fromName else { return nil }
      let claim = TieClaim(relationship)
      return PeopleMap.Tie(
        from: from, to: relationship.to, kind: claim.kind,
        strength: claim.isConflict ? claim.said ?? 1 : claim.strength, record: relationship.name)
    }
    var teams: [String: String] = [:]
    for person in people { ties += try await acquaintances(of: person.name, moment, &teams) }
    for relationship in relationships {
      if let teammate = relationship.fromTeammate { teams[teammate.networkName] = teammate.team }
    }
    let ours = teams.map { PeopleMap.Person(name: $0, displayName: Self.principal($0), title: $1) }
    let title = try reader.value(name, as: Account.self)?.displayName ?? name
    let map = PeopleMap(title: title, people: people, ours: ours, ties: ties)
    return answer(name, map, request)
  }

  private static func principal(_ name: String) -> String { String(name.dropFirst(PeopleNetwork.teammatePrefix.count)) }

  private func people(of account: RecordKey, on day: String) throws(Problem) -> [PeopleMap.Person] {
    let contacts = try reader.mapped {
      try reader.world.world(of: reader.caller).values(
        of: NounCatalog.accountContactKind, inAccount: account.id, as: AccountContact.self)
    }
    let stances = try stances(in: account, on: day)
    return contacts.compactMap { contact in
      guard let employment = contact.employments.first(where: { $0.holds(on: day) }) else { return nil }
      return PeopleMap.Person(
        name: contact.contact, displayName: contact.displayName, title: employment.title,
        stance: stances[contact.contact] ?? .unspecified)
    }
  }

  /// Where people stand in the account's committees; of several what was said last.
  private func stances(
    in account: RecordKey, on day: String
  ) throws(Problem) -> [String: CommitteeMember.Stance] {
    let members = try reader.mapped {
      try reader.world.world(of: reader.caller).values(
        of: NounCatalog.committeeMemberKind, inAccount: account.id, as: CommitteeMember.self)
    }
    let said = members.filter { member in
      member.stance != .unspecified && (member.validFrom.isEmpty || member.validFrom <= day)
        && (member.validTo.isEmpty || day < member.validTo)
    }
    return Dictionary(said.sorted { $0.revision < $1.revision }.map { ($0.contact, $0.stance) }) { _, last in last }
  }

  /// Relationships to these people, wherever they are recorded.
  private func relationships(of people: [String]) async throws(Problem) -> [Relationship] {
    guard !people.isEmpty else { return [] }
    let keys: [[RecordKey]]
    do {
      keys = try await reader.world.store.holders(
        of: people.map { [.text($0)] }, inIndex: "to", kind: NounCatalog.relationshipKind, in: reader.caller.tenant,
        limitEach: Self.relationshipsEach)
    } catch {
      throw .from(error, reader.world.catalog)
    }
    var found: [Relationship] = []
    for key in Set(keys.joined()).sorted() {
      if let value: Relationship = try reader.value(reader.world.catalog.resourceName(of: key)) { found.append(value) }
    }
    return found
  }

  /// Who of ours knows somebody from interactions.
  private func acquaintances(
    of person: String, _ moment: Moment, _ teams: inout [String: String]
  ) async throws(Problem) -> [PeopleMap.Tie] {
    let interactions = try await EncounterReader(reader).interactions(of: person, at: moment)
    var evidence: [String: TieEvidence] = [:]
    for interaction in interactions {
      guard let encounter = interaction.encounter(people: interaction.people.count) else { continue }
      for teammate in interaction.teammates {
        evidence[teammate.networkName, default: TieEvidence()].add(encounter)
        if teams[teammate.networkName]?.isEmpty ?? true { teams[teammate.networkName] = teammate.team }
      }
    }
    return evidence.compactMap { name, evidence in
      let strength = evidence.strength(at: moment.seconds)
      guard strength >= Self.weakest else { return nil }
      return PeopleMap.Tie(from: name, to: person, kind: .knows, strength: strength)
    }
  }

  // MARK: Telling

  private func answer(_ name: String, _ map: PeopleMap, _ request: GetRelationshipMapRequest) -> RelationshipMap {
    let picture = MapPicture(map, language: request.language)
    var answer = RelationshipMap()
    answer.name = name
    answer.places = map.ours.compactMap { place(of: $0, picture, account: "") }
    answer.places += map.people.compactMap { place(of: $0, picture, account: name) }
      .sorted { ($0.row, $0.y, $0.x, $0.person?.name ?? "") < ($1.row, $1.y, $1.x, $1.person?.name ?? "") }
    answer.ties = map.ties.map { tie in
      var told = RelationshipMap.Tie()
      told.from = tie.from
      told.to = tie.to
      told.kind = tie.kind
      told.strength = tie.strength
      told.record = tie.record
      return told
    }
    answer.leftOut = Int32(clamping: map.leftOut)
    if request.svg { answer.svg = picture.svg() }
    if request.text { answer.text = MapDrawing(map, language: request.language).lines().joined(separator: "\n") }
    return answer
  }

  private func place(
    of person: PeopleMap.Person, _ picture: MapPicture, account: String
  ) -> RelationshipMap.Place? {
    guard let point = picture.place(of: person.name) else { return nil }
    var place = RelationshipMap.Place()
    var told = NetworkPerson()
    told.name = person.name
    told.displayName = person.displayName
    told.title = person.title
    told.account = account
    place.person = told
    place.stance = person.stance
    place.ours = person.name.hasPrefix(PeopleNetwork.teammatePrefix)
    place.row = Int32(clamping: point.row)
    place.x = point.x
    place.y = point.y
    return place
  }
}

extension Moment {
  /// The last moment of the day that begins here.
  fileprivate var lastOfDay: Moment { Moment(microseconds: rawValue &+ 86_400_000_000 &- 1) }
}
