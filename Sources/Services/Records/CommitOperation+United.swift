import Store

extension CommitOperation {
  /// Whether it writes nothing.
  var isCheck: Bool { if case .check = self { true } else { false } }
}

extension [CommitOperation] {
  /// The same with no record named twice, as a commit asks: what is written needs no check, and what is written twice (a
  /// record that follows from two others) is written as the last says, where the first expects it to be.
  func united() -> [CommitOperation] {
    var places: [RecordKey: Int] = [:]
    places.reserveCapacity(count)
    var united: [CommitOperation] = []
    united.reserveCapacity(count)
    for operation in self {
      guard let place = places[operation.key] else {
        places[operation.key] = united.count
        united.append(operation)
        continue
      }
      switch (united[place], operation) {
      case (_, .check): break
      case (.check, _): united[place] = operation
      case (let first, .put(let key, let body, _)):
        united[place] = .put(key, body: body, expecting: first.expectation)
      case (_, let last): united[place] = last
      }
    }
    return united
  }
}
