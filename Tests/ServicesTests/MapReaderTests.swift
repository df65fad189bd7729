import ProtobufBridge
import PunosMessages
import RPC
import Store
import StoreSQLite
import Testing

@testable import Services

/// What the map of an account reads: all lines to its people, conflicts, and where people stood on a day.
@Suite struct MapReaderTests {
  private static let now = Moment(seconds: 1_780_000_000)  // 2026-05-28
  private static let noon = Int64(43_200)

  private let folder: StoreFolder
  private let store: SQLiteStore
  private let caller: Principal
  private let world: ServiceWorld

  init() async throws {
    folder = try StoreFolder()
    let schema = try RecordSchema(schema: Schema.shared, fold: { $0.lowercased() })
    store = try SQLiteStore(directory: folder.path + "/store", schema: schema)
    caller = Principal(tenant: try TenantID("acme"), team: "sales", name: "aino")
    world = ServiceWorld(store: store, catalog: NounCatalog(schema: Schema.shared), clock: { Self.now })
    try await put([("accounts/a", Account.with { $0.displayName = "Kuura" }.serialized())], on: "2020-01-01")
  }

  private func put(_ records: [(name: String, body: [UInt8])], on day: String) async throws {
    let moment = try #require(Days.start(day)).seconds + Self.noon
    let operations = try records.map { record in
      CommitOperation.put(
        try #require(world.catalog.key(of: record.name)), body: record.body, expecting: .any)
    }
    for start in stride(from: 0, to: operations.count, by: 500) {
      let part = Array(operations[start..<min(start + 500, operations.count)])
      _ = try await store.commit(
        Commit(part, actor: caller.actor, time: Moment(seconds: moment)), in: caller.tenant)
    }
  }

  private func person(_ id: String) -> (String, [UInt8]) {
    let contact = AccountContact.with {
      $0.contact = "contacts/\(id)"
      $0.displayName = id
      $0.employments = [Employment.with { $0.account = "accounts/a" }]
    }
    return ("accounts/a/contacts/\(id)", contact.serialized())
  }

  private func relationship(_ id: String, _ fill: (inout Relationship) -> Void) -> (String, [UInt8]) {
    ("accounts/a/relationships/\(id)", Relationship.with(fill).serialized())
  }

  private func member(_ stance: CommitteeMember.Stance, from: String = "") -> (String, [UInt8]) {
    let member = CommitteeMember.with {
      $0.contact = "contacts/liisa"
      $0.role = .decisionMaker
      $0.stance = stance
      $0.validFrom = from
    }
    return ("accounts/a/committeeMembers/liisa", member.serialized())
  }

  private func map(_ day: String = "") async throws -> RelationshipMap {
    let context = CallContext(service: "punos.v1.Test", method: "Test")
    context.connection.keep(caller)
    return try await NetworkHandler(world).getRelationshipMap(
      .with {
        $0.name = "accounts/a"
        $0.asOfDate = day
        $0.text = true
      }, context)
  }

  private func stance(_ day: String) async throws -> CommitteeMember.Stance? {
    try await map(day).places.first?.stance
  }

  @Test func everyReportingLineToOnePersonIsRead() async throws {
    try await put((0..<120).map { person("p\($0)") } + [person("boss")], on: "2020-01-01")
    try await put(
      (0..<120).map { number in
        relationship("r\(number)") {
          $0.kind = .reportsTo
          $0.fromContact = "contacts/p\(number)"
          $0.to = "contacts/boss"
        }
      }, on: "2020-01-01")
    let map = try await map()
    #expect(map.ties.count == 120 && map.leftOut == 0)
    #expect(!map.text.contains("Outside the reporting lines"))
    await store.close()
  }

  @Test func moreThanOnePageOfTiesToOnePersonIsRead() async throws {
    try await put([person("boss"), person("z")], on: "2020-01-01")
    try await put(
      (0..<1_100).map { number in
        relationship("r\(10_000 + number)") {
          $0.kind = .knows
          $0.fromTeammate = Teammate.with { $0.principal = "mate.\(number)" }
          $0.to = "contacts/boss"
        }
      }, on: "2020-01-01")
    try await put(
      [
        relationship("z") {
          $0.kind = .reportsTo
          $0.fromContact = "contacts/z"
          $0.to = "contacts/boss"
        }
      ], on: "2020-01-01")
    #expect(try await map().ties.count == 1_101)
    await store.close()
  }

  @Test func whatPassesBetweenTwoWhoDoNotGetOnIsNoTie() async throws {
    try await put([person("liisa")], on: "2020-01-01")
    let meeting = Interaction.with {
      $0.time = ProtoTimestamp(Moment(seconds: Self.now.seconds - 86_400))
      $0.channel = .meeting
      $0.direction = .mutual
      $0.contacts = ["contacts/liisa"]
      $0.teammates = [Teammate.with { $0.principal = "aino" }]
    }
    try await put((0..<7).map { ("accounts/a/interactions/i\($0)", meeting.serialized()) }, on: "2026-05-27")
    #expect(try await map().text.contains("← aino ●●●"))
    try await put(
      [
        relationship("c") {
          $0.kind = .conflictsWith
          $0.fromTeammate = Teammate.with { $0.principal = "aino" }
          $0.to = "contacts/liisa"
        }
      ], on: "2026-05-27")
    let map = try await map()
    #expect(map.ties.map(\.kind) == [.conflictsWith])
    #expect(map.text.contains("← ✗ aino") && !map.text.contains("aino ●"))
    await store.close()
  }

  @Test func whereSomebodyStandsIsAsItWasSaidByTheDay() async throws {
    try await put([person("liisa")], on: "2020-01-01")
    try await put([member(.mentor)], on: "2024-03-01")
    try await put([member(.against)], on: "2025-03-01")
    #expect(try await stance("") == .against)
    #expect(try await stance("2025-03-01") == .against)
    #expect(try await stance("2025-02-28") == .mentor)
    #expect(try await stance("2024-03-01") == .mentor)
    await store.close()
  }

  @Test func whereNothingHadBeenSaidByTheDayItIsWhatIsToldInHindsight() async throws {
    try await put([person("liisa")], on: "2020-01-01")
    try await put([member(.unspecified, from: "2022-01-01")], on: "2024-03-01")
    try await put([member(.supportive, from: "2022-01-01")], on: "2025-03-01")
    #expect(try await stance("2023-06-01") == .supportive)
    #expect(try await stance("2024-06-01") == .supportive)
    #expect(try await stance("2021-06-01") == .unspecified, "they did not take part yet")
    await store.close()
  }

  @Test func aStanceOfADayThatTheHistoryNoLongerReachesIsNotKnown() async throws {
    try await put([person("liisa")], on: "2020-01-01")
    try await put([member(.mentor)], on: "2024-03-01")
    try await put([member(.against)], on: "2025-03-01")
    _ = try await store.compact(before: try #require(Days.start("2025-06-01")))
    #expect(try await stance("2024-06-01") == .unspecified)
    // Nothing had been said by then: it is told in hindsight.
    #expect(try await stance("2023-06-01") == .against)
    #expect(try await stance("") == .against)
    await store.close()
  }
}
