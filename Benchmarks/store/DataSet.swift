import Store

/// A seeded generator: the same seed gives the same data on every machine (SplitMix64).
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// Accounts with what lies around each: 4 contacts, 6 relationships, 10 interactions.
enum DataSet {
  static let account = RecordKind(1)
  static let contact = RecordKind(2)
  static let relationship = RecordKind(3)
  static let interaction = RecordKind(4)
  static let perAccount: [(kind: RecordKind, count: Int)] = [
    (account, 1), (contact, 4), (relationship, 6), (interaction, 10),
  ]
  static let recordsPerAccount = 21

  /// Bodies: 8 bytes of time, 8 of amount, 1 of the name's length, the name, then filler up to about 200
  /// bytes.
  static func body(_ kind: RecordKind, _ random: inout Seeded, name: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(260)
    withUnsafeBytes(of: Int64(1_600_000_000_000_000 + Int64(random.next() % 200_000_000_000_000))) {
      bytes.append(contentsOf: $0)
    }
    withUnsafeBytes(of: Int64(random.next() % 100_000)) { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(truncatingIfNeeded: name.utf8.count))
    bytes.append(contentsOf: name.utf8)
    let filler = 100 + Int(random.next() % 200)
    while bytes.count < filler {
      withUnsafeBytes(of: random.next() & 0x3f3f_3f3f_3f3f_3f3f | 0x2020_2020_2020_2020) {
        bytes.append(contentsOf: $0)
      }
    }
    return bytes
  }

  static func accountID(_ number: Int) -> String {
    let digits = String(number)
    return "acc-" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }

  private static let words = [
    "Pohjola", "Metsä", "Konepaja", "Telakka", "Rauta", "Suomi", "Lahti", "Oulu", "Nordic",
  ]

  static func name(_ random: inout Seeded) -> String {
    "\(words[Int(random.next() % 9)]) \(words[Int(random.next() % 9)]) \(random.next() % 100_000)"
  }

  /// All records of an account, in key order.
  static func records(of number: Int, seed: UInt64) -> [(key: RecordKey, body: [UInt8])] {
    var random = Seeded(seed &+ UInt64(number) &* 0x9e37_79b9)
    let account = accountID(number)
    var result: [(key: RecordKey, body: [UInt8])] = []
    result.reserveCapacity(recordsPerAccount)
    for (kind, count) in perAccount {
      for place in 0..<count {
        let id = kind == Self.account ? account : "r\(place + 10)"
        result.append(
          (RecordKey(account: account, kind: kind, id: id), body(kind, &random, name: name(&random))))
      }
    }
    return result
  }

  /// - Parameter isSearched: names of accounts and contacts go into the search index.
  static func schema(isSearched: Bool) -> RecordSchema {
    let byName = [IndexDefinition(name: "by_name", fields: 1, promise: .prefix, isFolded: true)]
    let byTime = [IndexDefinition(name: "by_time", fields: 1, promise: .time)]
    var kinds = [
      kind(account, "account", byName), kind(contact, "contact", byName), kind(relationship, "relationship", []),
      kind(interaction, "interaction", byTime),
    ]
    if isSearched {
      for place in 0..<2 {
        kinds[place].searchDocument = { bytes in
          SearchDocument(fields: [.init(name: "name", text: name(in: bytes) ?? "", isVerbatim: true)])
        }
      }
    }
    return RecordSchema(kinds: kinds, fold: { $0.lowercased() })
  }

  /// The person that a contact of this name is.
  static func subject(_ name: String) -> String { "persons/" + name }

  private static func name(in bytes: [UInt8]) -> String? {
    guard bytes.count > 17 else { return nil }
    return String(decoding: bytes[17..<min(bytes.count, 17 + Int(bytes[16]))], as: UTF8.self)
  }

  private static func kind(_ kind: RecordKind, _ name: String, _ indexes: [IndexDefinition]) -> KindSchema {
    let columns =
      kind == account || kind == interaction
      ? [ColumnDefinition(name: "time", type: .moment), ColumnDefinition(name: "amount", type: .integer)] : []
    return KindSchema(
      kind: kind, name: name, scope: .account, indexes: indexes, columns: columns,
      facts: { bytes in
        guard bytes.count > 17 else { return RecordFacts() }
        let (time, amount) = bytes.withUnsafeBytes {
          ($0.loadUnaligned(as: Int64.self), $0.loadUnaligned(fromByteOffset: 8, as: Int64.self))
        }
        let entries: [[[FieldValue]]] = indexes.map { index in
          if index.promise == .time { return [[.moment(Moment(microseconds: time))]] }
          return [[.text(Self.name(in: bytes) ?? "")]]
        }
        return RecordFacts(
          indexEntries: entries,
          columns: columns.isEmpty ? [] : [.moment(Moment(microseconds: time)), .integer(amount)],
          subjects: kind == contact ? [subject(Self.name(in: bytes) ?? "")] : [])
      })
  }
}
