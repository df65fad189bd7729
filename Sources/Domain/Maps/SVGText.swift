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

  /// The width of a character in the font's size.
  private static func width(_ character: Character) -> Double {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x1100...0x11FF, 0x2E80...0xD7AF, 0xF900...0xFAFF, 0xFF00...0xFF60, 0x1F000...0x3FFFF: return 1.05
    case 0x4D, 0x57, 0x6D, 0x77, 0x40: return 0.95  // M W m w @
    case 0x49, 0x4A, 0x66, 0x69, 0x6A, 0x6C, 0x72, 0x74, 0x20...0x2F, 0x3A, 0x3B: return 0.42
    case 0x41...0x5A, 0xC0...0xDE: return 0.75
    default: return 0.64
    }
  }
}
