import ProtobufBridge
import PunosMessages
import RPC
import Store
import StoreSQLite
import Testing

@testable import Services

/// Batches whose new records are to lie in accounts that are not there, or not there any more.
@Suite struct BatchAccountsTests {
  /// Interactions, with something that happens while a batch is worked on.
  private struct MeanwhileRules: NounRules {
    typealias Value = Interaction
    static let kind = NounCatalog.interactionKind
    var meanwhile: @Sendable () async throws -> Void = {}

    func externalIDs(of value: Interaction) -> [ExternalId] { value.externalIds }
    func unite(_ incoming: Interaction, into current: Interaction) -> Interaction { incoming }
    func problemsElsewhere(of value: Interaction, _ world: RecordWorld) async throws -> [FieldProblem] {
      try await meanwhile()
      return []
    }
  }

  private let store: SQLiteStore
  private let world: ServiceWorld
  private let directory: StoreFolder
  private let aino: Principal

  init() throws {
    directory = try StoreFolder()
    let schema = try RecordSchema(schema: Schema.shared, fold: { $0.lowercased() })
    store = try SQLiteStore(directory: directory.path + "/store", schema: schema)
    world = ServiceWorld(
      store: store, catalog: NounCatalog(schema: Schema.shared), clock: { Moment(seconds: 1_780_000_000) })
    aino = Principal(tenant: try TenantID("acme"), team: "sales", name: "aino")
  }

  private func key(_ account: String) throws -> RecordKey { try #require(NounCatalog.accountKey(account)) }

  private func open(_ account: String) async throws {
    var value = Account()
    value.name = "accounts/\(account)"
    value.displayName = account
    _ = try await store.commit(
      Commit([.put(try key(account), body: value.serialized(), expecting: .absent)], actor: aino.actor),
      in: aino.tenant)
  }

  private func order(_ number: Int, in account: String, hasTime: Bool = true) -> Interaction {
    var order = Interaction()
    order.name = "accounts/\(account)/interactions/-"
    if hasTime { order.time = ProtoTimestamp(Moment(seconds: 1_770_000_000)) }
    var id = ExternalId()
    (id.system, id.id) = ("erp", "\(number)")
    order.externalIds = [id]
    return order
  }

  private func send(
    _ orders: [Interaction], _ write: WriteOptions = WriteOptions(),
    _ rules: MeanwhileRules = MeanwhileRules()
  ) async throws -> [UpsertResult] {
    try await RecordService(world, rules).batchUpsert(orders, UpsertOptions(write: write), by: aino)
  }

  private func written(in account: String) throws -> Int {
    try store.scan(account: account, in: aino.tenant, AccountScan(kinds: [NounCatalog.interactionKind]))
      .records.count
  }

  @Test func whatLiesInAccountsThatAreNotThereFailsAndTheRestIsWritten() async throws {
    try await open("kuura")
    let orders = (0..<40).map { order($0, in: $0.isMultiple(of: 4) ? "kuura" : "nobody-\($0 % 9)") }
    let results = try await send(orders)
    for (number, result) in results.enumerated() {
      let isThere = number.isMultiple(of: 4)
      #expect(result.outcome == (isThere ? .created : .failed))
      if !isThere {
        #expect(result.name == "accounts/nobody-\(number % 9)")
        #expect(result.error?.code == Int32(StatusCode.notFound.rawValue))
      }
    }
    #expect(try written(in: "kuura") == 10)
    #expect(try written(in: "nobody-1") == 0)
    await store.close()
  }

  @Test func thatAnAccountIsNotThereIsSaidBeforeWhatElseIsWrong() async throws {
    let results = try await send([order(1, in: "nobody", hasTime: false)])
    #expect(results.map(\.error?.code) == [Int32(StatusCode.notFound.rawValue)])
    await store.close()
  }

  @Test func aDryRunSaysItTooAndWritesNothing() async throws {
    try await open("kuura")
    let orders = [order(1, in: "kuura"), order(2, in: "nobody")]
    let results = try await send(orders, WriteOptions(validateOnly: true))
    #expect(results.map(\.outcome) == [.created, .failed])
    #expect(results.last?.name == "accounts/nobody")
    #expect(try written(in: "kuura") == 0)
    await store.close()
  }

  @Test func aRepeatedRequestGetsTheSameAnswer() async throws {
    try await open("kuura")
    let orders = [order(1, in: "kuura"), order(2, in: "nobody")]
    let first = try await send(orders, WriteOptions(requestID: "monday"))
    let again = try await send(orders, WriteOptions(requestID: "monday"))
    #expect(first.map(\.outcome) == [.created, .failed])
    #expect(again == first)
    await store.close()
  }

  @Test func anAccountThatIsDeletedMeanwhileTakesNothingMore() async throws {
    try await open("kuura")
    try await open("lumo")
    let (store, aino, kuura) = (store, aino, try key("kuura"))
    let rules = MeanwhileRules {
      let isThere = try store.readLive(kuura, in: aino.tenant) != nil
      if isThere {
        _ = try await store.commit(Commit([.delete(kuura, expecting: .any)], actor: aino.actor), in: aino.tenant)
      }
    }
    let results = try await send([order(1, in: "kuura"), order(2, in: "lumo")], WriteOptions(), rules)
    #expect(results.map(\.outcome) == [.failed, .created])
    #expect(results.first?.error?.code == Int32(StatusCode.notFound.rawValue))
    #expect(try written(in: "kuura") == 0)
    #expect(try written(in: "lumo") == 1)
    await store.close()
  }
}
