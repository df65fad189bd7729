internal import Synchronization

/// Turns texts into the terms they are found by, the same way for what is stored and for what is asked.
///
/// Finnish words become base forms through Voikko, which also splits compounds; Swedish and English words,
/// and Finnish ones where Voikko is missing, become Snowball stems. Names marked verbatim are only folded.
///
/// Safe to use from any thread: each lane of analysers is behind a lock, and a caller takes the first free
/// one.
public final class TextAnalyser: Sendable {
  /// How an analyser is set up.
  public struct Configuration: Sendable {
    /// The shared object of libvoikko; a name that does not exist turns Voikko off.
    public var voikkoLibrary = "libvoikko.so.1"
    /// A directory that is looked into for the Finnish dictionary before the standard places.
    public var dictionaryPath: String?
    /// How many threads can analyse at once. Each lane that is used holds a Voikko handle (about 1 MB beside
    /// the dictionary, which they share) and three caches.
    public var lanes = 2
    /// Words that a lane's cache of one language remembers. Of running text 32,768 words cover about 97 in
    /// 100, and take about 6 MB.
    public var cacheLimit = 32_768
    /// The language of a text that does not show its own.
    public var defaultLanguage = Language.finnish

    /// The defaults.
    public init() {}
  }

  /// How Finnish words are reduced.
  public enum FinnishMethod: Sendable, Hashable {
    /// Voikko's base forms and compound parts; the library's version.
    case voikko(version: String)
    /// Snowball's stems, and why Voikko is not used.
    case snowball(reason: String)
  }

  /// How Finnish words are reduced by this analyser.
  public let finnishMethod: FinnishMethod

  /// Changes whenever the same text may give other terms than before; an index says which one it was built
  /// with, and is rebuilt when it no longer matches.
  public let fingerprint: String

  let configuration: Configuration
  private let library: VoikkoLibrary?
  private let lanes: [Lane]
  private let warned = Atomic<Bool>(false)

  // Raised with every change of the tokeniser, the folding or the choice of terms.
  private static let rules = 1

