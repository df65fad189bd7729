internal import FieldFormats

extension Mapping {
  /// Longest mapping file read, in bytes: a thousand columns with long names.
  public static let longestFile = 1024 * 1024

  /// Reads a mapping file.
  ///
  /// ```
  /// punos-mapping 1
  /// locale fi                              # how the file writes numbers and dates
  /// country FI                             # of rows that do not say one
  /// source "Old CRM"                       # for the provenance of fields
  ///
  /// [account]
  /// key oldcrm = Customer No               # external id: system = column
  /// Name = display_name
  /// "Turnover, M€" = revenue.amount | money | times 1000000
  /// constant revenue.amount.currency = EUR
  /// Parent = parents.account | lookup account
  /// ignore Fax
  /// ```
  ///
  /// - Parameters:
  ///   - text: the file.
  ///   - targets: the kinds and fields there are.
  /// - Throws: ``MappingError`` with every problem of the file.
  public init(parsing text: String, targets: [MappingTargets] = MappingTargets.standard) throws(MappingError) {
    self.init()
    var parser = MappingParser(targets: targets)
    if text.utf8.count > Self.longestFile {
      parser.report(1, "a mapping file of more than \(Self.longestFile) bytes")
    } else {
      for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
        parser.read(line, number: index + 1)
      }
      parser.finish()
    }
    guard parser.problems.isEmpty else { throw MappingError(problems: parser.problems) }
    self = parser.mapping
  }
}

/// Reads a mapping file a line at a time, keeping everything that is wrong.
private struct MappingParser {
  let targets: [MappingTargets]
  var mapping = Mapping()
  var problems: [RecordProblem] = []
  private var sawVersion = false
  private var columnLines: [String: Int] = [:]
  private var targetLines: [String: Int] = [:]

  init(targets: [MappingTargets]) { self.targets = targets }

  mutating func report(_ line: Int, _ reason: String) {
    problems.append(RecordProblem(at: FilePosition(line: line), reason))
  }

  mutating func read(_ line: Substring, number: Int) {
    let tokens: [Token]
    switch Token.split(line) {
    case .success(let found): tokens = found
    case .failure(let problem):
      report(number, problem.reason)
      return
    }
    guard let first = tokens.first else { return }
    if !sawVersion {
      sawVersion = true
      if tokens.map(\.text) == ["punos-mapping", "1"] { return }
      report(number, "a mapping file begins with the line “punos-mapping 1”")
    }
    if !first.quoted, first.text.hasPrefix("["), tokens.count == 1 {
      openSection(first.text, number)
    } else if !first.quoted, ["locale", "country", "source"].contains(first.text), !tokens.contains(where: \.isEquals) {
      setting(first.text, tokens.dropFirst(), number)
    } else if mapping.sections.isEmpty {
      report(number, "expected a section such as [account] before columns are mapped")
    } else if !first.quoted, first.text == "key", tokens.contains(where: \.isEquals) {
      key(tokens, number)
    } else if !first.quoted, first.text == "ignore", !tokens.contains(where: \.isEquals) {
      ignore(tokens, number)
    } else if !first.quoted, first.text == "constant" {
      constant(tokens, number)
    } else {
      column(tokens, number)
    }
  }

  mutating func finish() {
    if !sawVersion { report(1, "the mapping file is empty") }
    if sawVersion, mapping.sections.isEmpty { report(1, "no section such as [account] says what rows become") }
    for section in mapping.sections where section.columns.allSatisfy(\.targets.isEmpty) && section.keyColumn == nil {
      report(section.line, "no column is mapped in [\(section.kind)]")
    }
  }

  private mutating func openSection(_ text: String, _ line: Int) {
    let kind = String(text.dropFirst().prefix { $0 != "]" })
    guard text == "[\(kind)]", targets.contains(where: { $0.kind == kind }) else {
      report(line, "expected one of \(targets.map { "[\($0.kind)]" }.joined(separator: ", "))")
      return
    }
    if mapping.sections.contains(where: { $0.kind == kind }) { report(line, "the section [\(kind)] comes twice") }
    mapping.sections.append(Mapping.Section(kind: kind, line: line))
    columnLines = [:]
    targetLines = [:]
  }

  private mutating func setting(_ name: String, _ values: ArraySlice<Token>, _ line: Int) {
    let value = values.map(\.text).joined(separator: " ")
    switch name {
    case "locale":
      guard let locale = DataLocale(value) else {
        report(line, "expected a locale whose habits are known, such as fi, sv, en-GB or en-US")
        return
      }
      mapping.locale = locale
    case "country":
      guard FieldFormat.country.problem(in: value) == nil else {
        report(line, "expected a country by its ISO 3166-1 code, such as FI")
        return
      }
      mapping.country = value
    default: mapping.source = value
    }
  }

  /// The tokens on both sides of the equals sign.
  private mutating func sides(_ tokens: ArraySlice<Token>, _ line: Int) -> (left: String, right: ArraySlice<Token>)? {
    guard let equals = tokens.firstIndex(where: \.isEquals), equals > tokens.startIndex, equals + 1 < tokens.endIndex else {
      report(line, "expected “column = field”, “key system = column”, “constant field = value” or “ignore column”")
      return nil
    }
    return (tokens[..<equals].map(\.text).joined(separator: " "), tokens[(equals + 1)...])
  }

