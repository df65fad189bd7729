internal import FieldFormats

extension ValidationPlan {
  func check(
    _ bytes: UnsafeRawBufferPointer, _ found: inout [FieldViolation], isPersonal: Bool = false
  ) {
    if counters == 0 {
      checkFields(bytes, UnsafeMutableBufferPointer(start: nil, count: 0), &found, isPersonal)
      return
    }
    withUnsafeTemporaryAllocation(of: Int.self, capacity: counters) { counts in
      counts.initialize(repeating: 0)
      checkFields(bytes, counts, &found, isPersonal)
      for field in fields {
        if let counter = field.counter { checkCount(field, counts[counter], &found) }
      }
    }
  }

  private func checkFields(
    _ bytes: UnsafeRawBufferPointer, _ counts: UnsafeMutableBufferPointer<Int>,
    _ found: inout [FieldViolation], _ isPersonal: Bool
  ) {
    var reader = WireReader(bytes)
    // Elements of a repeated field usually follow each other: their index is kept without a table.
    var last: UInt32 = 0
    var index = -1
    do throws(WireFault) {
      while let wire = try reader.next() {
        guard let position = position(wire.number) else { continue }
        index = wire.number == last ? index &+ 1 : 0
        last = wire.number
        if let counter = fields[position].counter {
          counts[counter] &+= Self.count(wire, fields[position].field)
        }
        if found.count >= Validator.violationLimit { return }
        fields[position].check(wire, index, &found, isPersonal)
      }
    } catch {
      found.append(
        FieldViolation(
          path: "", reason: .malformed, description: "\(DecodingError(DecodingError.Reason(error)))"))
    }
  }

  /// How many values an occurrence is; a scalar at its default is none.
  private static func count(_ wire: WireField, _ field: FieldDescriptor) -> Int {
    if field.isRepeated {
      guard wire.type == .lengthDelimited, field.type.wireType != .lengthDelimited else { return 1 }
      switch field.type.wireType {
      case .fixed32: return wire.bytes.count / 4
      case .fixed64: return wire.bytes.count / 8
      default: return wire.bytes.reduce(0) { $0 &+ ($1 < 0x80 ? 1 : 0) }
      }
    }
    if field.type == .message || field.hasPresence && field.type != .string { return 1 }
    return wire.scalar == 0 && wire.bytes.isEmpty ? 0 : 1
  }

  private func checkCount(_ field: Field, _ count: Int, _ found: inout [FieldViolation]) {
    if field.required, count == 0 {
      found.append(
        FieldViolation(
          path: field.field.name, reason: .required, description: "a value was expected; none came"))
    } else if let items = field.items, !items.allows(count), count > 0 || items.min > 0 {
      found.append(
        FieldViolation(
          path: field.field.name, reason: .length,
          description: "\(count) elements came; expected \(items.inWords)"))
    }
  }
}

extension FieldRule.Length {
  func allows(_ count: Int) -> Bool {
    let count = UInt64(max(0, count))
    return count >= min && (max == 0 || count <= max)
  }

  private func max(_ a: Int, _ b: Int) -> Int { a > b ? a : b }

  /// `at most 200`, `1 to 63`.
  var inWords: String {
    if max == 0 { return "at least \(min)" }
    return min == 0 ? "at most \(max)" : "\(min) to \(max)"
  }
}

extension ValidationPlan.Field {
  /// Values shown in descriptions are cut here.
  static let shownScalars = 60

  func check(_ wire: WireField, _ index: Int, _ found: inout [FieldViolation], _ outer: Bool) {
    let isPersonal = outer || self.isPersonal
    let start = found.count
    if !key.isEmpty || !value.isEmpty {
      checkEntry(wire, &found, isPersonal)
    } else {
      switch field.type {
      case .string: checkText(wire, &found, isPersonal)
      case .message: checkMessage(wire, &found, isPersonal)
      case .bytes: checkLength(wire.bytes.count, "bytes", &found)
      default: checkScalars(wire, &found)
      }
    }
    if found.count > start { place(&found, from: start, index) }
  }

  /// Puts the field before the paths of what was found inside it.
  private func place(_ found: inout [FieldViolation], from start: Int, _ index: Int) {
    let name = field.isRepeated && !field.isMap && !(field.isPacked) ? "\(field.name)[\(index)]" : field.name
    for position in start..<found.count {
      let inner = found[position].path
      found[position].path = inner.isEmpty ? name : name + "." + inner
    }
  }

