/// Breaks text into lines that fit.
enum Wrap {
  /// Lines of at most `width` columns, broken at blanks; a word that is longer stands on a line of its own.
  static func lines(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for paragraph in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      var line = ""
      var used = 0
      for word in paragraph.split(separator: " ") {
        let length = TextWidth.of(word)
        if used > 0, used + 1 + length > width {
          lines.append(line)
          line = ""
          used = 0
        }
        if used > 0 {
          line += " "
          used += 1
        }
        line += word
        used += length
      }
      lines.append(line)
    }
    return lines
  }
}
