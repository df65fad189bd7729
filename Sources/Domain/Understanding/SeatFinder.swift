/// Finds who at a customer sits where an answer does, by titles, roles and departments.
///
/// Each person's words are folded once, and each seat is looked for once: a customer has people by the hundred, and
/// several questions go to the same seat.
struct SeatFinder {
  private let people: [Askable]
  private lazy var titles = people.map { $0.words.map(FoldedTitle.init) }
  private var found: [QuestionTexts.Seat: Askable?] = [:]

  /// - Parameter people: in any order.
  init(_ people: [Askable]) { self.people = people.sorted { $0.contact < $1.contact } }

  /// The person who fits best; nil where none fits at all.
  mutating func best(for seat: QuestionTexts.Seat) -> Askable? {
    if let known = found[seat] { return known }
    let wanted = seat.words
    var best: (rank: Int, person: Askable)?
    for (person, titles) in zip(people, titles) {
      let rank = wanted.firstIndex { word in titles.contains { $0.fits(word) } }
      if let rank, rank < best?.rank ?? .max { best = (rank, person) }
    }
    found[seat] = best?.person
    return best?.person
  }
}

/// A title in lower case, as parts of it are looked for.
private struct FoldedTitle {
  /// So short a word must stand alone: "vd" is not in "avdelning".
  private static let shortBytes = 3

  private let text: String
  private let bytes: [UInt8]
  private let words: [Substring]
  /// Whether letters carry their marks themselves, so that equal texts are equal bytes.
  private let isComposed: Bool

  init(_ title: String) {
    text = title.lowercased()
    bytes = Array(text.utf8)
    words = text.split { !$0.isLetter }
    isComposed = !text.unicodeScalars.contains { (0x300...0x36F).contains($0.value) }
  }

  func fits(_ wanted: String) -> Bool {
    if wanted.utf8.count <= Self.shortBytes { return words.contains { $0 == wanted } }
    guard isComposed else { return text.contains(wanted) }
    let wanted = Array(wanted.utf8)
    guard let first = wanted.first, wanted.count <= bytes.count else { return false }
    return (0...bytes.count - wanted.count).contains { start in
      bytes[start] == first && bytes[start..<start + wanted.count].elementsEqual(wanted)
    }
  }
}
