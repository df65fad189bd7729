/// A document that matches, and why it stands where it stands.
struct ScoredDocument {
  var document: DocumentNumber
  var relevance: Double
  var recency: Double
  var confidence: Double

  var score: Double { relevance * recency * confidence }

  /// Whether it comes before another: the better score, then the newer.
  func precedes(_ other: ScoredDocument) -> Bool {
    score != other.score ? score > other.score : document.rawValue < other.document.rawValue
  }
}

/// The best documents seen so far: a heap with the worst of them on top.
struct TopDocuments {
  private let limit: Int
  private var heap: [ScoredDocument] = []
  // What is in the heap, since a later pass finds again what an earlier one found.
  private var members: Set<DocumentNumber> = []

  init(limit: Int) { self.limit = max(1, limit) }

  /// The score that a document must reach to be among them; nil while there is room.
  var threshold: Double? { heap.count < limit ? nil : heap[0].score }

  mutating func take(_ candidate: ScoredDocument) {
    if heap.count == limit {
      guard candidate.precedes(heap[0]), !members.contains(candidate.document) else { return }
      members.remove(heap[0].document)
      heap[0] = candidate
      siftDown()
    } else {
      guard !members.contains(candidate.document) else { return }
      heap.append(candidate)
      siftUp()
    }
    members.insert(candidate.document)
  }

  /// The best first.
  var ordered: [ScoredDocument] { heap.sorted { $0.precedes($1) } }

  private mutating func siftUp() {
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[parent].precedes(heap[child]) else { return }
      heap.swapAt(parent, child)
      child = parent
    }
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var worst = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[worst].precedes(heap[child]) {
        worst = child
      }
      guard worst != parent else { return }
      heap.swapAt(parent, worst)
      parent = worst
    }
  }
}
