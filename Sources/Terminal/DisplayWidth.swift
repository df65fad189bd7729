/// How many columns of a terminal a text takes.
///
/// By Unicode's East Asian Width (UAX #11): wide and full-width characters and emoji take two columns, combining
/// marks and joiners none. A grapheme cluster is as wide as its widest part, because terminals draw it in one place.
public enum DisplayWidth {
  /// The columns a text takes on one line.
  public static func of(_ text: some StringProtocol) -> Int {
    // Nearly all text is printable ASCII: a byte is a column.
    if text.utf8.allSatisfy({ $0 &- 0x20 < 0x5F }) { return text.utf8.count }
    return text.reduce(0) { $0 + of($1) }
  }

  /// The columns a character takes: 0, 1 or 2.
  public static func of(_ character: Character) -> Int {
    var width = 0
    for scalar in character.unicodeScalars {
      if scalar.value == 0xFE0F { return 2 }
      width = max(width, of(scalar))
    }
    return width
  }

  private static func of(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 { return value < 0x20 || (0x7F..<0xA0).contains(value) || value == 0xAD ? 0 : 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    // Vowels and final consonants of Hangul join the letter before them.
    if (0x1160...0x11FF).contains(value) { return 0 }
    return isWide(value) || scalar.properties.isEmojiPresentation ? 2 : 1
  }

  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
      0x1B000...0x1B2FF, 0x1F1E6...0x1F1FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }

  /// The longest beginning of a text that fits, with an ellipsis if something had to go.
  ///
  /// - Parameter width: in columns; nothing is returned for less than one.
  public static func truncated(_ text: String, to width: Int) -> String {
    guard width > 0 else { return "" }
    guard of(text) > width else { return text }
    var result = ""
    var used = 0
    for character in text {
      let next = of(character)
      if used + next > width - 1 { break }
      result.append(character)
      used += next
    }
    return result + "…"
  }

  /// A text filled with blanks to a width; longer texts stay as they are.
  public static func padded(_ text: String, to width: Int, alignedRight: Bool = false) -> String {
    let missing = width - of(text)
    guard missing > 0 else { return text }
    let blanks = String(repeating: " ", count: missing)
    return alignedRight ? blanks + text : text + blanks
  }

  /// A text in lines that fit, broken at blanks, and inside words that are longer than a line.
  ///
  /// - Parameter width: in columns, at least one.
  public static func wrapped(_ text: String, to width: Int) -> [String] {
    let width = max(1, width)
    var lines: [String] = []
    for paragraph in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      var line = ""
      var used = 0
      for word in paragraph.split(separator: " ") {
        let needed = of(word)
        if used > 0, used + 1 + needed > width {
          lines.append(line)
          line = ""
          used = 0
        }
        if used > 0 {
          line += " "
          used += 1
        }
        guard needed > width - used else {
          line += word
          used += needed
          continue
        }
        for character in word {
          let columns = of(character)
          if used + columns > width, used > 0 {
            lines.append(line)
            line = ""
            used = 0
          }
          line.append(character)
          used += columns
        }
      }
      lines.append(line)
    }
    return lines
  }

  /// A text that cannot steer the terminal: control characters and marks that turn the reading direction become
  /// visible; line breaks and tabs become blanks unless they are asked for.
  public static func harmless(_ text: String, keepingLines: Bool = false) -> String {
    func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.value {
      case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0x2028, 0x2029: true
      default: false
      }
    }
    guard text.unicodeScalars.contains(where: isHarmful) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A where keepingLines: result.append(scalar)
      case 0x09, 0x0A, 0x0D, 0x2028, 0x2029: result.append(" ")
      default: result.append(isHarmful(scalar) ? "\u{FFFD}" : scalar)
      }
    }
    return String(result)
  }
}
