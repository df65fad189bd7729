import Domain
import PunosMessages
import Store

/// Puts the map of an account's people together.
struct MapReader {
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
    let people = try await people(of: key, at: moment)
    let relationships = try await relationships(to: people.map(\.name)).filter {
      TieClaim($0).holds(on: moment.day)
    }
    var ties = relationships.compactMap(tie)
    // Two who do not get on are not connected, whatever passes between them.
    let conflicts = Set(ties.filter { $0.kind == .conflictsWith }.map { [$0.from, $0.to] })
    var teams: [String: String] = [:]
    for person in people {
      ties += try await acquaintances(of: person.name, moment, &teams).filter {
        !conflicts.contains([$0.from, $0.to])
      }
    }
    for relationship in relationships {
      guard let teammate = relationship.fromTeammate, teams[teammate.networkName]?.isEmpty ?? true else {
        continue
      }
      teams[teammate.networkName] = teammate.team
    }
    let ours = teams.map { name, team in
      let principal = String(name.dropFirst(PeopleNetwork.teammatePrefix.count))
      return PeopleMap.Person(name: name, displayName: principal, title: team, sortKey: sortKey(principal))
    }
    let title = try reader.value(name, as: Account.self)?.displayName ?? name
    let map = PeopleMap(title: title, people: people, ours: ours, ties: ties)
    return answer(name, map, request)
  }

  /// What a relationship says of two people.
  private func tie(_ relationship: Relationship) -> PeopleMap.Tie? {
    guard let from = relationship.fromName else { return nil }
    let claim = TieClaim(relationship)
    return PeopleMap.Tie(
      from: from, to: relationship.to, kind: claim.kind,
      strength: claim.isConflict ? claim.said ?? 1 : claim.strength, record: relationship.name)
  }

  /// What people are listed by, as every list of names is.
  private func sortKey(_ name: String) -> String { reader.world.store.schema.fold(name) }

  private func people(of account: RecordKey, at moment: Moment) async throws(Problem) -> [PeopleMap.Person] {
    let contacts = try reader.mapped {
      try reader.world.world(of: reader.caller).values(
        of: NounCatalog.accountContactKind, inAccount: account.id, as: AccountContact.self)
    }
    let stances = try await StanceReader(reader, now).stances(in: account, at: moment)
    return contacts.compactMap { contact in
      guard let employment = contact.employments.first(where: { $0.holds(on: moment.day) }) else {
        return nil
      }
      return PeopleMap.Person(
        name: contact.contact, displayName: contact.displayName, title: employment.title,
        stance: stances[contact.contact] ?? .unspecified, sortKey: sortKey(contact.displayName))
    }
  }

  /// All relationships to these people, wherever they are recorded.
  private func relationships(to people: [String]) async throws(Problem) -> [Relationship] {
    guard !people.isEmpty else { return [] }
    let (kind, index) = (NounCatalog.relationshipKind, "to")
    let keys: [[RecordKey]]
    do {
      keys = try await reader.world.store.holders(
        of: people.map { [.text($0)] }, inIndex: index, kind: kind, in: reader.caller.tenant,
        limitEach: StoreLimits.pageRecords)
    } catch {
      throw .from(error, reader.world.catalog)
    }
    var found: [Relationship] = []
    for (person, keys) in zip(people, keys) {
      guard keys.count < StoreLimits.pageRecords else {
        // There are more than one answer holds: page by page.
        found += try await reader.values(IndexQuery(kind: kind, index: index, equal: [.text(person)]))
        continue
      }
      for key in keys {
        if let value: Relationship = try reader.value(reader.world.catalog.resourceName(of: key)) {
          found.append(value)
        }
      }
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

  private func answer(_ name: String, _ map: PeopleMap, _ request: GetRelationshipMapRequest)
    -> RelationshipMap
  {
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
    if request.text {
      answer.text = MapDrawing(map, language: request.language).lines().joined(separator: "\n")
    }
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
