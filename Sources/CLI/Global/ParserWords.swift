internal import Terminal

/// What the argument parser itself says around our texts, in Finnish: it knows English alone.
enum ParserWords {
  /// Headings and words of help pages, longest first where one is a part of another.
  private static let help: [(english: String, finnish: String)] = [
    ("OVERVIEW: ", "KUVAUS: "), ("USAGE: ", "KÄYTTÖ: "), ("ARGUMENTS:\n", "ARGUMENTIT:\n"),
    ("OPTIONS:\n", "VALITSIMET:\n"), ("SUBCOMMANDS:\n", "ALIKOMENNOT:\n"),
    ("Show the version.", "Näytä versio."), ("Show help information.", "Näytä ohje."),
    ("Show subcommand help information.", "Näytä alikomennon ohje."),
    ("<subcommand>", "<alikomento>"), ("<options>", "<valitsimet>"), ("<subcommands>", "<alikomennot>"),
    ("(default:", "(oletus:"), ("(values:", "(arvot:"), ("; default:", "; oletus:"),
  ]

  /// Sentences about a command line that is wrong.
  private static let errors: [(english: String, finnish: String)] = [
    ("Unknown option ", "Tuntematon valitsin "), ("Did you mean ", "Tarkoititko: "),
    ("Missing value for ", "Arvo puuttuu: "), ("Missing expected argument ", "Puuttuu: "),
    ("Missing one of: ", "Jokin näistä puuttuu: "), ("Missing required subcommand.", "Alikomento puuttuu."),
    ("Unexpected argument ", "Ylimääräinen argumentti "),
    (" unexpected arguments: ", " ylimääräistä argumenttia: "),
    ("Invalid option: ", "Virheellinen valitsin: "), ("The value ", "Arvo "),
    (" is invalid for ", " ei kelpaa: "), (". Please provide one of ", ". Anna jokin näistä: "),
    ("The option ", "Valitsin "), (" does not take any value, but ", " ei ota arvoa, mutta annettiin "),
    (" was specified.", "."), ("Value to be set with ", "Arvo, jonka antaisi "),
    (" had already been set with ", ", on jo annettu: "),
    ("Usage: ", "Käyttö: "), ("Help:  ", "Ohje:  "), ("  See '", "  Lisää: '"),
    ("' for more information.", "'"),
  ]

  /// A help page in the language asked for.
  static func help(_ text: String, _ language: Language) -> String {
    guard language == .finnish else { return text }
    let last = "' for detailed help."
    return translated(translated(text, help), [("  See '", "  Tarkemmin: '"), (last, "'")])
  }

  /// A text whose line with the usage is fitted to a width: the parser leaves that one as long as it is.
  static func fitted(_ text: String, width: Int) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let heads = ["USAGE: ", "KÄYTTÖ: ", "Usage: ", "Käyttö: "]
      guard let head = heads.first(where: { line.hasPrefix($0) }) else { return String(line) }
      let rest = DisplayWidth.wrapped(String(line.dropFirst(head.count)), to: max(20, width - head.count))
      return head + rest.joined(separator: "\n" + String(repeating: " ", count: head.count))
    }.joined(separator: "\n")
  }

  /// What is wrong with a command line, in the language asked for.
  static func error(_ text: String, _ language: Language) -> String {
    let body = text.hasPrefix("Error: ") ? String(text.dropFirst("Error: ".count)) : text
    let label = language.say(en: "error: ", fi: "virhe: ")
    guard language == .finnish else { return label + body }
    return label + translated(translated(body, errors), help)
  }

  /// Whether a text is a help page, not a completion script or another answer of the parser.
  static func isHelp(_ text: String) -> Bool { text.hasPrefix("OVERVIEW: ") || text.hasPrefix("USAGE: ") }

  private static func translated(_ text: String, _ words: [(english: String, finnish: String)]) -> String {
    String(
      decoding: words.reduce(Array(text.utf8)) {
        replacing(Array($1.english.utf8), Array($1.finnish.utf8), in: $0)
      },
      as: UTF8.self)
  }

  /// Every occurrence of some bytes replaced by others.
  private static func replacing(_ old: [UInt8], _ new: [UInt8], in text: [UInt8]) -> [UInt8] {
    guard let first = old.first, text.count >= old.count else { return text }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      if text[index] == first, text[index...].starts(with: old) {
        result += new
        index += old.count
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result
  }
}
