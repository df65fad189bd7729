internal import FieldFormats

/// Finds the country that a text names.
public enum CountryNames {
  /// What was found, and how sure it is.
  public enum Finding: Sendable, Hashable {
    /// The text is the code or a name of this country.
    case exact(String)
    /// The text is nearly a name of this country, and of no other.
    case misspelt(String)
    /// The text is as near to several countries' names.
    case ambiguous([String])
    /// No country is called anything like it.
    case unknown
  }

  private static let byName: [String: String] = {
    var names: [String: String] = [:]
    for row in CountryFacts.names.split(separator: "\n") {
      let parts = row.split(separator: " ", maxSplits: 2)
      guard parts.count == 3 else { continue }
      let code = String(parts[0])
      names[parts[1].lowercased()] = code
      for name in parts[2].split(separator: "|") {
        let folded = DataText.folded(String(name))
        names[folded] = code
        // "Bosnia & Herzegovina" is written with "and" as often.
        for word in [" ja ", " och ", " and "] where name.contains(word) || name.contains("&") {
          names[DataText.folded(String(name).split(separator: "&").joined(separator: word))] = code
        }
      }
    }
    for line in CountryFacts.otherNames.split(separator: "\n") {
      var words: [Substring] = []
      for token in line.split(separator: " ") {
        guard let equals = token.firstIndex(of: "=") else {
          words.append(token)
          continue
        }
        words.append(token[..<equals])
        names[words.joined(separator: " ")] = String(token[token.index(after: equals)...])
        words = []
      }
    }
    return names
  }()

  /// Finds a country by ISO 3166-1 code (two or three letters) or by name in Finnish, Swedish or English, in any
  /// case, with or without diacritics, a letter or two misspelt.
  ///
  /// - Parameter text: at most 80 bytes are looked at; longer texts are no country.
  public static func find(_ text: String) -> Finding {
    guard text.utf8.count <= 80 else { return .unknown }
    let trimmed = DataText.trimmed(text)
    if let code = FieldFormat.country.canonical(trimmed) { return .exact(code) }
    let folded = DataText.folded(trimmed)
    if let code = byName[folded] { return .exact(code) }
    if folded.hasPrefix("the "), let code = byName[String(folded.dropFirst(4))] { return .exact(code) }
    // Short names are too near to each other (Iran, Iraq) for guessing.
    guard folded.count >= 5 else { return .unknown }
    let limit = folded.count >= 8 ? 2 : 1
    var best = limit + 1
    var codes: Set<String> = []
    for (name, code) in byName where name.count >= 5 {
      let distance = DataText.editDistance(folded, name, limit: limit)
      if distance < best {
        best = distance
        codes = [code]
      } else if distance == best, distance <= limit {
        codes.insert(code)
      }
    }
    guard let code = codes.first else { return .unknown }
    return codes.count == 1 ? .misspelt(code) : .ambiguous(codes.sorted())
  }
}

extension Cleaning {
  /// Writes a country as ISO 3166-1 alpha-2.
  ///
  /// - Parameter value: a code or a name in Finnish, Swedish or English.
  /// - Returns: the code; the value as it was written, in doubt, when no country or several could be meant.
  public static func country(_ value: String) -> Cleaned {
    switch CountryNames.find(value) {
    case .exact(let code):
      Cleaned(code, notes: code == value ? [] : [CleaningNote(.country, "“\(value)” read as \(code)")])
    case .misspelt(let code):
      Cleaned(code, notes: [CleaningNote(.spelling, "“\(value)” is not spelt like any country, read as \(code)")])
    case .ambiguous(let codes):
      .left(value, "could be several countries (\(codes.joined(separator: ", ")))")
    case .unknown: .left(value, "no country is called that in Finnish, Swedish or English")
    }
  }
}
