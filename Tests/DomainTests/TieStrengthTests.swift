import Domain
import Glibc
import PunosMessages
import Testing

/// How strongly two people are connected.
@Suite struct TieStrengthTests {
  static let now: Int64 = 1_780_000_000
  static let day: Int64 = 86_400
  static let seeds: [UInt64] = Array(1...200)

  static func encounter(
    _ daysAgo: Int64 = 0, _ channel: Interaction.Channel = .meeting,
    _ direction: Interaction.Direction = .mutual,
    people: Int = 2, record: String = "accounts/a/interactions/i"
  ) -> Encounter {
    Encounter(
      record: record, time: now - daysAgo * day, channel: channel, direction: direction, people: people)
  }

  static func some(_ chance: inout Chance, upTo count: Int = 30) -> [Encounter] {
    (0..<Int.random(in: 1...count, using: &chance)).map { place in
      encounter(
        .random(in: 0...2_000, using: &chance),
        Interaction.Channel.allCases.randomElement(using: &chance) ?? .meeting,
        Interaction.Direction.allCases.randomElement(using: &chance) ?? .mutual,
        people: .random(in: 2...12, using: &chance), record: "accounts/a/interactions/\(place)")
    }
  }

  static func strength(
    _ encounters: [Encounter], _ claims: [Relationship] = [], at now: Int64 = now,
    in language: SentenceLanguage = .english
  ) -> TieStrength {
    TieStrength(
      encounters: encounters,
      claims: claims.enumerated().map { place, claim in
        .init(record: "accounts/a/relationships/\(place)", claim: TieClaim(claim), from: "Ville", to: "Kalle")
      }, at: now, day: "2026-05-28", language: language)
  }

  static func claim(_ kind: Relationship.Kind, _ strength: Double? = nil, from: String = "", to: String = "")
    -> Relationship
  {
    var relationship = Relationship()
    relationship.kind = kind
    relationship.strength = strength
    relationship.validFrom = from
    relationship.validTo = to
    return relationship
  }

  @Test(arguments: seeds) func moreEvidenceNeverWeakensATie(seed: UInt64) {
    var chance = Chance(seed: seed)
    let encounters = Self.some(&chance)
    let more = encounters + Self.some(&chance)
    #expect(Self.strength(more).computed >= Self.strength(encounters).computed - 1e-12)
  }

  @Test(arguments: seeds) func aTieFadesWhileNothingHappens(seed: UInt64) {
    var chance = Chance(seed: seed)
    let encounters = Self.some(&chance)
    let later = Self.now + .random(in: 0...2_000, using: &chance) * Self.day
    #expect(Self.strength(encounters, at: later).computed <= Self.strength(encounters).computed)
  }

  @Test(arguments: seeds) func theOrderInWhichInteractionsAreToldDoesNotMatter(seed: UInt64) {
    var chance = Chance(seed: seed)
    let encounters = Self.some(&chance)
    let one = Self.strength(encounters)
    let other = Self.strength(encounters.shuffled(using: &chance))
    #expect(abs(one.computed - other.computed) < 1e-12)
    #expect(one.because.map(\.record) == other.because.map(\.record))
  }

  @Test(arguments: seeds) func aStrengthLiesBetweenZeroAndOne(seed: UInt64) {
    var chance = Chance(seed: seed)
    let encounters = Self.some(&chance, upTo: 2_000)
    let strength = Self.strength(encounters, [Self.claim(.trusts, .random(in: 0...1, using: &chance))])
    #expect((0..<1).contains(strength.computed))
    #expect((0...1).contains(strength.value))
  }

  @Test(arguments: seeds) func whatIsTakenBackLeavesNoTrace(seed: UInt64) {
    var chance = Chance(seed: seed)
    let stay = Self.some(&chance)
    let go = Self.some(&chance)
    var evidence = TieEvidence()
    for encounter in (stay + go).shuffled(using: &chance) { evidence.add(encounter) }
    for encounter in go.shuffled(using: &chance) { evidence.remove(encounter) }
    var plain = TieEvidence()
    for encounter in stay { plain.add(encounter) }
    #expect(abs(evidence.strength(at: Self.now) - plain.strength(at: Self.now)) < 1e-9)
    for encounter in stay { evidence.remove(encounter) }
    #expect(evidence == TieEvidence())
  }

