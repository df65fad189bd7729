/// Makes spellings that a searcher does not tell apart the same: case, and every diacritic but the ones that
/// make *å*, *ä* and *ö* letters of their own.
///
/// What folds to what:
/// - upper case to lower case; `ß` to `ss`, `œ` to `oe`, `þ` to `th`, `ð` and `đ` to `d`, `ł` to `l`, `ı` to
///   `i`;
/// - a letter with a diacritic to the letter (`é` to `e`, `ü` to `u`, `š` to `s`), composed or decomposed
///   alike;
/// - `å`, `ä` and `ö` stay: in Finnish and Swedish *saari* and *sääri* are different words. The Danish and
///   Norwegian `æ` and `ø` become `ä` and `ö`, which is how a Finn or a Swede types them;
/// - full-width Latin letters and digits to the ordinary ones; soft hyphens and zero-width characters vanish.
///
/// ``plain(_:)`` goes on to fold å ä ö to a a o: for people who type *Hameenlinna*.
public enum Folding {
  /// The folded form of a text: lower case, without diacritics other than those of å ä ö.
  ///
  /// - Parameter text: any text.
  /// - Returns: never longer than three times the UTF-8 length of `text`; folding it again changes nothing.
  public static func fold(_ text: String) -> String {
    var text = text
    if let folded = text.withUTF8({ foldASCII($0) }) { return folded }
    var out: [UInt8] = []
    out.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars { append(scalar, to: &out) }
    return String(decoding: out, as: UTF8.self)
  }

