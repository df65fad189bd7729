public import ProtobufBridge
public import Store

/// A kind of record as the schema defines it, and how its resource names look.
public struct Noun: Sendable {
  /// The number in the store.
  public var kind: RecordKind
  /// The kind's name, "account".
  public var name: String
  /// The collection's segment in resource names, "accounts".
  public var collection: String
  /// Whose shard its records lie in.
  public var scope: RecordScope
  /// The message that a body is.
  public var message: MessageDescriptor
  /// Path of the field that is shown as the record's title; empty where there is none.
  public var title: String
}

/// A resource name taken apart.
public struct NameParts: Sendable {
  /// The name of the account that the record lies in; nil for accounts, and for records outside accounts.
  public var account: String?
  /// The kind of record.
  public var noun: Noun
  /// The id, or a lookup.
  public var word: String

  /// Put together again.
  public var text: String { (account.map { "\($0)/" } ?? "") + "\(noun.collection)/\(word)" }
}

/// Every kind of record the schema defines: from resource names to keys and back.
public struct NounCatalog: Sendable {
  /// The kind of the account itself, whose id is also the shard's.
  public static let accountKind = RecordKind(1)
  /// The kind of a person, outside the accounts.
  public static let contactKind = RecordKind(2)
  /// The kind of a person as seen from an account.
  public static let accountContactKind = RecordKind(3)

  /// The kind of a purchase.
  public static let purchaseKind = RecordKind(4)
  /// The kind of a member of a committee.
  public static let committeeMemberKind = RecordKind(5)
  /// The kind of a journey, outside the accounts.
  public static let journeyKind = RecordKind(8)
  /// The kind of a move from stage to stage.
  public static let stageTransitionKind = RecordKind(9)
  /// The kind of what one person is to another.
  public static let relationshipKind = RecordKind(6)
  /// The kind of a meeting, call, message, order.
  public static let interactionKind = RecordKind(100)

  /// The kind of a promise.
  public static let commitmentKind = RecordKind(16)
  /// The kind of what is known of a customer's business.
  public static let businessClaimKind = RecordKind(10)
  /// The kind of a claim about a customer.
  public static let insightKind = RecordKind(14)
  /// The kind of a change that somebody should react to.
  public static let signalKind = RecordKind(15)
  /// The kind of a segment of the customer's own customers.
  public static let endCustomerSegmentKind = RecordKind(12)
  /// The kind of a value driver.
  public static let valueDriverKind = RecordKind(13)
  /// The kind of feedback.
  public static let feedbackKind = RecordKind(101)
  /// The kind of a handover from team to team.
  public static let handoverKind = RecordKind(17)
  /// The kind of a template of handovers, outside the accounts.
  public static let handoverTemplateKind = RecordKind(18)

  /// By kind.
  public var nouns: [RecordKind: Noun] { tables.nouns }
  private let tables: Tables

  /// A class: the catalog goes with every record that is written, and one reference is cheaper to hand on than five tables.
  private final class Tables: Sendable {
    let nouns: [RecordKind: Noun]
    let tenantCollections: [String: Noun]
    let accountCollections: [String: Noun]
    let byName: [String: Noun]
    /// The names and kinds alone, for what is asked of every record.
    let collections: [RecordKind: String]
    let tenantKinds: [String: RecordKind]
    let accountKinds: [String: RecordKind]

    init(_ nouns: [RecordKind: Noun]) {
      self.nouns = nouns
      func named(_ scope: RecordScope) -> [String: Noun] {
        Dictionary(
          nouns.values.filter { $0.scope == scope }.map { ($0.collection, $0) },
          uniquingKeysWith: { first, _ in first })
      }
      tenantCollections = named(.tenant)
      accountCollections = named(.account)
      byName = Dictionary(nouns.values.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      collections = nouns.mapValues(\.collection)
      tenantKinds = tenantCollections.mapValues(\.kind)
      accountKinds = accountCollections.mapValues(\.kind)
    }
  }

  /// Reads the records out of a schema.
  public init(schema: Schema) {
    var nouns: [RecordKind: Noun] = [:]
    for message in schema.files.flatMap(\.messages) {
      guard let rule = message.record, let code = UInt16(exactly: rule.code), code > 0 else { continue }
      nouns[RecordKind(code)] = Noun(
        kind: RecordKind(code), name: rule.kind, collection: rule.collection,
        scope: rule.scope == .tenant ? .tenant : .account, message: message, title: rule.title)
    }
    tables = Tables(nouns)
  }

