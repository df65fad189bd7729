import ProtobufBridge
import PunosMessages
import Store
import StoreConformance
import StoreSQLite
import Testing

@testable import Services

/// Batches in which several items are about one record.
@Suite struct UpsertRepeatsTests {
  private let folder: StoreFolder
  private let store: SQLiteStore
  private let world: ServiceWorld
  private let aino: Principal
  private let service: RecordService<InteractionRules>

  init() throws {
    folder = try StoreFolder()
    let schema = try RecordSchema(schema: Schema.shared, fold: { $0.lowercased() })
    store = try SQLiteStore(directory: folder.path + "/store", schema: schema)
    world = ServiceWorld(
      store: store, catalog: NounCatalog(schema: Schema.shared), clock: { Moment(seconds: 1_780_000_000) })
    aino = Principal(tenant: try TenantID("acme"), team: "sales", name: "aino")
    service = try RecordService(world, InteractionRules())
  }

  private func open(_ account: String) async throws {
    var value = Account()
    value.name = "accounts/\(account)"
    value.displayName = account
    let key = try #require(NounCatalog.accountKey(account))
    _ = try await store.commit(
      Commit([.put(key, body: value.serialized(), expecting: .absent)], actor: aino.actor), in: aino.tenant)
  }

  private func order(_ subject: String, ids: [String], name: String = "accounts/a/interactions/-")
    -> Interaction
  {
    var order = Interaction()
    order.name = name
    order.subject = subject
    order.channel = .order
    order.time = ProtoTimestamp(Moment(seconds: 1_770_000_000))
    order.externalIds = ids.map { text in
      var id = ExternalId()
      let parts = text.split(separator: ":")
      (id.system, id.id) = (parts.count > 1 ? String(parts[0]) : "erp", String(parts.last ?? ""))
      return id
    }
    return order
  }

  private func send(_ items: [Interaction], dryRun: Bool = false) async throws -> [UpsertResult] {
    try await service.batchUpsert(items, UpsertOptions(write: WriteOptions(validateOnly: dryRun)), by: aino)
  }

  private func reasons(_ results: [UpsertResult]) -> [String] {
    results.map { result in
      switch result.outcome {
      case .created: "created"
      case .updated: "updated"
      case .unchanged: "unchanged"
      default:
        (result.error?.message ?? "").contains("says something else of the same record") ? "twice" : "refused"
      }
    }
  }

  @Test func whatIsSaidTwiceIsWrittenOnce() async throws {
    try await open("a")
    let items = [order("one", ids: ["1"]), order("one", ids: ["1"]), order("one", ids: ["1"])]
    #expect(reasons(try await send(items, dryRun: true)) == ["created", "unchanged", "unchanged"])
    let results = try await send(items)
    #expect(reasons(results) == ["created", "unchanged", "unchanged"])
    #expect(Set(results.map(\.name)).count == 1 && Set(results.map(\.etag)).count == 1)
    let again = try await send(items)
    #expect(reasons(again) == ["unchanged", "unchanged", "unchanged"])
    #expect(again.map(\.etag) == results.map(\.etag))
  }

  @Test func whatSaysSomethingElseOfTheSameRecordIsRefusedHoweverOftenItIsSent() async throws {
    try await open("a")
    let items = [order("one", ids: ["1"]), order("two", ids: ["1"]), order("three", ids: ["2", "1"])]
    #expect(reasons(try await send(items)) == ["created", "twice", "twice"])
    let head = try store.head(of: aino.tenant)
    for _ in 0..<3 { #expect(reasons(try await send(items)) == ["unchanged", "twice", "twice"]) }
    #expect(try store.head(of: aino.tenant) == head)
  }

  @Test func whoSaysTheSameAsARefusedItemIsRefusedForTheSame() async throws {
    try await open("a")
    var timeless = order("one", ids: ["1"])
    timeless.time = nil
    let results = try await send([timeless, timeless])
    #expect(reasons(results) == ["refused", "refused"])
    #expect(results[0].error?.message == results[1].error?.message)
    let homeless = order("one", ids: ["2"], name: "accounts/nowhere/interactions/-")
    #expect(reasons(try await send([homeless, homeless])) == ["refused", "refused"])
  }

  @Test func twoThatAreNamedAreTwoWhateverTheirExternalIds() async throws {
    try await open("a")
    let items = ["x", "y"].map { order("one", ids: ["1"], name: "accounts/a/interactions/\($0)") }
    let results = try await send(items)
    #expect(reasons(results) == ["created", "refused"])
    #expect(results[1].error?.message.contains("already has this external id") == true)
    #expect(results[1].error?.message.contains("merge") == false)
  }

  @Test func peopleWithOneAddressAreOneWhereTheyAreMatchedByIt() async throws {
    let people = try RecordService(world, ContactRules())
    let items = ["Liisa", "Liisa", "Pekka"].map { name in
      var contact = Contact()
      contact.displayName = name
      var email = EmailAddress()
      email.address = "info@kuura.fi"
      contact.emails = [email]
      return contact
    }
    let options = UpsertOptions(write: WriteOptions(), matchByIdentity: true)
    #expect(
      reasons(try await people.batchUpsert(items, options, by: aino)) == ["created", "unchanged", "twice"])
    #expect(
      reasons(try await people.batchUpsert(items, options, by: aino)) == ["unchanged", "unchanged", "twice"])
  }

  /// An interaction with a name, an external id, or both, or two ids. A record's id in a system stays the same: what gives it
  /// another one frees the first for the items after it.
  private func some(_ chance: inout SeededGenerator) -> Interaction {
    let (number, subject) = (
      Int.random(in: 0..<5, using: &chance), Bool.random(using: &chance) ? "one" : "two"
    )
    let account = Int.random(in: 0..<4, using: &chance) == 0 ? "b" : "a"
    let ids = [["erp:\(number)"], ["crm:\(number)"], ["erp:\(number)", "crm:\(number)"]]
    switch Int.random(in: 0..<4, using: &chance) {
    case 0:
      let named = Bool.random(using: &chance) ? ["erp:\(number)"] : []
      return order(subject, ids: named, name: "accounts/a/interactions/i\(number)")
    case 1: return order(subject, ids: ["erp:\(number)"], name: "accounts/\(account)/interactions/-")
    default:
      return order(
        subject, ids: ids.randomElement(using: &chance) ?? [], name: "accounts/\(account)/interactions/-")
    }
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>) func aBatchSentAgainHasNoEffect(seed: UInt64) async throws {
    for account in ["a", "b"] { try await open(account) }
    var chance = SeededGenerator(seed)
    for _ in 0..<4 {
      let items = (0..<Int.random(in: 1...24, using: &chance)).map { _ in some(&chance) }
      let first = try await send(items)
      let head = try store.head(of: aino.tenant)
      let again = try await send(items)
      #expect(try store.head(of: aino.tenant) == head)
      #expect(reasons(again).allSatisfy { !["created", "updated"].contains($0) })
      let (then, now) = (reasons(first), reasons(again))
      #expect(then.indices.filter { then[$0] == "twice" } == now.indices.filter { now[$0] == "twice" })
      for (one, other) in zip(first, again) where one.outcome != .failed && other.outcome != .failed {
        #expect(one.name == other.name && one.etag == other.etag)
      }
    }
  }
}
