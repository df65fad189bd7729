extension VCard {
  /// Longest line before folding, in bytes (RFC 6350 3.2).
  static let longestWrittenLine = 75

  /// The card as a file has it, lines ended by CR LF and folded at 75 bytes, never inside a character.
  public func serialized() -> [UInt8] {
    var output: [UInt8] = []
    Self.write("BEGIN:VCARD", to: &output)
    Self.write("VERSION:\(version)", to: &output)
    for property in properties {
      var line = (property.group.map { $0 + "." } ?? "") + property.name
      for parameter in property.parameters {
        let value = String(String.UnicodeScalarView(parameter.value.unicodeScalars.filter { !"\"\r\n".unicodeScalars.contains($0) }))
        let needsQuotes = value.unicodeScalars.contains { ":;,".unicodeScalars.contains($0) }
        line += ";\(parameter.name)=" + (needsQuotes ? "\"\(value)\"" : value)
      }
      Self.write(line + ":" + property.rawValue, to: &output)
    }
    Self.write("END:VCARD", to: &output)
    return output
  }

  private static func write(_ line: String, to output: inout [UInt8]) {
    var column = 0
    for character in line.unicodeScalars where character != "\r" && character != "\n" {
      let bytes = Array(String(Character(character)).utf8)
      if column + bytes.count > longestWrittenLine {
        output += [0x0D, 0x0A, 0x20]
        column = 1
      }
      output += bytes
      column += bytes.count
    }
    output += [0x0D, 0x0A]
  }
}