  private mutating func key(_ tokens: [Token], _ line: Int) {
    guard let (system, right) = sides(tokens.dropFirst(), line) else { return }
    let last = mapping.sections.count - 1
    let valid = system.utf8.allSatisfy { byte in
      byte &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x2D || byte == 0x2E || byte == 0x5F
    }
    guard valid, system.utf8.count <= 63 else {
      report(line, "expected a system's name of a-z, 0-9, dot, hyphen and underscore")
      return
    }
    guard mapping.sections[last].keySystem == nil else {
      report(line, "the section has a key already")
      return
    }
    mapping.sections[last].keySystem = system
    mapping.sections[last].keyColumn = right.map(\.text).joined(separator: " ")
  }

  private mutating func ignore(_ tokens: [Token], _ line: Int) {
    let name = tokens.dropFirst().map(\.text).joined(separator: " ")
    add(Mapping.Column(name, targets: [], line: line))
  }

  private mutating func constant(_ tokens: [Token], _ line: Int) {
    guard let (target, right) = sides(tokens.dropFirst(), line), check(target, line) else { return }
    let value = right.map(\.text).joined(separator: " ")
    mapping.sections[mapping.sections.count - 1].constants.append(
      Mapping.Constant(target: target, value: value, line: line))
  }

  private mutating func column(_ tokens: [Token], _ line: Int) {
    guard let (name, right) = sides(tokens[...], line) else { return }
    let groups = right.split(omittingEmptySubsequences: false, whereSeparator: \.isBar)
    let paths = (groups.first ?? []).flatMap { $0.text.split(separator: ",").map { DataText.trimmed(String($0)) } }
    var steps: [CleaningStep] = []
    for group in groups.dropFirst() {
      guard let step = CleaningStep(words: group.map(\.text)) else {
        let word = group.first?.text ?? ""
        let near = DataText.nearest(to: word, in: CleaningStep.names).map { ": is \($0) meant?" } ?? ""
        report(line, "no cleaning is called “\(word)”, or not with these words\(near)")
        continue
      }
      steps.append(step)
    }
    if paths.isEmpty { report(line, "expected a field after the equals sign") }
    for path in paths where !check(path, line) { return }
    add(Mapping.Column(name, targets: paths, steps: steps, line: line))
  }

  private mutating func add(_ column: Mapping.Column) {
    if let earlier = columnLines[column.name] {
      report(column.line, "the column “\(column.name)” is mapped twice (already on line \(earlier))")
      return
    }
    columnLines[column.name] = column.line
    mapping.sections[mapping.sections.count - 1].columns.append(column)
  }

  /// Whether a path is a field of the section's kind that nothing else is written to.
  private mutating func check(_ path: String, _ line: Int) -> Bool {
    let kind = mapping.sections[mapping.sections.count - 1].kind
    guard let fields = targets.first(where: { $0.kind == kind }) else { return false }
    guard let target = fields.target(for: path) else {
      let near = DataText.nearest(to: path, in: fields.targets.keys.sorted()).map { ": is \($0) meant?" } ?? ""
      report(line, "\(kind) has no field “\(path)”\(near)")
      return false
    }
    let addsUp = ["lines", "tags"].contains { target.path.hasSuffix($0) } || ["domains", "phones"].contains(target.path)
    if !addsUp, let earlier = targetLines[path] {
      report(line, "the field \(path) is written twice (already on line \(earlier))")
      return false
    }
    targetLines[path] = line
    return true
  }
}

/// A word of a mapping file, or one of its marks.
private struct Token {
  var text: String
  var quoted: Bool

  var isEquals: Bool { !quoted && text == "=" }
  var isBar: Bool { !quoted && text == "|" }

  struct Problem: Error { var reason: String }

  /// Splits a line at blanks; `=` and `|` stand alone except inside words of a `replace`; `#` at the beginning of a
  /// word starts a comment; a word in quotes is taken as it is, with doubled quotes inside.
  ///
  /// Works on scalars: a combining mark behind a quote or an equals sign must not hide it.
  static func split(_ line: Substring) -> Result<[Token], Problem> {
    let scalars = Array(line.unicodeScalars)
    var tokens: [Token] = []
    var word = String.UnicodeScalarView()
    var sawEquals = false
    var index = 0
    func flush() {
      if !word.isEmpty { tokens.append(Token(text: String(word), quoted: false)) }
      word = String.UnicodeScalarView()
    }
    while index < scalars.count {
      let scalar = scalars[index]
      if scalar == "\"", word.isEmpty || word.last == "=" {
        guard let text = quotedText(scalars, &index) else {
          return .failure(Problem(reason: "a quote is opened and not closed"))
        }
        tokens.append(Token(text: String(word) + text, quoted: true))
        word = String.UnicodeScalarView()
        continue
      }
      if DataText.isBlank(scalar) {
        flush()
      } else if scalar == "#", word.isEmpty {
        break
      } else if scalar == "|" || (scalar == "=" && !sawEquals) {
        flush()
        tokens.append(Token(text: scalar == "=" ? "=" : "|", quoted: false))
        if scalar == "=" { sawEquals = true }
      } else {
        word.append(scalar)
      }
      index += 1
    }
    flush()
    return .success(tokens)
  }

  /// The text in quotes that begins at an index, which is moved behind it; nil when the quotes are not closed.
  private static func quotedText(_ scalars: [Unicode.Scalar], _ index: inout Int) -> String? {
    var text = String.UnicodeScalarView()
    index += 1
    while index < scalars.count {
      if scalars[index] == "\"" {
        guard index + 1 < scalars.count, scalars[index + 1] == "\"" else {
          index += 1
          return String(text)
        }
        index += 1
      }
      text.append(scalars[index])
      index += 1
    }
    return nil
  }
}
