internal import FieldFormats

/// Numbering plans, to tell a telephone number that is whole from one that lacks something.
enum NumberingPlans {
  struct Plan: Sendable {
    var country: String
    var callingCode: String
    var trunkPrefix: String?
    /// For each length of a national number: the first digits it can have, a bit each.
    var firstDigits: [Int: UInt16]

    /// Whether a national number, without trunk prefix, can exist.
    func allows(_ national: Substring) -> Bool {
      guard let first = national.utf8.first, let digits = firstDigits[national.utf8.count] else { return false }
      return digits & (1 << UInt16(first &- 0x30)) != 0
    }
  }

  static let byCountry: [String: Plan] = {
    var plans: [String: Plan] = [:]
    for row in PhoneFacts.plans.split(separator: "\n") {
      let parts = row.split(separator: " ")
      guard parts.count >= 3 else { continue }
      var firstDigits: [Int: UInt16] = [:]
      for part in parts.dropFirst(3) {
        let halves = part.split(separator: ":")
        guard halves.count == 2 else { continue }
        for length in halves[0].split(separator: ",") {
          if let length = Int(length) { firstDigits[length] = digits(halves[1]) }
        }
      }
      plans[String(parts[0])] = Plan(
        country: String(parts[0]), callingCode: String(parts[1]), trunkPrefix: parts[2] == "-" ? nil : String(parts[2]),
        firstDigits: firstDigits)
    }
    return plans
  }()

  static let byCallingCode: [String: [Plan]] = Dictionary(grouping: byCountry.values, by: \.callingCode)

  /// `1-357` is one to three, five and seven.
  private static func digits(_ text: Substring) -> UInt16 {
    var set: UInt16 = 0
    var previous: UInt8?
    var inRange = false
    for byte in text.utf8 {
      if byte == UInt8(ascii: "-") {
        inRange = true
        continue
      }
      let digit = min(byte &- 0x30, 9)
      for value in (inRange ? min(previous ?? digit, digit) : digit)...digit { set |= 1 << UInt16(value) }
      previous = digit
      inRange = false
    }
    return set
  }
}

extension Cleaning {
  /// Words before and inside numbers that are no part of them, folded.
  private static let extensionMarks = ["ext", "x", "alanumero", "alanro", "ankn", "anknytning", "poste", "durchwahl"]

  /// Writes a telephone number as E.164 where that is certain.
  ///
  /// Certain is: the number names its country (`+`, `00`) and has a length and a first digit that the country's
  /// plan has; or the country is known, the number is written as it is dialled there (with the trunk prefix
  /// where the country has one), and fits the plan. Anything else is left as written.
  ///
  /// - Parameters:
  ///   - value: as people write numbers, with brackets, hyphens, dots, an extension.
  ///   - country: ISO 3166-1, where the person or company is; nil when not known.
  public static func phone(_ value: String, country: String?) -> Cleaned {
    guard value.utf8.count <= 80 else { return .left(value, "too long for a telephone number") }
    guard let (digits, cut) = dialled(value) else { return .left(value, "letters in a telephone number") }
    var notes: [CleaningNote] = []
    if cut { notes.append(CleaningNote(.phone, "extension left out")) }
    func accepted(_ number: String, _ how: String) -> Cleaned {
      guard FieldFormat.phone.problem(in: number) == nil else { return .left(value, "not a length that numbers have") }
      if number != value { notes.append(CleaningNote(.phone, how)) }
      return Cleaned(number, notes: notes)
    }
    if let international = international(digits, country: country) {
      for length in 1...3 where international.utf8.count > length {
        guard let plans = NumberingPlans.byCallingCode[String(international.prefix(length))] else { continue }
        var national = international.dropFirst(length)
        if plans.contains(where: { $0.allows(national) }) {
          return accepted("+" + international, "written as E.164")
        }
        // +358 040 …: the trunk zero does not belong behind a country code.
        if let trunk = plans.first?.trunkPrefix, national.hasPrefix(trunk) {
          national = national.dropFirst(trunk.utf8.count)
          if plans.contains(where: { $0.allows(national) }) {
            return accepted(
              "+" + international.prefix(length) + national, "written as E.164, trunk prefix removed")
          }
        }
        return .left(value, "the country with this code has no numbers like it")
      }
      return .left(value, "no country has this calling code")
    }
    guard let country else { return .left(value, "no country code, and the country is not known") }
    guard let plan = NumberingPlans.byCountry[country] else { return .left(value, "\(country) has no numbering plan") }
    var national = Substring(digits)
    if let trunk = plan.trunkPrefix {
      if national.hasPrefix(trunk), plan.allows(national.dropFirst(trunk.utf8.count)) {
        national = national.dropFirst(trunk.utf8.count)
      } else if plan.callingCode != "1" {
        // In North America the prefix is optional; elsewhere a number without it lacks its area code, or is old.
        return .left(value, "not a number as it is dialled in \(country) (trunk prefix \(trunk))")
      }
    }
    guard plan.allows(national) else { return .left(value, "not a number as \(country) has them") }
    return accepted("+" + plan.callingCode + national, "written as E.164 with the country \(country)")
  }

