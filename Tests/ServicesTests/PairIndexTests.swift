import Domain
import ProtobufBridge
import PunosMessages
import Store
import Testing

@testable import Services
@testable import StoreSQLite

/// Interactions found by two who took part.
@Suite struct PairIndexTests {
  private static let now: Int64 = 1_780_000_000

  private let folder: StoreFolder
  private let schema: RecordSchema

  init() throws {
    folder = try StoreFolder()
    schema = try RecordSchema(schema: Schema.shared, fold: { $0.lowercased() })
  }

  private func interaction(contacts: [String], ours: [String], daysAgo: Int64 = 1) -> Interaction {
    var value = Interaction()
    value.time = ProtoTimestamp(Moment(seconds: Self.now - daysAgo * 86_400))
    value.channel = .meeting
    value.direction = .mutual
    value.contacts = contacts.map { "contacts/\($0)" }
    value.teammates = ours.map { principal in
      var teammate = Teammate()
      teammate.principal = principal
      return teammate
    }
    return value
  }

  /// The first two values of each entry in an index.
  private func pairs(_ index: String, _ value: Interaction) throws -> [[FieldValue]] {
    let kind = try #require(schema[NounCatalog.interactionKind])
    let place = try #require(kind.indexes.firstIndex { $0.name == index })
    return try kind.facts(value.serialized()).indexEntries[place].map { Array($0.dropLast()) }
  }

  private func texts(_ one: String, _ other: String) -> [FieldValue] { [.text(one), .text(other)] }

  @Test func everyTwoWhoTookPartStandInTheIndexOnce() throws {
    let value = interaction(contacts: ["b", "a"], ours: ["x", "y"])
    #expect(
      try pairs("with_teammate", value) == [
        texts("contacts/b", "x"), texts("contacts/b", "y"), texts("contacts/a", "x"),
        texts("contacts/a", "y"),
      ])
    #expect(try pairs("with_contact", value) == [texts("contacts/a", "contacts/b")])
  }

  @Test func anInteractionInWhichNoTwoTookPartHasNoEntry() throws {
    #expect(try pairs("with_teammate", interaction(contacts: ["a", "b"], ours: [])).isEmpty)
    #expect(try pairs("with_teammate", interaction(contacts: [], ours: ["x", "y"])).isEmpty)
    #expect(try pairs("with_contact", interaction(contacts: ["a"], ours: ["x"])).isEmpty)
    #expect(try pairs("with_contact", interaction(contacts: [], ours: [])).isEmpty)
    var timeless = interaction(contacts: ["a"], ours: ["x"])
    timeless.time = nil
    #expect(try pairs("with_teammate", timeless).isEmpty)
  }

  @Test func whoeverIsTiedByAGatheringIsFoundAndALargerOneHasNoEntries() throws {
    let most = TieScale.largestGathering
    for contacts in 1...most {
      let people = (0..<contacts).map { "p\($0)" }
      let value = interaction(contacts: people, ours: (contacts..<most).map { "t\($0)" })
      #expect(try pairs("with_teammate", value).count == contacts * (most - contacts))
      #expect(try pairs("with_contact", value).count == contacts * (contacts - 1) / 2)
    }
    let crowd = interaction(contacts: (0..<100).map { "p\($0)" }, ours: (0..<100).map { "t\($0)" })
    #expect(try pairs("with_teammate", crowd).isEmpty)
    #expect(try pairs("with_contact", crowd).isEmpty)
  }

  @Test func aStrengthIsTheSameWhileTheIndexIsStillBeingBuilt() async throws {
    let store = try SQLiteStore(directory: folder.path + "/store", schema: schema)
    let world = ServiceWorld(
      store: store, catalog: NounCatalog(schema: Schema.shared), clock: { Moment(seconds: Self.now) })
    let aino = Principal(tenant: try TenantID("acme"), team: "sales", name: "aino")
    var told: [Interaction] = []
    for day in 0..<20 {
      let (contacts, ours) = (day % 2 == 0 ? ["a", "b"] : ["a"], day % 3 == 0 ? ["x"] : [])
      told.append(interaction(contacts: contacts, ours: ours, daysAgo: Int64(day + 1)))
    }
    let puts = told.enumerated().map { place, value in
      CommitOperation.put(
        RecordKey(account: "k", kind: NounCatalog.interactionKind, id: "i\(place)"),
        body: value.serialized(),
        expecting: .absent)
    }
    _ = try await store.commit(Commit(puts, actor: aino.actor), in: aino.tenant)
    for (one, other, count) in [("teammates/x", "contacts/a", 7), ("contacts/b", "contacts/a", 10)] {
      let built = try await StrengthReader(RecordReader(world, aino), .english)
        .tie(of: one, and: other, at: Moment(seconds: Self.now)).strength
      #expect(built.interactions == count)
      #expect(built.because.allSatisfy { !$0.text.isEmpty })
    }
    let before = try await strengths(world, aino)
    let catalog = store.preparer.extractor.catalog
    for index in catalog.indexes[NounCatalog.interactionKind] ?? []
    where index.definition.name.hasPrefix("with_") {
      catalog.set(.building, of: index.number)
      await #expect(throws: InvalidQuery.self) {
        try await store.find(
          IndexQuery(kind: NounCatalog.interactionKind, index: index.definition.name), in: aino.tenant)
      }
    }
    #expect(try await strengths(world, aino) == before)
    await store.close()
  }

  private func strengths(_ world: ServiceWorld, _ caller: Principal) async throws -> [TieStrength] {
    let reader = StrengthReader(RecordReader(world, caller), .english)
    var strengths: [TieStrength] = []
    for (one, other) in [
      ("teammates/x", "contacts/a"), ("contacts/a", "contacts/b"), ("contacts/b", "contacts/a"),
    ] {
      strengths.append(try await reader.tie(of: one, and: other, at: Moment(seconds: Self.now)).strength)
    }
    return strengths
  }
}