  /// The folded form without å, ä and ö either.
  ///
  /// - Parameter text: any text; it is folded first.
  public static func plain(_ text: String) -> String {
    let folded = fold(text)
    guard folded.utf8.contains(0xC3) else { return folded }
    var result = String.UnicodeScalarView()
    for scalar in folded.unicodeScalars {
      switch scalar {
      case "å", "ä": result.append("a")
      case "ö": result.append("o")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// Appends the folded form of one scalar as UTF-8, given what has been folded before it: a combining mark
  /// changes the letter before it (`a` and U+0308 become `ä`) or vanishes.
  static func append(_ scalar: Unicode.Scalar, to out: inout [UInt8]) {
    let value = scalar.value
    if value < 0x80 {
      let byte = UInt8(truncatingIfNeeded: value)
      out.append(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
      return
    }
    if let folded = FoldingTable.shared.folded(value) {
      out.append(contentsOf: folded)
      return
    }
    switch value {
    case 0x0300...0x036F:
      compose(value, into: &out)
    case 0x00AD, 0x200B...0x200F, 0x2060, 0xFEFF:
      break
    case 0xFF01...0xFF5E:
      if let ascii = Unicode.Scalar(value - 0xFEE0) { append(ascii, to: &out) }
    default:
      // Vowel points of Hebrew and Arabic and the like: a searcher leaves them out.
      if scalar.properties.generalCategory == .nonspacingMark { return }
      out.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
    }
  }

  private static func compose(_ mark: UInt32, into out: inout [UInt8]) {
    switch (out.last, mark) {
    case (0x61, 0x0308): out.replaceLast(with: [0xC3, 0xA4])  // ä
    case (0x6F, 0x0308): out.replaceLast(with: [0xC3, 0xB6])  // ö
    case (0x61, 0x030A): out.replaceLast(with: [0xC3, 0xA5])  // å
    default: break
    }
  }

  private static func foldASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
    return String(unsafeUninitializedCapacity: bytes.count) { target in
      var index = 0
      for byte in bytes {
        target[index] = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
        index += 1
      }
      return index
    }
  }
}

extension [UInt8] {
  fileprivate mutating func replaceLast(with bytes: [UInt8]) {
    removeLast()
    append(contentsOf: bytes)
  }
}

/// The folded forms of the accented Latin letters, built once from Unicode's own canonical equivalence.
struct FoldingTable: Sendable {
  static let shared = FoldingTable()

  // Latin-1 Supplement to Latin Extended-B, and Latin Extended Additional.
  private static let low: UInt32 = 0x00C0
  private static let highEnd: UInt32 = 0x0250
  private static let extra: UInt32 = 0x1E00
  private static let extraEnd: UInt32 = 0x1F00

  private let latin: [[UInt8]]
  private let additional: [[UInt8]]

  /// The folded form of a scalar in UTF-8, or `nil` where the table has none.
  func folded(_ value: UInt32) -> [UInt8]? {
    let entry: [UInt8]
    if value >= Self.low && value < Self.highEnd {
      entry = latin[Int(value - Self.low)]
    } else if value >= Self.extra && value < Self.extraEnd {
      entry = additional[Int(value - Self.extra)]
    } else {
      return nil
    }
    return entry.isEmpty ? nil : entry
  }

  private init() {
    let bases = Self.lettersByComposition()
    func entry(_ value: UInt32) -> [UInt8] {
      guard let scalar = Unicode.Scalar(value) else { return [] }
      if let special = Self.special(scalar) { return Array(special.utf8) }
      if let base = bases[Character(scalar)] { return [UInt8(ascii: base)] }
      return scalar.properties.isAlphabetic ? Array(scalar.properties.lowercaseMapping.utf8) : []
    }
    latin = (Self.low..<Self.highEnd).map(entry)
    additional = (Self.extra..<Self.extraEnd).map(entry)
  }

  private static func special(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "Å", "å", "Ǻ", "ǻ": "å"
    case "Ä", "ä", "Æ", "æ", "Ǽ", "ǽ", "Ǣ", "ǣ", "Ǟ", "ǟ": "ä"
    case "Ö", "ö", "Ø", "ø", "Ǿ", "ǿ", "Ȫ", "ȫ": "ö"
    case "ß", "ẞ": "ss"
    case "Œ", "œ": "oe"
    case "Þ", "þ": "th"
    case "Ð", "ð", "Đ", "đ": "d"
    case "Ł", "ł": "l"
    case "ı", "İ": "i"
    case "Ħ", "ħ": "h"
    case "Ŧ", "ŧ": "t"
    case "Ŋ", "ŋ": "n"
    default: nil
    }
  }

  /// Which letter each composed character is built on: letters and marks are put together, and a `Character`
  /// compares by canonical equivalence, so the composed scalar finds its parts without a table of our own.
  private static func lettersByComposition() -> [Character: Unicode.Scalar] {
    let marks = Array((0x0300...0x0331)).compactMap { Unicode.Scalar($0 as Int) }
    var found: [Character: Unicode.Scalar] = [:]
    found.reserveCapacity(16_384)
    for base in "abcdefghijklmnopqrstuvwxyz".unicodeScalars {
      guard let upper = base.properties.uppercaseMapping.unicodeScalars.first else { continue }
      for letter in [base, upper] {
        for mark in marks {
          found[character([letter, mark])] = base
          // A second mark: Vietnamese, Livonian and the old long vowels.
          guard twiceMarked.contains(letter), firstMarks.contains(mark) else { continue }
          for second in secondMarks {
            found[character([letter, mark, second])] = base
          }
        }
      }
    }
    return found
  }

  private static let twiceMarked = Set("aeiouysrlAEIOUYSRL".unicodeScalars)
  private static let firstMarks: Set<Unicode.Scalar> = [
    "\u{0301}", "\u{0302}", "\u{0303}", "\u{0304}", "\u{0306}", "\u{0307}", "\u{0308}", "\u{030A}",
    "\u{030C}",
    "\u{031B}", "\u{0323}", "\u{0328}",
  ]
  private static let secondMarks: [Unicode.Scalar] = [
    "\u{0300}", "\u{0301}", "\u{0302}", "\u{0303}", "\u{0304}", "\u{0306}", "\u{0307}", "\u{0309}",
    "\u{030C}",
    "\u{0323}",
  ]

  private static func character(_ scalars: [Unicode.Scalar]) -> Character {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view).first ?? " "
  }
}