  /// Finds Voikko and its dictionary; where one is missing, ``finnishMethod`` and ``takeWarning()`` say so.
  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
    var library: VoikkoLibrary?
    do {
      let loaded = try VoikkoLibrary(name: configuration.voikkoLibrary)
      // Opened once here, so that a missing dictionary is known from the start.
      _ = try Voikko(library: loaded, dictionaryPath: configuration.dictionaryPath)
      library = loaded
      finnishMethod = .voikko(version: loaded.version)
      fingerprint = "punos-\(Self.rules)/voikko-\(loaded.version)"
    } catch {
      finnishMethod = .snowball(reason: error.reason)
      fingerprint = "punos-\(Self.rules)/snowball"
    }
    self.library = library
    lanes = (0..<max(1, configuration.lanes)).map { _ in Lane() }
  }

  /// What an operator should know, once: that Finnish is searched with stems because Voikko is missing, and
  /// what to install. `nil` where there is nothing to say or it has been said.
  public func takeWarning() -> String? {
    guard case .snowball(let reason) = finnishMethod else { return nil }
    guard !warned.exchange(true, ordering: .relaxed) else { return nil }
    return """
      Finnish base forms are not available: \(reason). Search uses stems instead, so asiakas does not find \
      asiakkaan and compounds are not split. Install libvoikko1 and voikko-fi and restart: the search index is then \
      built anew.
      """
  }

  /// The terms that a text is found by.
  ///
  /// - Parameters:
  ///   - text: any text.
  ///   - language: its language where known; found from the text where not.
  ///   - verbatim: the words are names: folded, not reduced to base forms.
  /// - Returns: a word for each token, in order.
  public func words(
    of text: String, language: Language? = nil, verbatim: Bool = false
  ) -> [AnalysedWord] {
    let tokens = Tokeniser.tokens(in: text)
    guard !tokens.isEmpty else { return [] }
    if verbatim {
      return tokens.map {
        AnalysedWord(range: $0.range, terms: Self.verbatimTerms($0), base: 1, folded: $0.folded)
      }
    }
    let language = language ?? Self.guess(tokens, otherwise: configuration.defaultLanguage)
    return withLane { lane in
      tokens.map { token in
        let reduced = Self.terms(of: token, language, &lane)
        return AnalysedWord(
          range: token.range, terms: reduced.terms, base: reduced.base, folded: token.folded)
      }
    }
  }

  /// The language of a text, from its frequent words and letters; the configured default where it does not
  /// show.
  public func language(of text: String) -> Language {
    Self.guess(Tokeniser.tokens(in: text), otherwise: configuration.defaultLanguage)
  }

  /// The terms that a word somebody searches for may be stored under: its base forms in every language, and
  /// the word itself, since names are stored as they stand.
  ///
  /// Parts of compounds are left out: who asks for *sopimusneuvottelu* does not ask for every *sopimus*.
  func queryTerms(of token: Token) -> [String] {
    guard token.kind == .word || token.kind == .compound else { return [Self.verbatimTerms(token)[0]] }
    return withLane { lane in
      var terms: [String] = []
      for language in Language.allCases {
        for term in lane.terms(of: token.folded, language).whole { terms.appendOnce(term) }
      }
      terms.appendOnce(Self.verbatimTerms(token)[0])
      return terms
    }
  }

  private static func guess(_ tokens: [Token], otherwise: Language) -> Language {
    var evidence = LanguageGuess.Evidence()
    for token in tokens where token.kind == .word {
      evidence.add(token.folded)
      if evidence.isFull { break }
    }
    return evidence.language(otherwise: otherwise)
  }

  /// The terms of a token as it stands: the whole first, then its parts.
  private static func verbatimTerms(_ token: Token) -> [String] {
    switch token.kind {
    case .compound:
      return [token.parts.joined()] + token.parts.filter { $0.utf8.count > 1 }
    case .email, .domain, .identifier:
      return [token.folded] + token.parts
    case .phone:
      // Also with the trunk zero, as it is typed in the country itself.
      return [token.folded, "0" + token.folded]
    case .word, .number:
      return [token.folded]
    }
  }

  private static func terms(
    of token: Token, _ language: Language, _ lane: inout AnalyserLane
  ) -> (terms: [String], base: Int) {
    switch token.kind {
    case .word:
      let found = lane.terms(of: token.folded, language)
      return (found.parts.isEmpty ? found.whole : found.whole + found.parts, found.whole.count)
    case .compound:
      let found = lane.terms(of: token.folded, language)
      var terms = found.whole + found.parts
      for part in token.parts where part.utf8.count > 1 {
        for term in lane.terms(of: part, language).whole { terms.appendOnce(term) }
      }
      return (terms, found.whole.count)
    case .email, .domain:
      var terms = [token.folded]
      for part in token.parts { terms.appendOnce(part) }
      return (terms, 1)
    case .number, .phone, .identifier:
      return (verbatimTerms(token), 1)
    }
  }

  private func withLane<T: Sendable>(_ body: (inout AnalyserLane) -> T) -> T {
    for lane in lanes {
      if let result = lane.state.withLockIfAvailable({ use(&$0, body) }) { return result }
    }
    return lanes[0].state.withLock { use(&$0, body) }
  }

  private func use<T: Sendable>(_ state: inout AnalyserLane?, _ body: (inout AnalyserLane) -> T) -> T {
    var lane = state.take() ?? openLane()
    defer { state = lane }
    return body(&lane)
  }

  private func openLane() -> AnalyserLane {
    // The dictionary was there at the start. Should it be gone now, words are reduced by stems until a
    // restart.
    let voikko = library.flatMap { try? Voikko(library: $0, dictionaryPath: configuration.dictionaryPath) }
    return AnalyserLane(voikko: voikko, cacheLimit: configuration.cacheLimit)
  }
}

/// Analysers behind a lock, opened when first used.
private final class Lane: Sendable {
  let state = Mutex<AnalyserLane?>(nil)
}

/// A word of a text, with what it is found by.
public struct AnalysedWord: Sendable, Hashable {
  /// Where it stands: UTF-8 offsets in the text.
  public var range: Range<Int>
  /// The terms it is found by: its base forms, then those of its parts; never empty.
  public var terms: [String]
  /// How many of the terms, from the first on, stand for the whole word.
  public var base: Int
  /// The folded word as it was written.
  public var folded: String
}
