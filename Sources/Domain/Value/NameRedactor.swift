/// Takes people out of texts that leave the house: names that are known, and whatever looks like an e-mail address or a
/// phone number.
public struct NameRedactor: Sendable {
  /// Shorter words are left alone: they are parts of other words more often than names.
  static let shortestName = 3
  /// Digits from which on a run of digits, blanks and hyphens is taken for a phone number, where it begins with a plus or
  /// a zero: no value of a metric is written so.
  static let phoneDigits = 7

  private let names: [[Character]]
  private let replacement: String

  /// - Parameters:
  ///   - names: of people who are not to be named; longer ones are taken out first.
  ///   - allowed: of people who may be named: their words stay even where somebody else shares one.
  ///   - language: of what is put in place of a name.
  public init(names: [String], allowed: [String], language: SentenceLanguage) {
    let kept = Set(allowed.flatMap { Self.words($0) + [$0.lowercased()] })
    let wanted = Set(names.flatMap { name in [name.lowercased()] + Self.words(name) })
      .subtracting(kept).filter { $0.count >= Self.shortestName }
    self.names = wanted.sorted { ($1.count, $0) < ($0.count, $1) }.map { Array($0) }
    replacement = language.say("[name left out]", "[nimi poistettu]")
  }

  private static func words(_ name: String) -> [String] {
    name.lowercased().split { !$0.isLetter }.map(String.init)
  }

  /// - Returns: the text without them, and how many were taken out.
  public func clean(_ text: String) -> (text: String, removed: Int) {
    var result = ""
    var removed = 0
    let characters = Array(text)
    let lowered = characters.map { Character($0.lowercased().first.map(String.init) ?? String($0)) }
    var index = 0
    while index < characters.count {
      let isStart = index == 0 || !Self.isWord(characters[index - 1])
      if isStart, let length = match(lowered, at: index) {
        result += replacement
        removed += 1
        index += length
      } else {
        result.append(characters[index])
        index += 1
      }
    }
    return (result, removed)
  }

  private func match(_ text: [Character], at index: Int) -> Int? {
    if let length = Self.address(text, at: index) ?? Self.phone(text, at: index) { return length }
    for name in names where index + name.count <= text.count {
      let end = index + name.count
      guard text[index..<end].elementsEqual(name) else { continue }
      // A Finnish name takes endings ("Korhosella" is caught by its stem only where the stem is the name): a letter
      // behind the name still belongs to it.
      var tail = end
      while tail < text.count, text[tail].isLetter, tail - end < Self.longestEnding { tail += 1 }
      if tail < text.count, text[tail].isLetter { continue }
      return tail - index
    }
    return nil
  }

  /// Letters that a case ending and a suffix add at most ("Virtanenkin", "Virtaselleko").
  static let longestEnding = 6

  private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }

  private static func address(_ text: [Character], at index: Int) -> Int? {
    var end = index
    var at: Int?
    while end < text.count, isWord(text[end]) || "._-+@".contains(text[end]) {
      if text[end] == "@" { at = end }
      end += 1
    }
    guard let at, at > index, end > at + 1 else { return nil }
    while end > at, text[end - 1] == "." { end -= 1 }
    return end - index
  }

  private static func phone(_ text: [Character], at index: Int) -> Int? {
    guard text[index] == "+" || text[index] == "0" else { return nil }
    var end = index + 1
    var digits = text[index] == "0" ? 1 : 0
    while end < text.count, text[end].isNumber || " -()\u{A0}".contains(text[end]) {
      if text[end].isNumber { digits += 1 }
      end += 1
    }
    guard digits >= phoneDigits else { return nil }
    while end > index, !text[end - 1].isNumber { end -= 1 }
    return end - index
  }
}
