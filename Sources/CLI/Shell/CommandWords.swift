/// Splits a command line into words as shells do.
enum CommandWords {
  /// A quote that is opened and not closed.
  struct OpenQuote: Error {}

  /// The words: blanks part them, quotes of either kind and backslashes keep them together; `#` begins a comment.
  ///
  /// - Throws: ``OpenQuote``.
  static func split(_ line: String) throws(OpenQuote) -> [String] {
    var words: [String] = []
    var word = ""
    var hasWord = false
    var quote: Character?
    var isEscaped = false
    for character in line {
      if isEscaped {
        word.append(character)
        isEscaped = false
      } else if let open = quote {
        if character == open {
          quote = nil
        } else if character == "\\", open == "\"" {
          isEscaped = true
        } else {
          word.append(character)
        }
      } else if character == "\\" {
        isEscaped = true
        hasWord = true
      } else if character == "'" || character == "\"" {
        quote = character
        hasWord = true
      } else if character == " " || character == "\t" {
        if hasWord { words.append(word) }
        word = ""
        hasWord = false
      } else if character == "#", !hasWord {
        break
      } else {
        word.append(character)
        hasWord = true
      }
    }
    guard quote == nil, !isEscaped else { throw OpenQuote() }
    if hasWord { words.append(word) }
    return words
  }

  /// A word as it must be typed to stay one.
  static func quoted(_ word: String) -> String {
    let isPlain = !word.isEmpty && word.allSatisfy { $0.isLetter || $0.isNumber || "._-/:@=,+".contains($0) }
    return isPlain
      ? word
      : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
