/// Cuts a text into what can be found in it: words, names, compounds, numbers, e-mail addresses, domains,
/// telephone numbers and identifiers.
///
/// Word boundaries follow letters, digits and marks of any script; ideographs are words of one sign each.
/// Inside a word an apostrophe is left out, a hyphen makes a compound, and a Finnish or Swedish inflection
/// after a colon (`CRM:n`, `EU:ssa`) is left off.
public struct Tokeniser {
  /// Scalars of one token that are kept. The longest word of the Finnish dictionary has about 60 letters;
  /// what is longer is no word but encoded data, and only its beginning is found.
  public static let tokenLimit = 64

  /// All tokens of a text, in order.
  ///
  /// - Parameter text: any text.
  /// - Returns: tokens whose ranges are UTF-8 offsets, ascending, not overlapping.
  public static func tokens(in text: String) -> [Token] {
    var found: [Token] = []
    forEachToken(in: text) { found.append($0) }
    return found
  }

  /// Calls a closure with each token of a text, in order.
  public static func forEachToken(in text: String, _ body: (Token) -> Void) {
    var text = text
    text.withUTF8 { bytes in
      var tokeniser = Tokeniser(bytes: bytes)
      while let token = tokeniser.next() { body(token) }
    }
  }

  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0
  // Reused between words: the folded bytes of the whole token and of the hyphenated part that is being read.
  var folded: [UInt8] = []

  init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    folded.reserveCapacity(Self.tokenLimit)
  }

  mutating func next() -> Token? {
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x2B, let phone = phone() { return phone }
      if byte >= 0x30 && byte <= 0x39 {
        return phone() ?? address() ?? number() ?? word()
      }
      let (scalar, length) = decode(at: position)
      switch CharacterClass(scalar) {
      case .letter, .digit:
        return address() ?? word()
      case .ideograph:
        let start = position
        position += length
        folded.removeAll(keepingCapacity: true)
        Folding.append(scalar, to: &folded)
        return Token(kind: .word, range: start..<position, folded: foldedString, parts: [])
      case .mark, .other:
        position += length
      }
    }
    return nil
  }

  var foldedString: String { String(decoding: folded, as: UTF8.self) }

  /// The byte at an index, or zero past the end.
  func byte(_ index: Int) -> UInt8 {
    index >= 0 && index < bytes.count ? bytes[index] : 0
  }

  /// The scalar that begins at an index, and its length in bytes. The bytes come from a `String`, so they are
  /// well-formed; were they not, a replacement character of one byte comes out.
  func decode(at index: Int) -> (Unicode.Scalar, Int) {
    let first = byte(index)
    if first < 0x80 { return (Unicode.Scalar(first), 1) }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    var value = UInt32(first) & (length == 4 ? 0x07 : length == 3 ? 0x0F : 0x1F)
    for offset in 1..<length {
      value = value << 6 | UInt32(byte(index + offset) & 0x3F)
    }
    guard let scalar = Unicode.Scalar(value), index + length <= bytes.count else { return ("\u{FFFD}", 1) }
    return (scalar, length)
  }

  func classAt(_ index: Int) -> CharacterClass {
    guard index < bytes.count else { return .other }
    return CharacterClass(decode(at: index).0)
  }
}

/// What a scalar does to word boundaries.
enum CharacterClass {
  case letter, digit, mark, ideograph, other

  init(_ scalar: Unicode.Scalar) {
    let value = scalar.value
    if value < 0x80 {
      switch value {
      case 0x30...0x39: self = .digit
      case 0x41...0x5A, 0x61...0x7A: self = .letter
      default: self = .other
      }
    } else if value >= 0xC0 && value < 0x250 {
      self = value == 0xD7 || value == 0xF7 ? .other : .letter
    } else if value == 0xAD || value == 0x200C || value == 0x200D {
      // A soft hyphen and the joiners stand inside words without ending them.
      self = .mark
    } else {
      self.init(beyondLatin: scalar)
    }
  }

  private init(beyondLatin scalar: Unicode.Scalar) {
    let properties = scalar.properties
    switch properties.generalCategory {
    case .decimalNumber: self = .digit
    case .nonspacingMark, .spacingMark, .enclosingMark: self = .mark
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      self = properties.isIdeographic ? .ideograph : .letter
    case .letterNumber, .otherNumber: self = .letter
    default: self = .other
    }
  }
}
