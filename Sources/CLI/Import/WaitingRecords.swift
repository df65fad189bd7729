/// Records of one kind that wait to be sent, with one call for each way in which they are to be taken.
struct WaitingRecords {
  /// What goes in one call.
  struct Group {
    fileprivate(set) var items: [ImportItem] = []
    fileprivate(set) var rows: [Int] = []
    fileprivate let manner: ImportItem.Manner
  }

  /// The calls that they will be, in the order in which the first record of each came.
  private(set) var groups: [Group] = []
  private var places: [ImportItem.Manner: Int] = [:]
  private var keys: Set<String> = []
  private var count = 0

  /// What came of a record.
  enum Outcome {
    /// It waits.
    case appended
    /// It waits, and as many wait as fit into one call.
    case filled
    /// Not taken: another one that waits is the same record.
    case isRepeat
  }

  /// Takes a record, where it may go with the others.
  ///
  /// - Parameter keys: what tells it apart from others that wait.
  mutating func append(_ item: ImportItem, _ row: Int, _ keys: [String]) -> Outcome {
    if count == 0 { self.keys.reserveCapacity(ImportBatch.mostItems * max(1, keys.count)) }
    // One record may say the same twice.
    for (index, key) in keys.enumerated()
    where !self.keys.insert(key).inserted && !keys[..<index].contains(key) {
      return .isRepeat
    }
    let place = place(of: item.manner)
    groups[place].items.append(item)
    groups[place].rows.append(row)
    count += 1
    return count >= ImportBatch.mostItems ? .filled : .appended
  }

  private mutating func place(of manner: ImportItem.Manner) -> Int {
    if let last = groups.indices.last, groups[last].manner == manner { return last }
    if let place = places[manner] { return place }
    var group = Group(manner: manner)
    if groups.isEmpty {
      group.items.reserveCapacity(ImportBatch.mostItems)
      group.rows.reserveCapacity(ImportBatch.mostItems)
    }
    groups.append(group)
    places[manner] = groups.count - 1
    return groups.count - 1
  }
}