  private func add(_ reason: FieldViolation.Reason, _ description: String, _ found: inout [FieldViolation]) {
    found.append(FieldViolation(path: "", reason: reason, description: description))
  }

  // MARK: Texts

  private func checkText(_ wire: WireField, _ found: inout [FieldViolation], _ isPersonal: Bool) {
    guard wire.type == .lengthDelimited else { return add(.malformed, "a string was expected", &found) }
    let bytes = wire.bytes
    // An empty text is a text that is not set; whether it must be is another rule.
    if bytes.isEmpty { return }
    guard let (scalars, hasControl) = TextScan.scan(bytes, allowsLines: multiline) else {
      return add(.malformed, "a string that is not UTF-8 came", &found)
    }
    if hasControl {
      let allowed =
        multiline ? "no control characters other than line breaks and tabs" : "no control characters"
      add(.controlCharacter, "control characters came; expected \(allowed)", &found)
    }
    checkLength(scalars, "characters", &found)
    if let pattern, !pattern.matches(bytes) {
      add(.pattern, "\(shape(bytes, scalars, isPersonal)) came; expected a match of \(pattern.text)", &found)
    }
    if let format, let problem = format.problem(in: bytes.bindMemory(to: UInt8.self).span) {
      add(.format, "\(shape(bytes, scalars, isPersonal)) came; expected \(problem)", &found)
    }
    if !references.isEmpty, !references.contains(where: { $0.matches(bytes) }) {
      let shapes = references.map { $0.pattern }.joined(separator: " or ")
      add(.reference, "\(shape(bytes, scalars, isPersonal)) came; expected \(shapes)", &found)
    }
  }

  /// What came: the value, or of personal data only its length.
  private func shape(_ bytes: UnsafeRawBufferPointer, _ scalars: Int, _ isPersonal: Bool) -> String {
    if isPersonal { return "a text of \(scalars) characters" }
    let text = String(decoding: bytes, as: UTF8.self)
    let shown = String(String.UnicodeScalarView(text.unicodeScalars.prefix(Self.shownScalars)))
    return scalars > Self.shownScalars ? "“\(shown)…”" : "“\(shown)”"
  }

  private func checkLength(_ count: Int, _ unit: String, _ found: inout [FieldViolation]) {
    guard let length, !length.allows(count), count > 0 else { return }
    add(.length, "\(count) \(unit) came; expected \(length.inWords)", &found)
  }

  // MARK: Numbers

  private func checkScalars(_ wire: WireField, _ found: inout [FieldViolation]) {
    guard range != nil || knownEnum else { return }
    do throws(DecodingError) {
      try FieldRuns.scalars([wire], field) { raw in checkScalar(raw, &found) }
    } catch {
      add(.malformed, error.description, &found)
    }
  }

  private func checkScalar(_ raw: UInt64, _ found: inout [FieldViolation]) {
    guard let value = PathValue(scalar: raw, of: field.type) else { return }
    switch value {
    case .enumeration(let number):
      guard knownEnum else { return }
      if number == 0 || field.enumeration?.name(of: number) == nil {
        let names = field.enumeration?.values.dropFirst().map { $0.name }.joined(separator: ", ") ?? ""
        add(.unknownValue, "number \(number) came; expected one of \(names)", &found)
      }
    case .int(let number): checkRange(Double(number), "\(number)", "", &found)
    case .uint(let number): checkRange(Double(number), "\(number)", "", &found)
    case .double(let number): checkRange(number, "\(number)", "", &found)
    default: break
    }
  }

  private func checkRange(_ number: Double, _ shown: String, _ unit: String, _ found: inout [FieldViolation])
  {
    guard let range else { return }
    let isAbove = range.min.map { number >= $0 } ?? !number.isNaN
    let isBelow = range.max.map { number <= $0 } ?? !number.isNaN
    if isAbove && isBelow { return }
    let bounds =
      switch (range.min, range.max) {
      case (let low?, let high?): "\(Self.plain(low)) to \(Self.plain(high))"
      case (let low?, nil): "at least \(Self.plain(low))"
      case (nil, let high?): "at most \(Self.plain(high))"
      case (nil, nil): "a number"
      }
    add(.range, "\(shown)\(unit) came; expected \(bounds)\(unit)", &found)
  }