  @Test func afterAHalfLifeTheEvidenceCountsHalf() {
    let half = Self.encounter(Int64(TieScale.halfLifeDays))
    #expect(abs(half.weight(at: Self.now) - Self.encounter().weight(at: Self.now) / 2) < 1e-12)
  }

  @Test func twoWayContactCountsMoreThanOneWay() {
    let oneWay = [Self.encounter(1, .email, .outbound), Self.encounter(2, .email, .outbound)]
    let answered = [Self.encounter(1, .email, .outbound), Self.encounter(2, .email, .inbound)]
    #expect(Self.strength(answered).computed > Self.strength(oneWay).computed)
    #expect(Self.strength(answered).because.contains { $0.text.contains("both ways, and answers") })
  }

  @Test func aMeetingCountsMoreThanMail() {
    #expect(Self.strength([Self.encounter()]).computed > Self.strength([Self.encounter(0, .email)]).computed)
  }

  @Test func twoAloneInARoomCountMoreThanTwoOfTen() {
    #expect(Self.strength([Self.encounter()]).computed > Self.strength([Self.encounter(people: 10)]).computed)
  }

  @Test func manyCountMoreThanOne() {
    #expect(
      Self.strength([Self.encounter(10), Self.encounter(20), Self.encounter(30)]).computed
        > Self.strength([Self.encounter(10)]).computed)
  }

  @Test func whatIsStillToComeCountsForNothing() {
    let strength = Self.strength([Self.encounter(-1)])
    #expect(strength.computed == 0 && strength.interactions == 0 && strength.because.isEmpty)
  }

  @Test func whatSomebodySaysCountsWhereItIsMore() {
    let said = Self.strength([Self.encounter(0, .email)], [Self.claim(.trusts, 0.9)])
    #expect(said.asserted == 0.9 && said.value == 0.9 && said.computed < 0.2)
    let less = Self.strength(Array(repeating: Self.encounter(), count: 5), [Self.claim(.knows, 0.1)])
    #expect(less.value == less.computed)
  }

  @Test func whatSomebodySaidCountsOnTheDaysForWhichItHolds() {
    #expect(Self.strength([], [Self.claim(.trusts, from: "2026-05-28")]).asserted == 0.8)
    #expect(Self.strength([], [Self.claim(.trusts, from: "2026-05-29")]).asserted == nil)
    #expect(Self.strength([], [Self.claim(.trusts, to: "2026-05-28")]).asserted == nil)
  }

  @Test func aConflictIsToldAndConnectsNobody() {
    let strength = Self.strength([], [Self.claim(.conflictsWith, 0.9)])
    #expect(strength.isConflict && strength.asserted == nil && strength.value == 0)
  }

  @Test func aConflictIsWorthNothingHoweverOftenTheTwoMeetAndWhateverElseIsSaid() {
    let met = (0..<20).map { Self.encounter(Int64($0)) }
    let strength = Self.strength(met, [Self.claim(.conflictsWith), Self.claim(.trusts, 1)])
    #expect(strength.computed > 0.5 && strength.asserted == 1)
    #expect(strength.value == 0)
    #expect(Self.strength(met, [Self.claim(.conflictsWith, to: "2026-05-28")]).value == strength.computed)
  }

  @Test(arguments: seeds) func noNumberComesWithoutItsBecause(seed: UInt64) {
    var chance = Chance(seed: seed)
    let encounters = seed % 4 == 0 ? [] : Self.some(&chance)
    let kinds: [Relationship.Kind] = [.trusts, .sponsors, .reportsTo, .influences, .knows, .conflictsWith]
    let claims = (0..<Int.random(in: 0...8, using: &chance)).map { _ in
      Self.claim(
        kinds.randomElement(using: &chance) ?? .knows, Bool.random(using: &chance) ? .random(in: 0...1, using: &chance) : nil)
    }
    let strength = Self.strength(encounters, claims)
    let said = strength.because.filter { $0.record.hasPrefix("accounts/a/relationships/") }
    #expect(strength.asserted == nil || said.contains { $0.weight == strength.asserted })
    // What is not said is computed: all of it is there.
    let sum = strength.because.reduce(0) { $0 + $1.weight } - said.reduce(0) { $0 + $1.weight }
    #expect(abs(1 - exp(-sum / TieScale.enough) - strength.computed) < 1e-9)
    #expect(strength.because.count <= TieStrength.reasonsTold + 1)
    #expect(strength.interactions + claims.count == 0 || !strength.because.isEmpty)
  }

  @Test(arguments: seeds) func theRecordThatDecidesIsAlwaysToldFirst(seed: UInt64) {
    var chance = Chance(seed: seed)
    let encounters = Self.some(&chance)
    let trust = Self.claim(.trusts, .random(in: 0...1, using: &chance))
    let said = Self.strength(encounters, [Self.claim(.knows, 0), trust])
    #expect(said.because.contains { $0.record == "accounts/a/relationships/1" && $0.weight == said.asserted })
    if said.asserted == said.value { #expect(said.because.first?.record == "accounts/a/relationships/1") }
    let conflict = Self.strength(encounters, [trust, Self.claim(.conflictsWith)])
    #expect(conflict.value == 0 && conflict.because.first?.record == "accounts/a/relationships/1")
  }

  @Test func aClaimOfNoStrengthIsToldWhereThereIsNothingElse() {
    let strength = Self.strength([], [Self.claim(.knows, 0)])
    #expect(strength.value == 0 && strength.because.map(\.record) == ["accounts/a/relationships/0"])
  }

  @Test func whatIsLeftOutIsCountedAndWeighed() {
    let many = (0..<9).map { Self.encounter(Int64($0) * 10, record: "accounts/a/interactions/\($0)") }
    let strength = Self.strength(many)
    #expect(strength.because.count == TieStrength.reasonsTold + 1)
    #expect(strength.because.first?.record == "accounts/a/interactions/0")
    #expect(strength.because.last?.text == "4 more interactions")
    let sum = strength.because.reduce(0) { $0 + $1.weight }
    let expected = many.reduce(0) { $0 + $1.weight(at: Self.now) }
    #expect(abs(sum - expected) < 1e-9)
  }

  @Test func reasonsAreToldInTheLanguageAskedForAndNameTheTwo() {
    let met = [Self.encounter(0), Self.encounter(1, .email, .inbound), Self.encounter(2, .email, .outbound, people: 3)]
    let claims = [Self.claim(.trusts), Self.claim(.conflictsWith)]
    #expect(
      Self.strength(met, claims).because.map(\.text) == [
        "somebody says that Ville does not get on with Kalle", "a meeting within a day, both ways",
        "somebody says that Ville trusts Kalle, which usually means this much",
        "messages went both ways, and answers count double", "an e-mail 1 day ago, from them",
        "1 more interaction",
      ])
    #expect(
      Self.strength(met, claims, in: .finnish).because.map(\.text) == [
        "suhteesta Ville → Kalle sanotaan: ei tule toimeen", "tapaaminen vuorokauden sisällä, molempiin suuntiin",
        "suhteesta Ville → Kalle sanotaan: luottaa, mikä yleensä merkitsee tämän verran",
        "viestejä kulki molempiin suuntiin, ja vastaus lasketaan kahdesti", "sähköposti 1 päivä sitten, heiltä",
        "1 vuorovaikutus lisäksi",
      ])
  }

  /// The worked example of docs/network.md.
  @Test func theWorkedExampleOfTheDocumentationHolds() {
    let strength = Self.strength([
      Self.encounter(0), Self.encounter(180, .phone), Self.encounter(180, .email, .outbound),
      Self.encounter(180, .email, .inbound),
    ])
    #expect(abs(strength.computed - 0.667) < 0.001)
  }
}
