import Store
import Testing

@testable import StoreSQLite

/// Where the records of accounts lie, and that they are found there.
@Suite struct RecordPlacesTests {
  private let directory: TemporaryDirectory
  private let connection: Connection

  init() throws {
    directory = try TemporaryDirectory()
    connection = try Connection(
      path: directory.path + "/tables.db", access: .create, vfs: nil, cacheKilobytes: 100)
    try connection.execute("PRAGMA synchronous = OFF")
    try connection.execute("PRAGMA journal_mode = MEMORY")
    try Migrations.tables.run(on: connection)
  }

  private static func encoded(_ account: String?, _ kind: UInt16, _ id: String, tenant: UInt32 = 1) -> [UInt8]
  {
    KeyEncoding.record(tenant, RecordKey(account: account, kind: RecordKind(kind), id: id))
  }

  private static func shard(_ encoded: [UInt8]) throws -> Int {
    try #require(RecordPlaces.shardBytes(encoded))
  }

  @Test func anAccountsRecordsLieBetweenNoOthersAndByKind() throws {
    let places = RecordPlaces(salt: Array("0123456789abcdef".utf8))
    let run = try places.run(
      ofShard: Self.encoded("acme", 1, "acme"), Self.shard(Self.encoded("acme", 1, "acme")))
    var last = run.lowerBound
    for kind: UInt16 in [1, 2, 9, 100, 126, 127, 200, .max] {
      let keys = (0..<50).map { Self.encoded("acme", kind, "id-\($0)") }
      let found = try keys.map { places.place(of: $0, shard: try Self.shard($0)) }
      #expect(found.allSatisfy { run.contains($0) && $0 >= 0 })
      // The greatest codes share a run.
      if kind <= 127 { #expect(found.allSatisfy { $0 > last }) }
      last = found.max() ?? last
    }
    for other in ["acmf", "acm", "acme2", "bcme"] {
      let key = Self.encoded(other, 1, other)
      #expect(!run.contains(places.place(of: key, shard: try Self.shard(key))), "\(other)")
    }
    let elsewhere = Self.encoded("acme", 1, "acme", tenant: 2)
    #expect(!run.contains(places.place(of: elsewhere, shard: try Self.shard(elsewhere))))
  }

  @Test func accountsMadeOneAfterTheOtherAreNeighbours() throws {
    let places = RecordPlaces(salt: [7])
    let made = ["01jdb2k4m8xxxxxxxxxxxxxx0a", "01jdb2k4m8xxxxxxxxxxxxxx0b", "01jdb2k4m8xxxxxxxxxxxxxx0c"]
    let runs = try made.map { id in
      let key = Self.encoded(id, 1, id)
      return places.run(ofShard: key, try Self.shard(key))
    }
    #expect(runs[0].upperBound + 1 == runs[1].lowerBound && runs[1].upperBound + 1 == runs[2].lowerBound)
  }

  @Test func whatIsOutsideAccountsHasNoPlace() {
    #expect(RecordPlaces.shardBytes(Self.encoded(nil, 2, "anna")) == nil)
    #expect(RecordPlaces.shardBytes([]) == nil && RecordPlaces.shardBytes([0, 0, 0, 1, 65]) == nil)
    #expect(RecordPlaces.shardBytes(Self.encoded("acme", 2, "anna")) == 9)
  }

  @Test func aWalkGoesOnWhereItWas() {
    for position in [WalkPosition.beginning, .key([0, 0, 0, 1, 0, 9]), .place(0), .place(.max), .place(-1)] {
      #expect(WalkPosition(encoded: position.encoded) == position)
    }
  }

  /// With so few places that records always meet, beside a dictionary that holds the same.
  @Test func everyRecordIsFoundAndListedInOrderWhateverWasPutAndTakenAway() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var random = SearchRandom(state: seed)
    for history in 0..<20 {
      try connection.execute("DELETE FROM shard_records")
      try connection.execute("DELETE FROM shard_keys")
      let shape = RecordPlaces.Shape(shardBits: 11, idBits: 5, greatestSorted: 6)
      let places = RecordPlaces(salt: (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }, shape)
      let reader = try ShardReader(connection, places)
      let writer = try ShardWriter(connection, reader)
      var model: [[UInt8]: [UInt8]] = [:]
      for _ in 0..<60 {
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          let account = ["a", "b", "cc", "cd", "d"].randomElement(using: &random) ?? "a"
          let kind = [1, 2, 127, 300].randomElement(using: &random) ?? 1
          let encoded = Self.encoded(account, UInt16(kind), "\(Int.random(in: 0..<12, using: &random))")
          let shard = try Self.shard(encoded)
          if Int.random(in: 0..<3, using: &random) == 0 {
            try writer.remove(encoded, shard)
            model[encoded] = nil
          } else {
            let record = StoredRecord(
              key: try encoded.withUnsafeBytes { try KeyEncoding.decodeRecord($0).key },
              body: [UInt8.random(in: 0...255, using: &random)], createdRevision: .zero, revision: .zero,
              createdTime: Moment(rawValue: 0), updatedTime: Moment(rawValue: 0))
            let value = RecordCodec.encode(record)
            try writer.put(encoded, shard, value, isNew: model[encoded] == nil)
            model[encoded] = value
          }
        }
        try writer.settle()
        try compare(reader, model, &random, "seed \(seed), history \(history)")
      }
    }
  }

  private func compare(
    _ reader: ShardReader, _ model: [[UInt8]: [UInt8]], _ random: inout SearchRandom, _ what: Comment
  ) throws {
    for account in ["a", "b", "cc", "cd", "d"] {
      let prefix = KeyEncoding.shard(1, account: account)
      let end = try #require(KeyEncoding.successor(of: prefix))
      let all = model.keys.filter { $0.starts(with: prefix) }.sorted(by: bytesPrecede)
      let bounds = [prefix, end] + (all.randomElement(using: &random).map { [$0, $0 + [0]] } ?? [])
      for after in bounds where after != end {
        for before in bounds where bytesPrecede(after, before) {
          var listed: [[UInt8]] = []
          try reader.records(after: after, before: before, prefix.count) { encoded, record in
            listed.append(encoded)
            #expect(RecordCodec.encode(record) == model[encoded], what)
            return true
          }
          #expect(listed == all.filter { bytesPrecede(after, $0) && bytesPrecede($0, before) }, what)
        }
      }
      // The kind's own bounds.
      let kind = prefix + [0, 127]
      var listed: [[UInt8]] = []
      try reader.records(after: kind, before: prefix + [0, 128], prefix.count) { encoded, _ in
        listed.append(encoded)
        return true
      }
      #expect(listed == all.filter { $0.starts(with: kind) }, what)
    }
    for id in 0..<12 {
      let encoded = Self.encoded("a", 1, "\(id)")
      let found = try reader.find(encoded, try Self.shard(encoded)) { _, value in [UInt8](value) }
      #expect(found == model[encoded], what)
    }
    var walked: Set<[UInt8]> = []
    try reader.records(after: .min) { _, encoded, _ in
      #expect(walked.insert(encoded).inserted, what)
      return true
    }
    #expect(walked == Set(model.keys), what)
  }
}
