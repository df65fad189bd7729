import Domain
import PunosMessages
import RPC
import Store

/// Gathers what is known of a committee, now or in the past.
struct CommitteeReader {
  /// Records of people read for one committee: an account with more has no committee that a person could look at.
  static let maximumRecords = 10_000

  let reading: AccountReading

  private var world: ServiceWorld { reading.world }

  /// Who takes part, where they work, and how they were met.
  func committee(_ request: AnalyzeCoverageRequest) async throws(Problem) -> Committee {
    let (key, account) = try await reading.account(named: request.account, field: "account")
    let purchase = try await purchase(request.purchase, of: account)
    let known = try await reading.moment()
    let date = request.date.isEmpty ? Days.text(known) : request.date
    let kinds = [NounCatalog.committeeMemberKind, NounCatalog.relationshipKind]
    let records = try await reading.records(of: kinds, in: key.id, most: Self.maximumRecords)
    let members: [CommitteeMember] = try reading.values(NounCatalog.committeeMemberKind, among: records)
    let moment = min(known, Days.end(date) ?? known).seconds
    var committee = Committee(
      account: account.name, purchase: purchase?.name ?? "", purchaseType: purchase?.type ?? .unspecified,
      decision: CommitteeDecision(of: purchase, on: date), members: members,
      employments: try await employments(of: members, in: key.id),
      date: date, moment: moment, known: known.seconds,
      relationships: try reading.values(NounCatalog.relationshipKind, among: records))
    let touches = TouchReader(reading: reading, account: key.id, moment: moment)
    committee.touches = try await touches.touches(of: committee.people)
    return committee
  }

  /// The purchase asked about, a deleted one too.
  private func purchase(_ name: String, of account: Account) async throws(Problem) -> Purchase? {
    guard !name.isEmpty else { return nil }
    let resolved = try await References(world, reading.caller).resolve(name)
    guard let key = world.catalog.key(of: resolved), key.kind == NounCatalog.purchaseKind,
      resolved.hasPrefix(account.name + "/")
    else { throw .badName(name, field: "purchase", expected: "\(account.name)/purchases/{purchase}") }
    // A committee outlives its purchase.
    guard let record = try await reading.record(key, deletedToo: true) else { throw .notFound(resolved) }
    return try Purchase(record, named: resolved)
  }

  /// The times at which members are employed at the account. Each is looked up by itself: a big account has many more
  /// people than its committee.
  private func employments(
    of members: [CommitteeMember], in account: String
  ) async throws(Problem) -> [String: [Employment]] {
    let kind = NounCatalog.accountContactKind
    let keys = Set(members.map(\.contact)).compactMap { world.catalog.key(of: $0) }
      .map { RecordKey(account: account, kind: kind, id: $0.id) }.sorted()
    let contacts: [AccountContact] = try reading.values(kind, among: try await reading.records(keys))
    return Dictionary(contacts.map { ($0.contact, $0.employments) }) { first, _ in first }
  }
}
