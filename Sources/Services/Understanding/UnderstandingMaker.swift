import Domain
import PunosMessages
import Store

/// Turns the records of an account into how well it is understood.
struct UnderstandingMaker {
  private let world: ServiceWorld
  private let caller: Principal
  private let isPast: Bool
  private let now: Int64
  private var facts: [Fact] = []
  private var people: [Askable] = []
  private var teams: [String] = []
  /// The account's name as people use it.
  private(set) var displayName = ""

  /// - Parameters:
  ///   - records: what ``FactSources/records(_:)`` reads.
  ///   - now: seconds since 1970.
  ///   - isPast: whether the records are as they were, not as they are.
  init(_ world: ServiceWorld, _ caller: Principal, _ records: [StoredRecord], at now: Int64, isPast: Bool)
    throws
  {
    self.world = world
    self.caller = caller
    self.now = now
    self.isPast = isPast
    for record in records { try take(record) }
    // Teams that contributed can be asked too, after those that look after the account.
    let others = facts.reduce(into: Set<String>()) { $0.formUnion($1.namedTeams) }.subtracting(teams)
    teams += others.sorted()
  }

  private mutating func take(_ stored: StoredRecord) throws {
    let name = world.catalog.resourceName(of: stored.key)
    let withholding = try world.withholding(of: stored.key, stored.body, from: caller, isCurrent: !isPast)
    let record = FactRecord(
      stored: stored, name: name, withheld: withholding.map { "Withheld from your team: \($0.reason)" })
    facts += try FactSources.facts(record)
    switch stored.key.kind {
    case NounCatalog.accountContactKind: take(try record.decoded(AccountContact.self))
    case NounCatalog.accountKind: take(try record.decoded(Account.self))
    default: break
    }
  }

  private mutating func take(_ contact: AccountContact) {
    let words = contact.employments.filter { $0.validTo.isEmpty }.flatMap {
      [$0.title, $0.role, $0.department]
    }
    guard !words.isEmpty else { return }
    people.append(Askable(contact: contact.contact, words: words.filter { !$0.isEmpty }))
  }

  private mutating func take(_ account: Account) {
    displayName = account.displayName
    for owner in account.owners where owner.validTo.isEmpty && !teams.contains(owner.team) {
      teams.append(owner.team)
    }
  }

  /// - Parameter limit: questions at most.
  func understanding(of name: String, questions limit: Int) -> Understanding {
    var understanding = Understanding()
    understanding.name = name
    understanding.dimensions = UnderstandingScore.dimensions(facts, at: now)
    understanding.measures = UnderstandingScore.whole(understanding.dimensions)
    understanding.silo = SiloIndex.silo(facts, at: now)
    understanding.questions = NextQuestions.questions(
      facts, understanding.dimensions, people: people, teams: teams, limit: limit, at: now)
    return understanding
  }
}
