/// The pieces of SVG that a picture is written with.
enum SVGText {
  /// Text that stands for itself in SVG; characters that XML cannot hold are left out.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result += " "
      case "\u{FFFE}", "\u{FFFF}": continue
      default: if scalar.value >= 0x20 { result.unicodeScalars.append(scalar) }
      }
    }
    return result
  }

  /// A length with one decimal, so that the same picture has the same bytes everywhere.
  static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let size = tenths.magnitude
    return size.isMultiple(of: 10) ? "\(sign)\(size / 10)" : "\(sign)\(size / 10).\(size % 10)"
  }

  /// Text cut to a width, with an ellipsis where something is missing. Fonts differ; what counts is that no text
  /// ever runs out of its box, so widths are taken on the wide side.
  ///
  /// - Parameters:
  ///   - width: in pixels.
  ///   - size: of the font, in pixels.
  static func fitted(_ text: String, _ width: Double, size: Double) -> String {
    var used = 0.0
    var kept = ""
    if self.width(text, size: size) <= width { return text }
    for character in text {
      used += self.width(character) * size
      if used > width - size { break }
      kept.append(character)
    }
    while kept.last == " " { kept.removeLast() }
    return kept + "…"
  }

  /// The width of a text in pixels, on the wide side.
  static func width(_ text: String, size: Double) -> Double { text.reduce(0) { $0 + width($1) } * size }

  /// The width of a character in the font's size: of all its parts beside each other, because a font that lacks a
  /// joined emoji draws the ones that it is made of.
  private static func width(_ character: Character) -> Double {
    character.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  /// The width of one part, as much as DejaVu Sans needs, which is among the widest, or its bold face at the size that
  /// bold text is measured with.
  private static func width(_ scalar: Unicode.Scalar) -> Double {
    if MapColumns.takesNoRoom(scalar) { return 0 }
    switch scalar.value {
    case 0x20..<0x250, 0x1E00..<0x1F00: return latin(scalar)
    case 0x370..<0x3D0: return scalar.properties.isUppercase ? 0.95 : 0.85
    case 0x400..<0x460: return cyrillic(scalar)
    case 0x1100..<0x1200, 0x2E80..<0xA4D0, 0xAC00..<0xD7B0, 0xF900..<0xFB00, 0xFE30..<0xFE70, 0xFF00..<0xFFF0:
      return 1.1
    default: return scalar.properties.isAlphabetic ? 1.3 : 1.65
    }
  }

  private static func latin(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case " ", "'", ",", ".", ":", ";", "/", "\\", "|", "I", "J", "i", "j", "l", "ì"..."ï", "Ì"..."Ï": 0.38
    case "!", "(", ")", "-", "[", "]", "f", "r", "t": 0.47
    case "c", "s", "z", "ç": 0.56
    case "a", "e", "k", "o", "v", "x", "y", "à"..."å", "è"..."ë", "ò"..."ö": 0.64
    case "B", "C", "E", "F", "K", "L", "P", "R", "S", "T", "V", "X", "Y", "Z", "A", "À"..."Å", "È"..."Ë": 0.73
    case "#", "+", "<", "=", ">", "^", "~", "&", "±", "¬", "×", "÷", "ħ", "µ": 0.85
    case "M", "m", "W", "w", "@", "%", "©", "®", "¼"..."¾", "Æ", "æ", "Ħ", "ŉ", "Œ", "œ", "Ŵ", "ŵ",
      "Ḿ"..."ṃ", "Ẁ"..."ẉ", "ẘ":
      1.1
    case "Ƃ"..."ƿ", "ǀ"..."ɏ": 1.45  // Digraphs such as ǆ among them.
    default: scalar.properties.isUppercase ? (scalar < "Ḁ" ? 0.8 : 0.92) : 0.67
    }
  }

  private static func cyrillic(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "Ж", "Ш", "Щ", "Ю", "Љ", "Њ": 1.25
    case "Ы", "М", "Ф", "ж", "ш", "щ", "ф", "ю", "љ", "њ": 1.05
    default: scalar.properties.isUppercase ? 0.9 : scalar == "ы" ? 0.85 : 0.77
    }
  }
}
