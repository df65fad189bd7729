/// How a handover looks as a text file: front matter between `---` lines, a summary, and a section an item.
///
///     ---
///     name: accounts/a1/handovers/h1
///     title: Lift renewal
///     from_team: sales
///     to_team: delivery
///     state: offered
///     ---
///
///     What the receiver should know first.
///
///     ## Promise: Live by 1 May {#01jd .required .queried}
///
///     Said by us in the tender meeting.
///
///     ### Links
///
///     - accounts/a1/commitments/c7
///
///     ### Thread
///
///     - asked by pekka (delivery), 2026-11-23 12:00: Which year?
///
/// People edit all of it but the name, the state, what the receiver decided, and the sections that tell of others' words
/// (`### Evidence`, `### Thread`, `### Returned`). A line of a text that looks like a part of the frame has a backslash
/// before it.
enum HandoverFile {
  /// The line around front matter.
  static let fence = "---"
  /// What begins an item.
  static let itemMark = "## "
  /// The section with names of records.
  static let links = "### Links"
  /// The section with what an item rests on; written by the server's users elsewhere.
  static let evidence = "### Evidence"
  /// The section with questions and answers.
  static let thread = "### Thread"
  /// The section with the reasons for which it was sent back.
  static let returned = "### Returned"

  /// Sections that are shown, not edited.
  static let shown: Set<String> = [evidence, thread, returned]

  /// What begins, divides and ends the place where two sides differ.
  static let yours = "<<<<<<< "
  static let divider = "======="
  static let theirs = ">>>>>>> "
  /// What stands behind the last of them, before the server's revision.
  static let server = "the server, revision "

  /// Whether a line without its backslashes is a part of the frame.
  private static func isFrame(_ line: some StringProtocol) -> Bool {
    line.hasPrefix(itemMark) || line == links || shown.contains(String(line)) || isMark(line)
  }

  /// Whether a line marks a place where two sides differ.
  static func isMark(_ line: some StringProtocol) -> Bool {
    line.hasPrefix(yours) || line == divider || line.hasPrefix(theirs)
  }

  /// A line of a text as it stands in a file.
  static func escaped(_ line: String) -> String {
    isFrame(line.drop { $0 == "\\" }) ? "\\" + line : line
  }

  /// The line of a text that stands so in a file.
  static func unescaped(_ line: String) -> String {
    line.hasPrefix("\\") && isFrame(line.drop { $0 == "\\" }) ? String(line.dropFirst()) : line
  }

  // MARK: Values of front matter, as YAML has them

  /// A value on its line: quoted where YAML would read something else.
  static func value(_ text: String) -> String { needsQuotes(text) ? quoted(text) : text }

  /// A list on its line.
  static func list(_ texts: [String]) -> String { "[" + texts.map(value).joined(separator: ", ") + "]" }

  private static func needsQuotes(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first else { return true }
    let isPlainStart =
      first.properties.isAlphabetic || ("0"..."9").contains(first) || first == "_" || first == "(" || first == "/"
    return !isPlainStart || text.hasSuffix(" ") || text.hasSuffix(":") || text.contains(": ") || text.contains(" #")
      || text.unicodeScalars.contains { ",[]{}\"\\".unicodeScalars.contains($0) }
      || ["true", "false", "null", "yes", "no", "on", "off"].contains(text.lowercased())
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { quoted.unicodeScalars.append("\\") }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }

  /// The text of a value, and what follows it; nil where a quote is not closed.
  static func read(_ text: Substring, until end: Set<Unicode.Scalar>) -> (text: String, rest: Substring)? {
    var rest = text.unicodeScalars.drop { $0 == " " || $0 == "\t" }
    var value = String.UnicodeScalarView()
    guard rest.first == "\"" else {
      let plain = rest.prefix { !end.contains($0) }
      return (TextLines.trimmed(String(plain)), Substring(rest[plain.endIndex...]))
    }
    rest = rest.dropFirst()
    while let scalar = rest.popFirst() {
      if scalar == "\"" { return (String(value), Substring(rest.drop { $0 == " " || $0 == "\t" })) }
      if scalar == "\\", let next = rest.popFirst() { value.append(next) } else { value.append(scalar) }
    }
    return nil
  }

  /// The texts of a list; nil where it is none.
  static func readList(_ text: String) -> [String]? {
    let trimmed = TextLines.trimmed(text)
    guard trimmed.hasPrefix("["), trimmed.hasSuffix("]"), trimmed != "[" else {
      // One name alone, or several after each other, are understood too.
      return trimmed.split(separator: ",").map { TextLines.trimmed(String($0)) }.filter { !$0.isEmpty }
    }
    var rest = trimmed.dropFirst().dropLast()
    var texts: [String] = []
    while !TextLines.isBlank(String(rest)) {
      guard let (value, after) = read(rest, until: [","]) else { return nil }
      guard after.isEmpty || after.first == "," else { return nil }
      if !value.isEmpty { texts.append(value) }
      rest = after.dropFirst()
    }
    return texts
  }
}
