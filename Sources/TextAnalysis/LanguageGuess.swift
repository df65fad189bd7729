/// Tells Finnish, Swedish and English texts apart by their most frequent words and by their letters.
///
/// Each frequent word counts ``wordWeight``; letters count little, so that they decide only where a text is
/// too short to hold such words: *å* speaks for Swedish, *y* with *ä* or *ö*, long vowels and double
/// consonants with Finnish endings for Finnish, *th*, *w* and *sh* for English.
enum LanguageGuess {
  // Tokens looked at: frequent words are every third word of a text, so a paragraph is plenty.
  static let tokenLimit = 120
  private static let wordWeight = 6
  // Less than this says nothing: one odd letter pair in a name.
  private static let leastEvidence = 2

  /// Collects evidence word by word.
  struct Evidence {
    private var finnish = 0
    private var swedish = 0
    private var english = 0
    private var tokens = 0

    init() {}

    var isFull: Bool { tokens >= LanguageGuess.tokenLimit }

    mutating func add(_ word: String) {
      tokens += 1
      if let languages = LanguageGuess.frequent[word] {
        if languages.contains(.finnish) { finnish += LanguageGuess.wordWeight }
        if languages.contains(.swedish) { swedish += LanguageGuess.wordWeight }
        if languages.contains(.english) { english += LanguageGuess.wordWeight }
        return
      }
      addLetters(word)
    }

    /// The language with the most evidence.
    ///
    /// - Parameter otherwise: the answer where there is too little, or the two best have as much.
    func language(otherwise: Language) -> Language {
      let ranked = [(Language.finnish, finnish), (.swedish, swedish), (.english, english)].sorted {
        $0.1 > $1.1
      }
      guard ranked[0].1 >= LanguageGuess.leastEvidence, ranked[0].1 > ranked[1].1 else { return otherwise }
      return ranked[0].0
    }

    private mutating func addLetters(_ word: String) {
      let bytes = Array(word.utf8)
      guard bytes.count >= 3 else { return }
      var index = 1
      var longVowels = 0
      while index < bytes.count {
        switch (bytes[index - 1], bytes[index]) {
        case (0xC3, 0xA5): swedish += 2  // å
        case (0x63, 0x6B):
          swedish += 1  // ck
          english += 1
        case (0x74, 0x68), (0x73, 0x68), (0x77, 0x68): english += 2  // th sh wh
        case (0x61, 0x61), (0x69, 0x69), (0x75, 0x75), (0x79, 0x79): longVowels += 1  // aa ii uu yy
        case (0x79, 0xC3): longVowels += 1  // yö, yä
        case (0x73, 0x6A), (0x6B, 0x6A): swedish += 1  // sj kj
        case (0x77, _): english += 1
        default: break
        }
        index += 1
      }
      finnish += min(longVowels, 2)
      // ää or öö: four bytes, the same pair twice.
      if bytes.count >= 4, word.contains("ää") || word.contains("öö") { finnish += 2 }
      if LanguageGuess.finnishEndings.contains(where: word.hasSuffix) { finnish += 1 }
      if LanguageGuess.swedishEndings.contains(where: word.hasSuffix) { swedish += 1 }
      if LanguageGuess.englishEndings.contains(where: word.hasSuffix) { english += 1 }
    }
  }

  private static let finnishEndings = [
    "ssa", "ssä", "sta", "stä", "lla", "llä", "lta", "ltä", "lle", "ksi", "nen", "een", "iin", "aan", "ään",
    "kin",
    "mme", "tta", "ttä", "vat", "vät",
  ]
  private static let swedishEndings = [
    "ning", "ande", "arna", "erna", "orna", "het", "lig", "ligt", "tion", "tionen", "skap", "ades", "else",
  ]
  private static let englishEndings = ["ing", "tion", "ment", "ness", "ed", "ly", "ers", "ity", "ous"]

  private static let frequent: [String: Set<Language>] = {
    var words: [String: Set<Language>] = [:]
    func add(_ list: String, _ language: Language) {
      for word in list.split(separator: " ") { words[String(word), default: []].insert(language) }
    }
    add(
      """
      ja on ei se että hän oli joka mutta ovat kun niin myös tai mitä jos sen kanssa sekä vain nyt kuin \
      tämä hänen jo ole olla mukaan siitä sitä meillä meidän heidän heillä heille meille voi pitää \
      kuitenkin vielä koska jälkeen ennen asti sitten hyvin paljon uusi uuden ne he me te minä sinä mikä \
      missä milloin miksi miten kuka ovat eivät emme olemme olisi tulee kesken alle yli noin esimerkiksi \
      asiakas asiakkaan yritys palaveri sopimus tarjous kiitos hei
      """, .finnish)
    add(
      """
      och att det som en på är av för med den till inte har de ett om men var jag sig från vi så kan när \
      ska skall nu eller bara mycket efter upp vill där sin vid också mot måste hade detta oss under ut \
      över då blir hos mellan han hon dem deras vår våra kunden kund avtal möte tack hej ännu redan både \
      alla mer än
      """, .swedish)
    add(
      """
      the and of to in is that it was for on are with as be at by this have from or had not but what all \
      were we when there can an your which their said if do will each about how up out them then she many \
      some so these would other into has more her two like him see could no make than been its who now \
      people my made over did down only way find use may long our after also customer they need asked \
      wants meeting please
      """, .english)
    return words
  }()
}
