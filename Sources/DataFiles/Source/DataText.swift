/// Small things done to text on its way in, without locale.
public enum DataText {
  /// Blanks that exports leave around values: ASCII white space, no-break and thin spaces, zero-width characters,
  /// byte order marks.
  static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200D, 0x2028, 0x2029, 0x202F, 0x205F, 0x2060, 0x3000,
      0xFEFF:
      true
    default: false
    }
  }

  /// Whether a text is printable ASCII without blanks at its ends and doubled blanks inside: nothing to be done.
  static func isPlain(_ text: String) -> Bool {
    var previous = UInt8(ascii: " ")
    for byte in text.utf8 {
      guard byte &- 0x20 < 0x5F, byte != 0x20 || previous != 0x20 else { return false }
      previous = byte
    }
    return previous != 0x20
  }

  /// The text without blanks at both ends.
  public static func trimmed(_ value: String) -> String {
    let scalars = value.unicodeScalars
    guard let first = scalars.firstIndex(where: { !isBlank($0) }),
      let last = scalars.lastIndex(where: { !isBlank($0) })
    else { return "" }
    if first == scalars.startIndex, scalars.index(after: last) == scalars.endIndex { return value }
    return String(scalars[first...last])
  }

  /// Every run of blanks and line breaks becomes one blank; control characters go.
  static func collapsed(_ text: String) -> String {
    var needed = false
    var previousBlank = false
    for scalar in text.unicodeScalars {
      let blank = isBlank(scalar)
      if (blank && (previousBlank || scalar != " ")) || isControl(scalar) {
        needed = true
        break
      }
      previousBlank = blank
    }
    guard needed else { return text }
    var result = String.UnicodeScalarView()
    previousBlank = false
    for scalar in text.unicodeScalars {
      let blank = isBlank(scalar)
      if blank {
        if !previousBlank { result.append(" ") }
      } else if !isControl(scalar) {
        result.append(scalar)
      }
      previousBlank = blank
    }
    return String(result)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
  }

  /// Lower case, without diacritics, punctuation as single blanks: what two spellings of one name have in common.
  ///
  /// `å ä ö` become `a a o` here, because people write names without them in files; use it for finding, never
  /// for showing.
  public static func folded(_ value: String) -> String {
    if value.utf8.allSatisfy({ $0 < 0x80 }) { return foldedASCII(value) }
    var result = String.UnicodeScalarView()
    var pendingBlank = false
    func add(_ scalar: Unicode.Scalar) {
      if pendingBlank, !result.isEmpty { result.append(" ") }
      pendingBlank = false
      result.append(scalar)
    }
    for scalar in value.lowercased().unicodeScalars {
      if scalar.isASCII {
        let byte = UInt8(truncatingIfNeeded: scalar.value)
        if byte &- 0x61 < 26 || byte &- 0x30 < 10 { add(scalar) } else if byte != 0x27 { pendingBlank = true }
        continue
      }
      if let base = baseLetters[scalar] {
        for letter in base.unicodeScalars { add(letter) }
      } else if scalar.properties.isAlphabetic {
        add(scalar)
      } else if isMark(scalar) || scalar.value == 0x2019 {
        continue
      } else {
        pendingBlank = true
      }
    }
    return String(result)
  }

  private static func foldedASCII(_ value: String) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(value.utf8.count)
    var pendingBlank = false
    for byte in value.utf8 {
      let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
      guard lower &- 0x61 < 26 || lower &- 0x30 < 10 else {
        if lower != 0x27 { pendingBlank = true }
        continue
      }
      if pendingBlank, !result.isEmpty { result.append(0x20) }
      pendingBlank = false
      result.append(lower)
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: true
    default: false
    }
  }

  private static let baseLetters: [Unicode.Scalar: String] = {
    let table: [(String, String)] = [
      ("a", "àáâãäåāăą"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("h", "ĥħ"),
      ("i", "ìíîïĩīĭįı"), ("j", "ĵ"), ("k", "ķ"), ("l", "ĺļľŀł"), ("n", "ñńņňŋ"), ("o", "òóôõöøōŏőơ"),
      ("r", "ŕŗř"), ("s", "śŝşšș"), ("t", "ţťŧț"), ("u", "ùúûüũūŭůűųư"), ("w", "ŵ"), ("y", "ýÿŷ"), ("z", "źżž"),
      ("ss", "ß"), ("ae", "æ"), ("oe", "œ"), ("th", "þ"),
    ]
    var letters: [Unicode.Scalar: String] = [:]
    for (base, variants) in table {
      for scalar in variants.unicodeScalars { letters[scalar] = base }
    }
    return letters
  }()

  /// The number of single-letter changes, insertions, deletions and swaps of neighbours between two texts.
  ///
  /// - Parameter limit: the greatest number of interest; more is answered as `limit + 1`, which keeps it cheap.
  public static func editDistance(_ left: String, _ right: String, limit: Int) -> Int {
    let a = Array(left.unicodeScalars)
    let b = Array(right.unicodeScalars)
    guard abs(a.count - b.count) <= limit else { return limit + 1 }
    guard !a.isEmpty, !b.isEmpty else { return min(max(a.count, b.count), limit + 1) }
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 1...a.count {
      var current = [Int](repeating: i, count: b.count + 1)
      for j in 1...b.count {
        let cost = a[i - 1] == b[j - 1] ? 0 : 1
        var best = min(last[j] + 1, current[j - 1] + 1, last[j - 1] + cost)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { best = min(best, beforeLast[j - 2] + 1) }
        current[j] = best
      }
      beforeLast = last
      last = current
    }
    return min(last[b.count], limit + 1)
  }

  /// The nearest of some names to a misspelt one, if it is near enough to be worth offering.
  public static func nearest(to name: String, in names: some Sequence<String>) -> String? {
    let limit = max(1, min(3, name.count / 3))
    var best: (distance: Int, name: String)?
    for candidate in names {
      let distance = editDistance(name.lowercased(), candidate.lowercased(), limit: limit)
      if distance <= limit, best.map({ distance < $0.distance }) ?? true { best = (distance, candidate) }
    }
    return best?.name
  }
}
