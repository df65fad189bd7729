import PunosMessages
import RPC
import Store

/// The items of a batch, each with what it can be told apart by from the others.
///
/// An item is about the same record as one before it where both have its key, or share an external id (or what else records
/// are found by) of a record that is perhaps not there yet. That does not depend on what is stored by now: a batch that is sent
/// again is told the same of its repeats.
struct UpsertRepeats<Rules: NounRules> {
  private let service: RecordService<Rules>
  private let values: [Rules.Value]
  /// The keys that items name, nil where they leave that to the server.
  let named: [RecordKey?]
  let externalIDs: [[Identity]]
  private let isByIdentity: Bool
  private var firstByKey: [RecordKey: Int] = [:]
  private var firstByExternalID: [Identity: Int] = [:]
  private var firstByIdentity: [Identity: Int] = [:]
  /// The records that items are about, as far as they are known.
  private var subjects: [RecordKey?]

  init(_ values: [Rules.Value], _ service: RecordService<Rules>, byIdentity: Bool) {
    self.service = service
    self.values = values
    isByIdentity = byIdentity
    // A name with `-` for its id has no key: such a record is found by its external id, or made.
    named = values.map { value in
      value.name.isEmpty || value.name.hasSuffix("/-") ? nil : service.world.catalog.key(of: value.name)
    }
    externalIDs = values.map { service.externalIDs(of: $0) }
    subjects = named
    firstByKey.reserveCapacity(values.count)
    firstByExternalID.reserveCapacity(values.count)
  }

  /// The first item that is about the same record as an item; nil where this is the first. To be asked of one item after the
  /// other.
  ///
  /// - Parameter target: the record that was found for it.
  mutating func first(_ item: Int, target: StoredRecord?) -> Int? {
    if subjects[item] == nil { subjects[item] = target?.key }
    if let key = subjects[item] {
      if let first = firstByKey[key] { return first }
    }
    for id in externalIDs[item] {
      // Two that are named are what they are named.
      if let first = firstByExternalID[id], isOne(named[item], named[first]) { return first }
    }
    let identities = isByIdentity ? service.rules.identities(of: values[item]) : []
    for identity in identities {
      if let first = firstByIdentity[identity], isOne(subjects[item], subjects[first]) { return first }
    }
    if let key = subjects[item] { firstByKey[key] = item }
    for id in externalIDs[item] where firstByExternalID[id] == nil { firstByExternalID[id] = item }
    for identity in identities where firstByIdentity[identity] == nil { firstByIdentity[identity] = item }
    return nil
  }

  private func isOne(_ key: RecordKey?, _ other: RecordKey?) -> Bool {
    key == nil || other == nil || key == other
  }

  /// Whether an item says just what the first one about its record says.
  func isSame(_ item: Int, as first: Int) -> Bool {
    var value = values[item]
    value.name = values[first].name
    return value == values[first] && namesSame(item, as: first)
  }

  private func namesSame(_ item: Int, as first: Int) -> Bool {
    let (name, other) = (values[item].name, values[first].name)
    if name == other { return true }
    if let key = named[item] { return key == subjects[first] }
    return !service.isInAccount || Self.parent(of: name) == Self.parent(of: other)
  }

  private static func parent(of name: String) -> Substring {
    name[..<(name.lastIndex(of: "/") ?? name.startIndex)]
  }

  /// Why an item that says something else than the first one about its record is refused.
  func problem(_ item: Int, after first: Int) -> Problem {
    Problem(
      .invalidArgument, "TWICE_IN_BATCH",
      "Item \(first) of the batch says something else of the same record; send one of the two, or both in turn.",
      resource: (subjects[item] ?? subjects[first]).map { service.resourceName($0) } ?? "")
  }
}
