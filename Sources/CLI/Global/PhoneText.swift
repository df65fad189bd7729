/// Telephone numbers as people read them.
enum PhoneText {
  /// An E.164 number in groups; other text as it is.
  ///
  /// Finnish mobile numbers get the groups Finns use; others have their country code apart where it is known.
  static func shown(_ number: String) -> String {
    guard number.hasPrefix("+"), number.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }) else {
      return number
    }
    for code in ["+358", "+46", "+47", "+45", "+372", "+44", "+49", "+33", "+1"] where number.hasPrefix(code)
    {
      return "\(code) " + grouped(String(number.dropFirst(code.count)), isFinnish: code == "+358")
    }
    return number
  }

  /// Digits in groups of three, the first of two where the number is a Finnish mobile, none left with a single one.
  private static func grouped(_ digits: String, isFinnish: Bool) -> String {
    var groups: [Substring] = []
    var rest = digits[...]
    let isMobile = isFinnish && (digits.hasPrefix("4") || digits.hasPrefix("50"))
    if isMobile, rest.count > 6 {
      groups.append(rest.prefix(2))
      rest = rest.dropFirst(2)
    } else if isFinnish, digits.hasPrefix("9") {
      groups.append(rest.prefix(1))
      rest = rest.dropFirst(1)
    }
    while !rest.isEmpty {
      let size = rest.count <= 4 ? rest.count : rest.count == 8 ? 4 : 3
      groups.append(rest.prefix(size))
      rest = rest.dropFirst(size)
    }
    return groups.joined(separator: " ")
  }
}
