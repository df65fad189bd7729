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
  ///   - search: what was asked for.
  ///   - language: the language the field was indexed with; `nil` where it was found from the text.
  ///   - verbatim: the field holds names.
  /// - Returns: the excerpt with the most different words that were asked for; `nil` where the text holds
  ///   none.
  public func snippet(
    of text: String, for search: SearchText, language: Language? = nil, verbatim: Bool = false
  ) -> Snippet? {
    var asked: [String: Int] = [:]
    var beginnings: [(String, Int)] = []
    var number = 0
    for part in search.parts where !part.excluded {
      for word in part.words {
        for term in word.alternatives { asked[term] = number }
        if word.isPrefix { beginnings.append((word.folded, number)) }
        number += 1
      }
    }
    guard number > 0 else { return nil }
    let words = words(of: text, language: language, verbatim: verbatim)
    var hits: [(place: Int, word: Int)] = []
    for (place, word) in words.enumerated() {
      if let hit = word.terms.lazy.compactMap({ asked[$0] }).first ?? asked[word.folded] {
        hits.append((place, hit))
      } else if let hit = beginnings.first(where: { beginning in
        word.folded.hasPrefix(beginning.0) || word.terms.contains { $0.hasPrefix(beginning.0) }
      }) {
        hits.append((place, hit.1))
      }
    }
    guard !hits.isEmpty else { return nil }
    return Self.excerpt(of: text, words, hits)
  }

  private static func excerpt(of text: String, _ words: [AnalysedWord], _ hits: [(place: Int, word: Int)])
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
    let highlights = hits.map { words[$0.place].range.clamped(to: window) }
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
  private static func bestWindow(_ words: [AnalysedWord], _ hits: [(place: Int, word: Int)]) -> Range<Int> {
    let end = words.last?.range.upperBound ?? 0
    var best = (start: 0, different: -1)
    for (index, hit) in hits.enumerated() {
      let begin = words[hit.place].range.lowerBound
      var seen: Set<Int> = []
      for later in hits[index...] where words[later.place].range.upperBound - begin <= snippetLength * 3 / 4 {
        seen.insert(later.word)
      }
      if seen.count > best.different { best = (hit.place, seen.count) }
    }
    let first = max(0, best.start - leadingWords)
    var start = first == 0 ? 0 : words[first].range.lowerBound
    // Words before the hit give way where they are so long that the hit would not fit.
    if words[best.start].range.upperBound - start > snippetLength {
      start = words[best.start].range.lowerBound
    }
    var last = best.start
    while last + 1 < words.count, words[last + 1].range.upperBound - start <= snippetLength { last += 1 }
    if last == words.count - 1, first > 0 {
      // Room is left at the end: show more of what comes before.
      var earlier = first
      while earlier > 0, end - words[earlier - 1].range.lowerBound <= snippetLength { earlier -= 1 }
      start = min(start, earlier == 0 ? 0 : words[earlier].range.lowerBound)
    }
    return start..<words[last].range.upperBound
  }
}