  /// The digits of a number, with a plus in front if it has one; nil when there are letters among them.
  private static func dialled(_ value: String) -> (digits: String, cutExtension: Bool)? {
    // Most numbers are digits, blanks and hyphens, perhaps behind a plus.
    let plus = value.utf8.first == UInt8(ascii: "+")
    let rest = plus ? value.utf8.dropFirst() : value.utf8[...]
    if rest.allSatisfy({ $0 &- 0x30 < 10 || $0 == 0x20 || $0 == 0x2D || $0 == 0x2E || $0 == 0x2F }) {
      let digits = rest.filter { $0 &- 0x30 < 10 }
      return ((plus ? "+" : "") + String(decoding: digits, as: UTF8.self), false)
    }
    var digits = ""
    var letters = ""
    var bracketed = 0
    for scalar in value.lowercased().unicodeScalars {
      if scalar.isASCII, let digit = Character(scalar).wholeNumberValue {
        if !letters.isEmpty {
          if !digits.isEmpty, extensionMarks.contains(letters) { return (digits, true) }
          if !digits.isEmpty { return nil }
          letters = ""
        }
        digits.append(String(digit))
      } else if scalar == "(" {
        bracketed = digits.utf8.count
      } else if scalar == ")" {
        // +358 (0)40: a zero in brackets behind a country code is not dialled from abroad.
        if digits.hasPrefix("+") || digits.hasPrefix("00"), digits.utf8.count == bracketed + 1, digits.hasSuffix("0"),
          bracketed > 1
        {
          digits.removeLast()
        }
      } else if scalar == "+", digits.isEmpty {
        digits = "+"
      } else if scalar.properties.isAlphabetic {
        letters.unicodeScalars.append(scalar)
      } else if scalar == "#" || scalar == ";" || scalar == "," {
        return digits.utf8.count > 4 ? (digits, true) : nil
      }
    }
    // A word in front (puh., tel.) was passed over with its digits not begun; one behind is more than a number.
    return letters.isEmpty || digits.isEmpty ? (digits, false) : nil
  }

  /// The digits behind `+`, `00` or the country's own way out; nil for a national number.
  private static func international(_ digits: String, country: String?) -> Substring? {
    if digits.hasPrefix("+") { return digits.dropFirst(1) }
    if digits.hasPrefix("00") { return digits.dropFirst(2) }
    let plan = country.flatMap { NumberingPlans.byCountry[$0] }
    if plan?.callingCode == "1", digits.hasPrefix("011") { return digits.dropFirst(3) }
    if country == "RU", digits.hasPrefix("810") { return digits.dropFirst(3) }
    return nil
  }
}
