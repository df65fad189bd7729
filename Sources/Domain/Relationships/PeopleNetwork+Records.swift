public import PunosMessages

extension PeopleNetwork {
  /// Takes in an interaction: it ties everybody who took part to everybody else.
  public mutating func add(_ interaction: Interaction) {
    interaction.forEachPair { first, second, encounter in add(encounter, between: first, and: second) }
  }

  /// Gives up an interaction, as it was taken in.
  public mutating func remove(_ interaction: Interaction) {
    interaction.forEachPair { first, second, encounter in remove(encounter, between: first, and: second) }
  }

  /// Takes in a relationship.
  public mutating func add(_ relationship: Relationship) {
    guard let from = relationship.fromName else { return }
    add(TieClaim(relationship), between: from, and: relationship.to)
  }

  /// Gives up a relationship, as it was taken in.
  public mutating func remove(_ relationship: Relationship) {
    guard let from = relationship.fromName else { return }
    remove(TieClaim(relationship), between: from, and: relationship.to)
  }
}

extension Interaction {
  /// Everybody who took part: contacts/{contact} and teammates/{principal}.
  public var people: [String] { contacts + teammates.map(\.networkName) }

  /// What it is to any two who took part; nil where it ties nobody: it says no time, or too many were there.
  public func encounter(people: Int) -> Encounter? {
    guard let time, (2...TieScale.largestGathering).contains(people) else { return nil }
    // The network keeps no record's name: it would be most of its memory.
    return Encounter(record: "", time: time.seconds, channel: channel, direction: direction, people: people)
  }

  fileprivate func forEachPair(_ body: (String, String, Encounter) -> Void) {
    let people = self.people
    guard let encounter = encounter(people: people.count) else { return }
    for (place, first) in people.enumerated() {
      for second in people.dropFirst(place + 1) { body(first, second, encounter) }
    }
  }
}

extension Teammate {
  /// How the network names one of ours.
  public var networkName: String { PeopleNetwork.teammatePrefix + principal }
}

extension Relationship {
  /// Who the one is: contacts/{contact} or teammates/{principal}; nil where that was erased.
  public var fromName: String? {
    if !fromContact.isEmpty { return fromContact }
    return fromTeammate.map(\.networkName)
  }
}
