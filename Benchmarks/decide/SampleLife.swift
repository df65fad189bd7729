import ProtobufBridge
import PunosMessages
import Store

/// One customer's life, the same for the same number: how it moved through the journey, and who decides there.
struct SampleLife {
  private let number: Int
  private let id: String
  private var chance: SeededNumbers
  /// Moves made so far.
  private(set) var moves = 0

  init(number: Int) {
    self.number = number
    let digits = String(number)
    id = "a" + String(repeating: "0", count: max(0, 9 - digits.count)) + digits
    chance = SeededNumbers(state: UInt64(number) &+ 20_261_123)
  }

  static let journey = "journeys/default-b2b"
  private static let stages = ["prospect", "evaluation", "agreement", "implementation", "use", "renewal"]
  private static let teams = ["sales", "sales", "sales", "delivery", "service", "sales"]
  /// 2022-11-23 and four years of seconds: customers begin on any day of them.
  private static let begin: Int64 = 1_669_161_600
  private static let span: Int64 = 126_230_400
  /// People of a committee, and what passed between them and us.
  private static let people = 12
  private static let interactions = 200

  /// Everything that lies in the account.
  mutating func records(withCommittee: Bool) -> [(key: RecordKey, body: [UInt8])] {
    var account = Account()
    account.name = "accounts/\(id)"
    account.displayName = "Asiakas \(number)"
    account.country = country
    var records = [(RecordKey(account: id, kind: RecordKind(1), id: id), account.serialized())]
    if withCommittee { records += committee() }
    records += life().map { move in
      let id = String(move.name.split(separator: "/").last ?? "")
      return (RecordKey(account: self.id, kind: RecordKind(9), id: id), move.serialized())
    }
    return records.sorted { $0.0 < $1.0 }
  }

  private var country: String { ["FI", "SE", "DE", "EE", "NO", "DK", "PL", "LV"][number % 8] }

  private mutating func life() -> [StageTransition] {
    var records: [StageTransition] = []
    var time = Self.begin + .random(in: 0..<Self.span, using: &chance)
    var days: Int64 = 0
    var from = ""
    for place in Self.stages.indices {
      let isOut = place > 0 && Int.random(in: 0..<5, using: &chance) == 0
      records.append(
        move(from: from, to: isOut ? "former" : Self.stages[place], at: time, after: days, place))
      if isOut { break }
      from = Self.stages[place]
      days = .random(in: 1..<240, using: &chance)
      time += days * 86_400 + .random(in: 0..<86_400, using: &chance)
      if time >= Self.begin + Self.span { break }
    }
    return Self.withEnds(records)
  }

  /// Each move with when the next one ended the stay that it began.
  private static func withEnds(_ moves: [StageTransition]) -> [StageTransition] {
    moves.enumerated().map { place, move in
      var move = move
      move.leftTime = place + 1 < moves.count ? moves[place + 1].movedTime : nil
      move.latest = place + 1 == moves.count
      return move
    }
  }

  private mutating func move(
    from: String, to: String, at time: Int64, after days: Int64, _ place: Int
  ) -> StageTransition {
    moves += 1
    let move = "move-00000\(place + 1)"
    var value = StageTransition()
    value.name = "accounts/\(id)/stageTransitions/\(move)"
    value.title = "\(from) → \(to)"
    value.journey = Self.journey
    value.fromStage = from
    value.toStage = to
    value.movedTime = Self.moment(time)
    value.move = from.isEmpty ? .entry : to == "former" ? .drop : .forward
    value.team = Self.teams[place]
    value.principal = "person\(number % 300)"
    value.industry = "industry \(number % 40)"
    value.country = country
    value.owner = "person\(number % 300)"
    if !from.isEmpty { value.daysInStage = days }
    if to == "former" {
      value.reason = "lost to another"
      value.lostHundredths = .random(in: 100_000..<50_000_000, using: &chance)
      value.lostCurrency = number % 8 == 1 ? "SEK" : "EUR"
    }
    return value
  }

  private static func moment(_ seconds: Int64) -> ProtoTimestamp {
    var moment = ProtoTimestamp()
    moment.seconds = seconds
    return moment
  }

  // MARK: Who decides

  private mutating func committee() -> [(RecordKey, [UInt8])] {
    var records: [(RecordKey, [UInt8])] = []
    for person in 0..<Self.people {
      records.append(contact(person))
      records.append(member(person))
      if person > 0 { records.append(relationship(from: person, to: person / 2)) }
    }
    for touch in 0..<Self.interactions { records.append(interaction(touch)) }
    return records
  }

  private func contactID(_ person: Int) -> String { "c\(number)-\(person)" }

  private func contact(_ person: Int) -> (RecordKey, [UInt8]) {
    var seen = AccountContact()
    seen.name = "accounts/\(id)/contacts/\(contactID(person))"
    seen.contact = "contacts/\(contactID(person))"
    seen.displayName = "Henkilö \(person)"
    var employment = Employment()
    employment.account = "accounts/\(id)"
    employment.title = "Tuotantojohtaja"
    employment.validFrom = "2020-01-01"
    seen.employments = [employment]
    return (RecordKey(account: id, kind: RecordKind(3), id: contactID(person)), seen.serialized())
  }

  private mutating func member(_ person: Int) -> (RecordKey, [UInt8]) {
    var member = CommitteeMember()
    member.name = "accounts/\(id)/committeeMembers/m\(person)"
    member.contact = "contacts/\(contactID(person))"
    member.displayName = "Henkilö \(person)"
    let roles = CommitteeMember.Role.allCases.filter { $0 != .unspecified }
    member.role = roles[person % roles.count]
    member.stance = CommitteeMember.Stance.allCases.randomElement(using: &chance) ?? .neutral
    member.influence = .random(in: 0...1, using: &chance)
    member.coverage = CommitteeMember.Coverage.allCases.randomElement(using: &chance) ?? .brief
    member.wantedCoverage = .deep
    member.coveredBy = ["person\(number % 300)"]
    member.wants = "Vähemmän seisokkeja ja yhden yhteyshenkilön, joka vastaa kaikesta."
    return (RecordKey(account: id, kind: RecordKind(5), id: "m\(person)"), member.serialized())
  }

  private func relationship(from: Int, to: Int) -> (RecordKey, [UInt8]) {
    var value = Relationship()
    value.name = "accounts/\(id)/relationships/r\(from)"
    value.kind = from.isMultiple(of: 3) ? .knows : .reportsTo
    value.fromContact = "contacts/\(contactID(from))"
    value.to = "contacts/\(contactID(to))"
    return (RecordKey(account: id, kind: RecordKind(6), id: "r\(from)"), value.serialized())
  }

  private mutating func interaction(_ touch: Int) -> (RecordKey, [UInt8]) {
    var value = Interaction()
    value.name = "accounts/\(id)/interactions/i\(touch)"
    value.subject = "Palaveri \(touch)"
    value.time = Self.moment(Self.begin + .random(in: 0..<Self.span, using: &chance))
    value.channel = Interaction.Channel.allCases.randomElement(using: &chance) ?? .meeting
    value.direction = .mutual
    value.contacts = ["contacts/\(contactID(.random(in: 0..<Self.people, using: &chance)))"]
    var teammate = Teammate()
    teammate.principal = "person\(number % 300)"
    value.teammates = [teammate]
    return (RecordKey(account: id, kind: RecordKind(100), id: "i\(touch)"), value.serialized())
  }
}

/// Numbers that look random and are the same in every run: SplitMix64, by Sebastiano Vigna.
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