  /// `5` for 5.0.
  private static func plain(_ number: Double) -> String {
    Int64(exactly: number).map { String($0) } ?? String(number)
  }

  // MARK: Messages

  private func checkMessage(_ wire: WireField, _ found: inout [FieldViolation], _ isPersonal: Bool) {
    guard wire.type == .lengthDelimited else { return add(.malformed, "a message was expected", &found) }
    switch field.message?.wellKnown {
    case .timestamp: checkTime(wire.bytes, CalendarTime.seconds, 0...999_999_999, "a time", &found)
    case .duration:
      checkTime(
        wire.bytes, CalendarTime.durationSeconds, -999_999_999...999_999_999, "a duration", &found)
    default: inner?.check(wire.bytes, &found, isPersonal: isPersonal)
    }
  }

  private func checkTime(
    _ bytes: UnsafeRawBufferPointer, _ allowed: ClosedRange<Int64>, _ fractions: ClosedRange<Int32>,
    _ what: String, _ found: inout [FieldViolation]
  ) {
    guard let (seconds, nanos) = WellKnown.secondsAndNanos(bytes) else {
      return add(.malformed, "\(what) was expected", &found)
    }
    guard allowed.contains(seconds), fractions.contains(nanos) else {
      return add(
        .range, "\(seconds) s and \(nanos) ns came; expected \(what) of years 1 to 9999, 0 to 999999999 ns",
        &found)
    }
    checkRange(Double(seconds) + Double(nanos) / 1e9, "\(seconds)", " s", &found)
  }

  private func checkEntry(_ wire: WireField, _ found: inout [FieldViolation], _ isPersonal: Bool) {
    guard wire.type == .lengthDelimited, let keyField = field.message?.field(1),
      let entry = MapEntry(wire.bytes, key: keyField)
    else { return add(.malformed, "an entry of a map was expected", &found) }
    let start = found.count
    var reader = WireReader(wire.bytes)
    while let part = try? reader.next() {
      let rules = part.number == 1 ? key : part.number == 2 ? value : []
      for rule in rules {
        switch rule.field.type {
        case .string: rule.checkText(part, &found, isPersonal || rule.isPersonal)
        case .message: rule.checkMessage(part, &found, isPersonal || rule.isPersonal)
        case .bytes: rule.checkLength(part.bytes.count, "bytes", &found)
        default: rule.checkScalars(part, &found)
        }
      }
    }
    for position in start..<found.count {
      let segment = FieldPath.segment(
        key: String(entry.key.unicodeScalars.prefix(Self.shownScalars).map(Character.init)))
      let inner = found[position].path
      found[position].path = inner.isEmpty ? segment : segment + "." + inner
    }
  }
}

/// One walk over the bytes of a text.
enum TextScan {
  /// The number of Unicode scalars and whether there are control characters; nil for what is not UTF-8.
  ///
  /// Control characters are U+0000 to U+001F, U+007F to U+009F; line breaks and tabs may be allowed.
  static func scan(
    _ bytes: UnsafeRawBufferPointer, allowsLines: Bool
  ) -> (scalars: Int, hasControl: Bool)? {
    var hasControl = false
    var isASCII = true
    for byte in bytes {
      if byte >= 0x80 {
        isASCII = false
        break
      }
      if byte < 0x20 || byte == 0x7F {
        let isLine = byte == 0x0A || byte == 0x0D || byte == 0x09
        if !(allowsLines && isLine) { hasControl = true }
      }
    }
    if isASCII { return (bytes.count, hasControl) }
    return scanWide(bytes, allowsLines)
  }

  private static func scanWide(
    _ bytes: UnsafeRawBufferPointer, _ allowsLines: Bool
  ) -> (scalars: Int, hasControl: Bool)? {
    guard let text = TextBytes.text(bytes) else { return nil }
    var scalars = 0
    var hasControl = false
    for scalar in text.unicodeScalars {
      scalars += 1
      let value = scalar.value
      guard value < 0x20 || (0x7F...0x9F).contains(value) else { continue }
      let isLine = value == 0x0A || value == 0x0D || value == 0x09
      if !(allowsLines && isLine) { hasControl = true }
    }
    return (scalars, hasControl)
  }
}