  /// The kind with a name.
  public func noun(named name: String) -> Noun? { tables.byName[name] }

  /// Names of all kinds, sorted.
  public var names: [String] { tables.byName.keys.sorted() }

  /// The resource name of a record.
  public func resourceName(of key: RecordKey) -> String {
    guard let collection = tables.collections[key.kind] else { return "unknown/\(key.id)" }
    if key.kind == Self.accountKind, let account = key.account { return Self.accountPrefix + account }
    var name = ""
    name.reserveCapacity(
      Self.accountPrefix.utf8.count + (key.account?.utf8.count ?? 0) + collection.utf8.count
        + key.id.utf8.count + 2)
    if let account = key.account {
      name += Self.accountPrefix
      name += account
      name += "/"
    }
    name += collection
    name += "/"
    name += key.id
    return name
  }

  private static let accountPrefix = "accounts/"

  /// The key of a record from its resource name, or nil where no record can have that name.
  ///
  /// - Parameter name: `collection/id`, or `accounts/id/collection/id`.
  public func key(of name: some StringProtocol) -> RecordKey? {
    var name = String(name)
    // By bytes: a name is taken apart for every reference of every record, and letters are found more slowly.
    return name.withUTF8 { bytes in
      var parts = NamePartsReader(bytes)
      guard let collection = parts.next(), let first = parts.next() else { return nil }
      if parts.isAtEnd {
        if collection == Self.accountCollection { return Self.accountKey(first) }
        return tables.tenantKinds[collection].flatMap {
          checked(RecordKey(account: nil, kind: $0, id: first))
        }
      }
      guard collection == Self.accountCollection, let inner = parts.next(), let id = parts.next(),
        parts.isAtEnd,
        let kind = tables.accountKinds[inner], kind != Self.accountKind
      else { return nil }
      return checked(RecordKey(account: first, kind: kind, id: id))
    }
  }

  private static let accountCollection = "accounts"

  /// Stands for every account, where a record's account is named.
  public static let anyAccount = "accounts/-"

  /// A name taken apart, whether it holds ids or lookups; nil where no record can have such a name.
  public func parts(of name: String) -> NameParts? {
    guard name.hasPrefix("accounts/") else {
      let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[1].isEmpty, let noun = tables.tenantCollections[String(parts[0])] else {
        return nil
      }
      return NameParts(account: nil, noun: noun, word: String(parts[1]))
    }
    // From the right: an external id of the account may have slashes in it.
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    for place in parts.indices.dropFirst(2).reversed() where place < parts.count - 1 {
      guard let noun = tables.accountCollections[String(parts[place])], noun.kind != Self.accountKind else {
        continue
      }
      let word = parts[(place + 1)...].joined(separator: "/")
      guard !word.isEmpty else { return nil }
      return NameParts(account: parts[..<place].joined(separator: "/"), noun: noun, word: word)
    }
    guard let noun = nouns[Self.accountKind], parts.count >= 2, !parts[1].isEmpty else { return nil }
    return NameParts(account: nil, noun: noun, word: parts.dropFirst().joined(separator: "/"))
  }

  /// The key of an account.
  public static func accountKey(_ id: String) -> RecordKey? {
    let key = RecordKey(account: id, kind: accountKind, id: id)
    return key.isValid ? key : nil
  }

  private func checked(_ key: RecordKey) -> RecordKey? { key.isValid ? key : nil }
}

/// What stands between the slashes of a name, one part after the other.
private struct NamePartsReader {
  private var rest: Slice<UnsafeBufferPointer<UInt8>>
  private(set) var isAtEnd = false

  init(_ name: UnsafeBufferPointer<UInt8>) { rest = name[...] }

  /// The next part; nil at the end, and where there is nothing before the next slash.
  mutating func next() -> String? {
    guard !isAtEnd else { return nil }
    let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
    let part = rest[..<end]
    isAtEnd = end == rest.endIndex
    rest = rest[(isAtEnd ? end : end + 1)...]
    return part.isEmpty ? nil : String(decoding: part, as: UTF8.self)
  }
}
