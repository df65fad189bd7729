internal import Terminal

/// Sentences that readers of files, checks of values and the server write in English, in the language asked for.
///
/// They are made where no language is known, and say the same to programs and in problem files of either language; one
/// table has them all in Finnish. A sentence that is not in it stays English.
enum Sentences {
  /// A sentence with holes, `{}`, or `{#}` for a figure, and the same in Finnish, where `{1}` is what stands in the first
  /// hole.
  typealias Entry = (english: String, finnish: String)

  /// Sentences inside sentences inside sentences: deeper ones stay as they are.
  private static let deepest = 4

  private static let patterns: [SentencePattern] =
    (findingsInFinnish + placesInFinnish + mappingsInFinnish + rowsInFinnish + valuesInFinnish
    + formatsInFinnish)
    .map { SentencePattern($0.english, $0.finnish) }
  private static let frames: [SentencePattern] = framesInFinnish.map {
    SentencePattern($0.english, $0.finnish)
  }

  /// The sentence in a language.
  static func told(_ sentence: String, in language: Language) -> String {
    language == .finnish ? finnish(sentence, depth: 0) ?? sentence : sentence
  }

  /// The sentence in Finnish; nil where the table does not have it.
  static func finnish(_ sentence: String) -> String? { finnish(sentence, depth: 0) }

  private static func finnish(_ sentence: String, depth: Int) -> String? {
    guard depth < deepest else { return nil }
    if let told = behindPath(sentence, depth) { return told }
    for pattern in patterns {
      guard let holes = pattern.holes(in: sentence) else { continue }
      return pattern.filled(holes.map { finnish($0, depth: depth + 1) ?? $0 })
    }
    // A frame has no words of its own: it counts only around a sentence that the table has.
    for frame in frames {
      guard let holes = frame.holes(in: sentence) else { continue }
      let told = holes.map { finnish($0, depth: depth + 1) }
      if told.contains(where: { $0 != nil }) { return frame.filled(zip(told, holes).map { $0 ?? $1 }) }
    }
    return nil
  }

  /// `identifiers[0].value: …`: the path of a field, and what is wrong with it.
  private static func behindPath(_ sentence: String, _ depth: Int) -> String? {
    guard let colon = sentence.firstRange(of: ": "), !sentence[..<colon.lowerBound].contains(" ") else {
      return nil
    }
    return finnish(String(sentence[colon.upperBound...]), depth: depth + 1).map {
      sentence[..<colon.upperBound] + $0
    }
  }

  /// What a field of a request breaks: as the table of refusals has it, or the sentence itself, else the rule by its
  /// name with the server's English sentence behind it.
  ///
  /// - Parameter field: the path of the field.
  static func violation(_ sentence: String, reason: String, field: String = "", in language: Language)
    -> String
  {
    guard language == .finnish else { return sentence }
    if let told = Refusal.finnish(sentence, reason: reason, field: field) ?? finnish(sentence) { return told }
    return rulesInFinnish[reason].map { "\($0) (\(sentence))" } ?? sentence
  }
}

/// A sentence with holes, matched against whole sentences.
struct SentencePattern {
  private let parts: [String]
  /// Places of the holes where only a figure fits: `{#}`, so that words with another sense are not taken for it.
  private let figures: [Int]
  private let finnish: String

  init(_ english: String, _ finnish: String) {
    var (parts, figures) = ([String](), [Int]())
    for (index, piece) in english.split(separator: "{#}", omittingEmptySubsequences: false).enumerated() {
      if index > 0 { figures.append(parts.count - 1) }
      parts += piece.split(separator: "{}", omittingEmptySubsequences: false).map(String.init)
    }
    (self.parts, self.figures) = (parts, figures)
    self.finnish = finnish
  }

  /// What stands in the holes of a sentence; nil for another sentence.
  func holes(in sentence: String) -> [String]? {
    guard let first = parts.first, let last = parts.last, sentence.hasPrefix(first) else { return nil }
    guard parts.count > 1 else { return sentence == first ? [] : nil }
    guard sentence.utf8.count >= first.utf8.count + last.utf8.count, sentence.hasSuffix(last) else {
      return nil
    }
    var rest = sentence.dropFirst(first.count)
    guard rest.hasSuffix(last) else { return nil }
    rest = rest.dropLast(last.count)
    var holes: [String] = []
    for part in parts.dropFirst().dropLast() {
      guard let place = rest.firstRange(of: part) else { return nil }
      holes.append(String(rest[..<place.lowerBound]))
      rest = rest[place.upperBound...]
    }
    holes.append(String(rest))
    guard !holes.contains(where: \.isEmpty), figures.allSatisfy({ Self.isFigure(holes[$0]) }) else {
      return nil
    }
    return holes
  }

  /// Whether a text is a number, a day or a moment, perhaps with a unit of one letter: `0.5`, `2199-12-31`, `60 s`.
  private static func isFigure(_ text: String) -> Bool {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard let number = words.first, words.count <= 2, words.dropFirst().allSatisfy({ $0.count == 1 }) else {
      return false
    }
    return number.contains(where: \.isNumber)
      && number.allSatisfy { $0.isNumber || "+-−.,:TZeE%".contains($0) }
  }

  /// The sentence in Finnish with the holes filled.
  func filled(_ holes: [String]) -> String {
    var text = ""
    var rest = finnish[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      text += rest[..<open]
      let place = Int(rest[rest.index(after: open)..<close]) ?? 0
      text += holes.indices.contains(place - 1) ? holes[place - 1] : ""
      rest = rest[rest.index(after: close)...]
    }
    return text + rest
  }
}
