internal import Terminal

/// Sentences that readers of files, checks of values and the server write in English, in the language asked for.
///
/// They are made where no language is known, and say the same to programs and in problem files of either language; one
/// table has them all in Finnish. A sentence that is not in it stays English.
enum Sentences {
  /// A sentence with holes, `{}`, and the same in Finnish, where `{1}` is what stands in the first hole.
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

  /// What a field of a request breaks: the sentence itself where the table has it, else the rule by its name with the
  /// server's English sentence behind it.
  static func violation(_ sentence: String, reason: String, in language: Language) -> String {
    guard language == .finnish else { return sentence }
    if let told = finnish(sentence) { return told }
    return rulesInFinnish[reason].map { "\($0) (\(sentence))" } ?? sentence
  }
}

/// A sentence with holes, matched against whole sentences.
struct SentencePattern {
  private let parts: [String]
  private let finnish: String

  init(_ english: String, _ finnish: String) {
    parts = english.split(separator: "{}", omittingEmptySubsequences: false).map(String.init)
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
    return holes.contains { $0.isEmpty } ? nil : holes
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
