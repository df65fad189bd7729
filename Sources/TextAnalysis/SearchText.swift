/// What somebody typed into a search field, taken apart.
///
/// All words must be there, in any order; words in double quotes must follow each other; a word after a minus
/// must not be there; the last word may still be being typed.
public struct SearchText: Sendable, Hashable {
  /// A word or a phrase that is asked for.
  public struct Part: Sendable, Hashable {
    /// The words, one for a plain word; those of a phrase follow each other in the text.
    public var words: [Word]
    /// The part must not be there.
    public var excluded: Bool
  }

  /// One word that is asked for.
  public struct Word: Sendable, Hashable {
    /// As it was typed, folded.
    public var folded: String
    /// The terms it may be stored under: any of them will do. Never empty.
    public var alternatives: [String]
    /// It may be only the beginning of a word.
    public var isPrefix: Bool
  }

  /// The parts, in the order they were typed.
  public var parts: [Part]
  /// Words that were left out because there were more than ``wordLimit``.
  public var ignoredWords: Int

  /// Words that are looked for at most. Nobody types so many; a pasted paragraph is cut here, and says so.
  public static let wordLimit = 12
}

extension TextAnalyser {
  /// Takes apart what somebody typed.
  ///
  /// - Parameters:
  ///   - text: any text.
  ///   - typing: the text is still being typed: its last word, where nothing follows it, may be a beginning.
  public func searchText(_ text: String, typing: Bool = false) -> SearchText {
    var result = SearchText(parts: [], ignoredWords: 0)
    var words = 0
    let segments = Self.segments(of: text)
    for segment in segments {
      var found: [SearchText.Word] = []
      let tokens = Tokeniser.tokens(in: segment.text)
      for (index, token) in tokens.enumerated() {
        guard words < SearchText.wordLimit else {
          result.ignoredWords += 1
          continue
        }
        words += 1
        let isLast =
          index == tokens.count - 1 && segment.isLast && token.range.upperBound == segment.text.utf8.count
        found.append(
          SearchText.Word(
            folded: token.folded, alternatives: queryTerms(of: token),
            isPrefix: typing && isLast && !segment.isPhrase && !segment.excluded))
      }
      if segment.isPhrase || segment.excluded {
        if !found.isEmpty { result.parts.append(.init(words: found, excluded: segment.excluded)) }
      } else {
        result.parts += found.map { .init(words: [$0], excluded: false) }
      }
    }
    return result
  }

  private struct Segment {
    var text: String
    var isPhrase: Bool
    var excluded: Bool
    var isLast: Bool
  }

  /// Cuts at double quotes, and takes a minus before a word or a quote as *without*.
  private static func segments(of text: String) -> [Segment] {
    var segments: [Segment] = []
    var current = ""
    var quoted = false
    var excluded = false
    func close() {
      guard !current.isEmpty else { return }
      segments.append(Segment(text: current, isPhrase: quoted, excluded: excluded, isLast: false))
      current = ""
    }
    var previous: Character = " "
    for character in text {
      switch character {
      case "\"", "\u{201C}", "\u{201D}":
        close()
        if quoted { excluded = false }
        quoted.toggle()
      case "-" where !quoted && previous.isWhitespace:
        close()
        excluded = true
      case _ where excluded && !quoted && character.isWhitespace:
        close()
        excluded = false
      default:
        current.append(character)
      }
      previous = character
    }
    close()
    if !segments.isEmpty { segments[segments.count - 1].isLast = true }
    return segments
  }
}
