internal import TextAnalysis

/// What the words of a document answer to in a search, by the terms that it was put into the index with. They are kept
/// beside the index (see ``DocumentTerms/kept``), so that nothing has to be analysed again to show where a document was
/// found: that was half of what a search took.
struct KeptMatches {
  /// By column and field: of each word in order.
  private var fields: [[[AskedWords.Match?]]] = [[[]]]
  /// How many fields of each column have been given.
  private var given: [Int] = []

  /// - Parameters:
  ///   - bytes: as ``DocumentTerms/kept`` wrote them.
  ///   - asked: what was searched for.
  init(kept bytes: UnsafeRawBufferPointer, _ asked: AskedWords) {
    var start = 0
    for position in bytes.indices {
      switch bytes[position] {
      case SearchExtension.Mark.blank:
        add(UnsafeRawBufferPointer(rebasing: bytes[start..<position]), asked)
        start = position + 1
      case SearchTerm.columnMark:
        fields.append([[]])
        start = position + 1
      default: break
      }
    }
    given = fields.map { _ in 0 }
  }

  private mutating func add(_ token: UnsafeRawBufferPointer, _ asked: AskedWords) {
    let column = fields.count - 1
    guard let first = token.first else { return }
    if first == SearchExtension.Mark.prefix { return fields[column].append([]) }
    let field = fields[column].count - 1
    guard first == SearchExtension.Mark.colocated else {
      return fields[column][field].append(asked.match(term: token))
    }
    let term = UnsafeRawBufferPointer(rebasing: token.dropFirst())
    // What is said of the document as a whole stands at the place of its last word, and is none of its terms.
    let word = fields[column][field].count - 1
    guard word >= 0, let mark = term.first, mark >= SearchExtension.Mark.blank,
      term.last != SearchTerm.strongMark
    else { return }
    fields[column][field][word] = AskedWords.better(fields[column][field][word], asked.match(term: term))
  }

  /// Of the next field that has words and is in a column; fields are asked for in the order of the document.
  mutating func next(inColumn column: Int) -> [AskedWords.Match?]? {
    guard column < fields.count, given[column] < fields[column].count else { return nil }
    defer { given[column] += 1 }
    return fields[column][given[column]]
  }
}
