extension Tokeniser {
  /// Digits with decimal points, commas or dots of a date inside; `nil` where letters or hyphens follow,
  /// which make a word or an identifier of it.
  mutating func number() -> Token? {
    let start = position
    var end = position
    folded.removeAll(keepingCapacity: true)
    while end < bytes.count {
      let byte = bytes[end]
      if isDigit(byte) {
        if folded.count < Self.tokenLimit { folded.append(byte) }
      } else if byte == 0x2E || byte == 0x2C, isDigit(self.byte(end + 1)) {
        if folded.count < Self.tokenLimit { folded.append(0x2E) }
      } else {
        break
      }
      end += 1
    }
    if byte(end) == 0x2D, classAt(end + 1) == .digit || classAt(end + 1) == .letter { return nil }
    switch classAt(end) {
    case .letter, .digit, .mark: return nil
    case .ideograph, .other: break
    }
    position = end
    return Token(kind: .number, range: start..<end, folded: foldedString, parts: [])
  }

  /// A telephone number that begins at the position with `+` or a trunk zero; its canonical form is the
  /// national significant number where the country is one whose trunk prefix is known, else all digits.
  mutating func phone() -> Token? {
    let international = byte(position) == 0x2B
    guard international ? isDigit(byte(position + 1)) : byte(position) == 0x30 && isDigit(byte(position + 1))
    else {
      return nil
    }
    // E.164 allows 15 digits. A number in Finland or Sweden has at most 10 after the zero. A group is only
    // taken while the number can still be incomplete, so that the year after a number does not become part of
    // it.
    let most = international ? 15 : 11
    let complete = international ? 12 : 10
    var digits: [UInt8] = []
    var end = international ? position + 1 : position
    var groups = 0
    while true {
      let group = digitRun(from: end)
      guard !group.isEmpty, digits.count + group.count <= most else { break }
      digits += bytes[group]
      end = group.upperBound
      groups += 1
      guard digits.count < complete, let next = groupSeparator(at: end) else { break }
      end = next
    }
    while end > position, !isDigit(byte(end - 1)) { end -= 1 }
    guard digits.count >= 7, international || groups > 1 || digits.count >= 9 else { return nil }
    switch classAt(end) {
    case .letter, .digit, .mark: return nil
    case .ideograph, .other: break
    }
    let start = position
    position = end
    let canonical = Self.significant(digits, international: international)
    return Token(
      kind: .phone, range: start..<end, folded: String(decoding: canonical, as: UTF8.self), parts: [])
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  private func digitRun(from start: Int) -> Range<Int> {
    var end = start
    while isDigit(byte(end)) { end += 1 }
    return start..<end
  }

  /// Where the next group of digits begins, after a blank, a no-break space, a hyphen, or the `(0)` of older
  /// business cards.
  private func groupSeparator(at index: Int) -> Int? {
    var next = index
    if byte(next) == 0x20 || byte(next) == 0x2D {
      next += 1
    } else if byte(next) == 0xC2, byte(next + 1) == 0xA0 {
      next += 2
    }
    if byte(next) == 0x28, byte(next + 1) == 0x30, byte(next + 2) == 0x29 {
      next += 3
      if byte(next) == 0x20 { next += 1 }
    }
    return next > index && isDigit(byte(next)) ? next : nil
  }

  /// Country codes after which the trunk zero is dropped: Finland, Sweden, Norway, Denmark, Estonia, Iceland,
  /// Germany, the United Kingdom.
  private static let countries: [[UInt8]] = ["358", "46", "47", "45", "372", "354", "49", "44"].map {
    Array($0.utf8)
  }

  private static func significant(_ digits: [UInt8], international: Bool) -> [UInt8] {
    var rest = digits[...]
    if international {
      guard let country = countries.first(where: { digits.starts(with: $0) }) else { return digits }
      rest = rest.dropFirst(country.count)
    }
    while rest.first == 0x30 { rest = rest.dropFirst() }
    return Array(rest)
  }
}
