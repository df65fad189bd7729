/// How many columns of a terminal a drawing's text takes, by Unicode's East Asian Width (UAX #11).
///
/// The client's terminal measures in the same way; `MapColumnsTests` compares the two.
enum MapColumns {
  /// The columns of a text on one line.
  static func of(_ text: String) -> Int { text.reduce(0) { $0 + of($1) } }

  /// The columns of a character: as many as its widest part, for terminals draw it in one place.
  static func of(_ character: Character) -> Int {
    var width = 0
    for scalar in character.unicodeScalars {
      if scalar == "\u{FE0F}" { return 2 }  // Asks for the emoji of the sign before it.
      width = max(width, of(scalar))
    }
    return width
  }

  private static func of(_ scalar: Unicode.Scalar) -> Int {
    guard scalar.value >= 0x300 else {
      return scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || scalar.value == 0xAD ? 0 : 1
    }
    if takesNoRoom(scalar) { return 0 }
    return isWide(scalar.value) || scalar.properties.isEmojiPresentation ? 2 : 1
  }

  /// Whether it is drawn into the character before it, or not at all.
  static func takesNoRoom(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: true
    // Vowels and final consonants of Hangul join the letter before them.
    default: (0x1160...0x11FF).contains(scalar.value)
    }
  }

  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1B000...0x1B2FF, 0x1F1E6...0x1F1FF,
      0x20000...0x3FFFD:
      true
    default: false
    }
  }

  /// The longest beginning of a text that fits, with an ellipsis where something is missing.
  ///
  /// - Parameter width: in columns, at least one.
  static func cut(_ text: String, to width: Int) -> String {
    guard of(text) > width else { return text }
    var kept = ""
    var used = 1
    for character in text {
      used += of(character)
      if used > width { break }
      kept.append(character)
    }
    while kept.last == " " { kept.removeLast() }
    return kept + "…"
  }

  /// Pieces in lines that fit, as many in each as there is room for.
  static func lines(of pieces: [String], gap: String, width: Int) -> [String] {
    var lines: [String] = []
    for piece in pieces {
      if let last = lines.last, of(last + gap + piece) <= width {
        lines[lines.count - 1] = last + gap + piece
      } else {
        lines.append(cut(piece, to: width))
      }
    }
    return lines
  }

  /// Pieces on one line, and how many there was no room for: "a, b, … +20". The first is always shown.
  static func list(_ pieces: [String], width: Int) -> String {
    var list = ""
    for (place, piece) in pieces.enumerated() {
      let rest = pieces.count - place - 1
      let next = place == 0 ? piece : ", " + piece
      guard of(list + next + more(rest)) <= width else {
        if place > 0 { return list + more(rest + 1) }
        return cut(piece, to: max(1, width - of(more(rest)))) + more(rest)
      }
      list += next
    }
    return list
  }

  private static func more(_ count: Int) -> String { count == 0 ? "" : ", … +\(count)" }
}
