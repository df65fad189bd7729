/// The part of a text that shows why it was found, with the found words marked.
public struct Snippet: Sendable, Hashable {
  /// The excerpt; an ellipsis stands where text was left out before or after it. Line breaks have become
  /// blanks.
  public var text: String
  /// The found words: ranges of UTF-8 offsets in ``text``, ascending, not overlapping.
  public var highlights: [Range<Int>]

  /// A snippet of text and marks.
  public init(text: String, highlights: [Range<Int>]) {
    self.text = text
    self.highlights = highlights
  }

  /// The excerpt with the found words between « and ».
  public var marked: String {
    let bytes = Array(text.utf8)
    var out: [UInt8] = []
    var position = 0
    for range in highlights where range.lowerBound >= position && range.upperBound <= bytes.count {
      out += bytes[position..<range.lowerBound]
      out += Array("«".utf8)
      out += bytes[range]
      out += Array("»".utf8)
      position = range.upperBound
    }
    out += bytes[position...]
    return String(decoding: out, as: UTF8.self)
  }
}

extension TextAnalyser {
  // UTF-8 bytes of an excerpt: two lines of a list on a screen.
  private static let snippetLength = 160
  // Bytes after the last word that are shown rather than replaced by an ellipsis: a full stop, a bracket.
  private static let closingLength = 4
  // Words before the first hit that give it its context.
  private static let leadingWords = 6

  /// Shows where a text holds what was asked for.
  ///
  /// - Parameters:
  ///   - text: the original text of the field.
  ///   - asked: what was asked for.
  ///   - language: the language the field was indexed with; `nil` where it was found from the text.
  ///   - verbatim: the field holds names.
  /// - Returns: the excerpt with the most different words that were asked for; `nil` where the text holds
  ///   none.
  public func snippet(
    of text: String, for asked: AskedWords, language: Language? = nil, verbatim: Bool = false
  ) -> Snippet? {
    if asked.isEmpty { return nil }
    let words = words(of: text, language: language, verbatim: verbatim)
    let matches = words.map { asked.match(word: $0.folded, indexed: asked.match(terms: $0.terms)) }
    return Self.snippet(of: text, words.map(\.range), matches)
  }

  /// Shows where a text holds what was asked for, without analysing it again.
  ///
  /// - Parameters:
  ///   - tokens: of the text, all of them.
  ///   - indexed: what the terms that each of them was indexed by answer to; as many as there are tokens, or more.
  public static func snippet(
    of text: String, _ tokens: [Token], for asked: AskedWords, indexed: [AskedWords.Match?]
  ) -> Snippet? {
    let matches = zip(tokens, indexed).map { asked.match(word: $0.folded, indexed: $1) }
    return snippet(of: text, tokens.map(\.range), matches)
  }

  /// - Parameters:
  ///   - words: where the text's words stand.
  ///   - matches: what each of them answers to.
  private static func snippet(of text: String, _ words: [Range<Int>], _ matches: [AskedWords.Match?])
    -> Snippet?
  {
    let hits = matches.enumerated().compactMap { place, match in match.map { (place, $0.word) } }
    return hits.isEmpty ? nil : excerpt(of: text, words, hits)
  }

  private static func excerpt(of text: String, _ words: [Range<Int>], _ hits: [(place: Int, word: Int)])
    -> Snippet
  {
    var bytes = Array(text.utf8)
    let window = bounded(bestWindow(words, hits), bytes)
    for index in bytes.indices where bytes[index] < 0x20 { bytes[index] = 0x20 }
    let lead = "… "
    let start = window.lowerBound
    let offset = start > 0 ? lead.utf8.count : 0
    var excerpt = start > 0 ? Array(lead.utf8) : []
    excerpt += bytes[window]
    if window.upperBound < bytes.count { excerpt += Array(" …".utf8) }
    let highlights = hits.map { words[$0.place].clamped(to: window) }
      .filter { !$0.isEmpty }
      .map { ($0.lowerBound - start + offset)..<($0.upperBound - start + offset) }
    return Snippet(text: String(decoding: excerpt, as: UTF8.self), highlights: highlights)
  }

  /// The window without its end where one endless word made it long, and with the full stop that ends the
  /// text.
  private static func bounded(_ window: Range<Int>, _ bytes: [UInt8]) -> Range<Int> {
    var end = window.upperBound
    if bytes.count - end <= closingLength {
      end = bytes.count
    } else if window.count > 2 * snippetLength {
      end = window.lowerBound + 2 * snippetLength
      while end > window.lowerBound, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    }
    return window.lowerBound..<end
  }

  /// The bytes of the text to show: whole words, with the most different hits in them, the first such
  /// stretch.
  private static func bestWindow(_ words: [Range<Int>], _ hits: [(place: Int, word: Int)]) -> Range<Int> {
    let end = words.last?.upperBound ?? 0
    var best = (start: 0, different: -1)
    for (index, hit) in hits.enumerated() {
      let begin = words[hit.place].lowerBound
      var seen: Set<Int> = []
      for later in hits[index...] where words[later.place].upperBound - begin <= snippetLength * 3 / 4 {
        seen.insert(later.word)
      }
      if seen.count > best.different { best = (hit.place, seen.count) }
    }
    let first = max(0, best.start - leadingWords)
    var start = first == 0 ? 0 : words[first].lowerBound
    // Words before the hit give way where they are so long that the hit would not fit.
    if words[best.start].upperBound - start > snippetLength {
      start = words[best.start].lowerBound
    }
    var last = best.start
    while last + 1 < words.count, words[last + 1].upperBound - start <= snippetLength { last += 1 }
    if last == words.count - 1, first > 0 {
      // Room is left at the end: show more of what comes before.
      var earlier = first
      while earlier > 0, end - words[earlier - 1].lowerBound <= snippetLength { earlier -= 1 }
      start = min(start, earlier == 0 ? 0 : words[earlier].lowerBound)
    }
    return start..<words[last].upperBound
  }
}
