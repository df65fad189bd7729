/// The words of a search, as the words of a text are compared with them to show where it was found.
public struct AskedWords: Sendable {
  /// What a word of a text answers to: one of the words asked for, by its number.
  public enum Match: Sendable, Hashable {
    /// It is one of the terms that stand for the word.
    case whole(Int)
    /// It begins like the word, which was still being typed.
    case beginning(Int)

    var word: Int {
      switch self {
      case .whole(let word), .beginning(let word): word
      }
    }
  }

  private struct Asked: Sendable {
    var text: [UInt8]
    var word: Int
  }

  private var wholes: [Asked] = []
  private var beginnings: [Asked] = []

  /// Those that must be there.
  public init(_ search: SearchText) {
    let words = search.parts.filter { !$0.excluded }.flatMap(\.words)
    for (number, word) in words.enumerated() {
      wholes += word.alternatives.map { Asked(text: Array($0.utf8), word: number) }
      if word.isPrefix { beginnings.append(Asked(text: Array(word.folded.utf8), word: number)) }
    }
  }

  var isEmpty: Bool { wholes.isEmpty }

  /// What a term answers to by itself.
  ///
  /// - Parameter term: the UTF-8 bytes of a term that a word of a text was indexed by.
  public func match(term: UnsafeRawBufferPointer) -> Match? {
    for whole in wholes where whole.text.count == term.count && term.elementsEqual(whole.text) {
      return .whole(whole.word)
    }
    for beginning in beginnings where term.starts(with: beginning.text) { return .beginning(beginning.word) }
    return nil
  }

  /// What a word answers to by one of its terms: the first that is a whole word, or else one that begins like it.
  func match(terms: [String]) -> Match? {
    var found: Match?
    for term in terms {
      found = Self.better(found, match(term))
      if case .whole = found { break }
    }
    return found
  }

  /// What a word answers to by its terms or as it stands.
  ///
  /// - Parameters:
  ///   - word: folded.
  ///   - indexed: what its terms answer to.
  func match(word: String, indexed: Match?) -> Match? {
    if case .whole = indexed { return indexed }
    return Self.better(indexed, match(word))
  }

  /// The one that says more; the first of two that say as much.
  public static func better(_ one: Match?, _ other: Match?) -> Match? {
    switch (one, other) {
    case (.whole, _): one
    case (_, .whole): other
    default: one ?? other
    }
  }

  private func match(_ text: String) -> Match? {
    var text = text
    return text.withUTF8 { match(term: UnsafeRawBufferPointer($0)) }
  }
}
