/// Records of one kind that wait to be sent in one call.
struct WaitingRecords {
  private(set) var items: [ImportItem] = []
  private(set) var rows: [Int] = []
  private var keys: Set<String> = []

  /// What came of a record.
  enum Outcome {
    /// It waits.
    case appended
    /// It waits, and no more fit into one call.
    case filled
    /// Not taken: another one that waits is the same record.
    case isRepeat
    /// Not taken: the others are to be taken in another way.
    case isTakenOtherwise
  }

  /// Takes a record, where it may go with the others.
  ///
  /// - Parameter keys: what tells it apart from others in one call.
  mutating func append(_ item: ImportItem, _ row: Int, _ keys: [String]) -> Outcome {
    if let first = items.first, first.newRecords != item.newRecords { return .isTakenOtherwise }
    if items.isEmpty {
      items.reserveCapacity(ImportBatch.mostItems)
      rows.reserveCapacity(ImportBatch.mostItems)
      self.keys.reserveCapacity(ImportBatch.mostItems * max(1, keys.count))
    }
    // One record may say the same twice.
    for (index, key) in keys.enumerated()
    where !self.keys.insert(key).inserted && !keys[..<index].contains(key) {
      return .isRepeat
    }
    items.append(item)
    rows.append(row)
    return items.count >= ImportBatch.mostItems ? .filled : .appended
  }
}
