internal import Domain

/// The name of a handover in its file's front matter.
enum FrontName {
  /// Longest part of a title in a file's name, in letters.
  private static let longestSlug = 48

  /// The name; nil where the front matter has none.
  static func of(_ text: String) -> String? {
    let lines = text.utf8.split(
      separator: UInt8(ascii: "\n"), maxSplits: 64, omittingEmptySubsequences: false)
    guard lines.count > 1 else { return nil }
    for line in lines.dropFirst() {
      let line = String(Substring(line))
      if line.hasPrefix("---") { return nil }
      if line.hasPrefix("name:") {
        let name = line.dropFirst(5).split { " \t\"\r".contains($0) }.joined()
        return name.isEmpty ? nil : name
      }
    }
    return nil
  }

  /// The text with a name in the place of the account, or of an empty name.
  static func named(_ text: String, _ name: String) -> (text: String, name: String)? {
    var lines = TextLines.of(text)
    guard let place = lines.firstIndex(where: { $0.hasPrefix("account:") }) else { return nil }
    lines[place] = "name: \(name)" + (lines[place].utf8.last == 13 ? "\r" : "")
    return (TextLines.joined(lines), name)
  }

  /// A title as a part of a file's name.
  static func slug(_ title: String) -> String {
    var slug = ""
    for character in title.lowercased().prefix(longestSlug) {
      switch character {
      case "å", "ä": slug.append("a")
      case "ö": slug.append("o")
      case "a"..."z", "0"..."9": slug.append(character)
      default: if !slug.hasSuffix("-"), !slug.isEmpty { slug.append("-") }
      }
    }
    while slug.hasSuffix("-") { slug.removeLast() }
    return slug.isEmpty ? "handover" : slug
  }
}
