// The forms that JSON has for Google's well-known messages.

extension JSONWriter {
  mutating func timestamp(_ bytes: UnsafeRawBufferPointer) throws(DecodingError) {
    guard let (seconds, nanos) = WellKnown.secondsAndNanos(bytes) else { throw DecodingError(.malformed) }
    guard let text = CalendarTime.text(seconds: seconds, nanos: nanos) else {
      throw DecodingError(.withoutJSON("a time outside of the years 1 to 9999"))
    }
    quoted(text)
  }

  mutating func duration(_ bytes: UnsafeRawBufferPointer) throws(DecodingError) {
    guard let (seconds, nanos) = WellKnown.secondsAndNanos(bytes) else { throw DecodingError(.malformed) }
    guard let text = CalendarTime.durationText(seconds: seconds, nanos: nanos) else {
      throw DecodingError(.withoutJSON("a duration beyond 10,000 years, or of mixed signs"))
    }
    quoted(text)
  }

  mutating func fieldMask(_ bytes: UnsafeRawBufferPointer, _ type: MessageDescriptor) throws(DecodingError) {
    guard let field = type.field(1) else { return }
    let runs = try FieldRuns(bytes, of: type)
    var paths: [String] = []
    for occurrence in runs.of(field) {
      guard case .text(let path)? = PathValue(occurrence, field) else { throw DecodingError(.invalidUTF8) }
      guard let name = JSONNames.reversible(path) else {
        throw DecodingError(
          .withoutJSON("a field path that cannot be told in camel case and joined by commas"))
      }
      paths.append(name)
    }
    quoted(paths.joined(separator: ","))
  }

  mutating func wrapper(_ bytes: UnsafeRawBufferPointer, _ type: MessageDescriptor) throws(DecodingError) {
    guard let field = type.field(1) else { return }
    let runs = try FieldRuns(bytes, of: type)
    let occurrences = runs.of(field)
    if !occurrences.isEmpty {
      try self.field(occurrences, field)
    } else if let value = PathValue(defaultOf: field) {
      scalar(value, field)
    }
  }

  mutating func any(_ bytes: UnsafeRawBufferPointer, _ type: MessageDescriptor) throws(DecodingError) {
    guard let url = type.field(1), let value = type.field(2) else { return }
    let runs = try FieldRuns(bytes, of: type)
    guard case .text(let name)? = runs.of(url).last.flatMap({ PathValue($0, url) }), !name.isEmpty else {
      return raw("{}")
    }
    let content = runs.of(value).last?.bytes ?? UnsafeRawBufferPointer(start: nil, count: 0)
    open("{")
    var isFirst = true
    item(&isFirst)
    self.name("@type")
    quoted(name)
    if let inner = schema.message(JSONNames.type(url: name)) {
      if inner.wellKnown != nil {
        item(&isFirst)
        self.name("value")
        try message(content, inner)
      } else {
        try members(content, inner, &isFirst)
      }
    } else {
      // A type that this program does not know: its bytes, so that nothing is lost to the eye.
      item(&isFirst)
      self.name("value")
      quoted(Base64.encode(Array(content)))
    }
    close("}", isEmpty: isFirst)
  }
}

/// Names as JSON has them.
enum JSONNames {
  /// `display_name.given` → `displayName.given`.
  static func camel(_ path: String) -> String {
    var result = ""
    var isRaised = false
    for character in path {
      if character == "_" {
        isRaised = true
      } else {
        result += isRaised ? character.uppercased() : String(character)
        isRaised = false
      }
    }
    return result
  }

  /// The path as a mask's JSON has it; nil for one that would come back as another, or as several.
  static func reversible(_ path: String) -> String? {
    let name = camel(path)
    return path.isEmpty || path.contains(",") || snake(name) != path ? nil : name
  }

  /// `displayName.given` → `display_name.given`.
  static func snake(_ path: String) -> String {
    var result = ""
    for character in path {
      if character.isASCII, character.isUppercase {
        result += "_" + character.lowercased()
      } else {
        result.append(character)
      }
    }
    return result
  }

  /// The full name in a type URL.
  static func type(url: String) -> String {
    String(url.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
  }
}

/// Base 64 as RFC 4648 has it.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The standard alphabet, with padding.
  static func encode(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    out.reserveCapacity((bytes.count / 3 + 1) * 4)
    var index = 0
    while index < bytes.count {
      let rest = bytes.count - index
      let group =
        UInt32(bytes[index]) << 16 | (rest > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
        | (rest > 2 ? UInt32(bytes[index + 2]) : 0)
      out.append(alphabet[Int(group >> 18 & 63)])
      out.append(alphabet[Int(group >> 12 & 63)])
      out.append(rest > 1 ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "="))
      out.append(rest > 2 ? alphabet[Int(group & 63)] : UInt8(ascii: "="))
      index += 3
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Either alphabet, with or without padding. Nil for anything else.
  static func decode(_ text: String) -> [UInt8]? {
    var out: [UInt8] = []
    var group: UInt32 = 0
    var bits = 0
    var padding = 0
    var count = 0
    for byte in text.utf8 {
      let digit: UInt32
      switch byte {
      case 0x41...0x5A: digit = UInt32(byte) - 0x41
      case 0x61...0x7A: digit = UInt32(byte) - 0x61 + 26
      case 0x30...0x39: digit = UInt32(byte) - 0x30 + 52
      case UInt8(ascii: "+"), UInt8(ascii: "-"): digit = 62
      case UInt8(ascii: "/"), UInt8(ascii: "_"): digit = 63
      case UInt8(ascii: "="):
        padding += 1
        continue
      default: return nil
      }
      guard padding == 0 else { return nil }
      count += 1
      group = group << 6 | digit
      bits += 6
      if bits >= 8 {
        bits -= 8
        out.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
      }
    }
    guard count % 4 != 1, padding == 0 || (count + padding) % 4 == 0 && padding < 3 else { return nil }
    return out
  }
}
