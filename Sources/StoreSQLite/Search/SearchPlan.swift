internal import Store
internal import TextAnalysis

/// What FTS5 is asked, and how its answers are scored.
struct SearchPlan {
  /// A match expression with its score plan.
  struct Pass {
    var expression: String
    var scorePlan: [UInt8]
    /// What a document that this pass finds, and no pass before it, can have of relevance at most.
    var bound: Double
  }

  /// A word that must be there: the terms it may be stored under, and what it weighs.
  struct Group {
    var terms: [SearchVocabulary.Entry]
    var weight: Double
    /// In how many documents it stands, counted twice where they hold two of its terms.
    var documents: Int { terms.reduce(0) { $0 &+ $1.documents } }
  }

  /// Looked through one after the other, each from the newest document on.
  var passes: [Pass]
  /// How many documents match, or about how many.
  var estimate: Int
  /// Whether the estimate is a count.
  var isEstimateExact: Bool

  // Where fewer documents than this are expected, all of them are scored: looking through the strong ones
  // first would save nothing, and going through the words' lists is what such a search costs.
  private static let shortList = 2_000

  /// - Parameters:
  ///   - groups: the words that must be there, each with at least one term.
  ///   - phrases: for each phrase its spellings, each the terms that must follow each other.
  ///   - excluded: spellings of what must not be there.
  ///   - filters: for each filter the terms of which one must be there.
  ///   - documents: of the tenant.
  init(
    groups: [Group], phrases: [[[String]]], excluded: [[String]], filters: [[[UInt8]]], tenant: UInt32,
    documents: Int
  ) {
    let prefix = SearchTerm.prefix(ofTenant: tenant)
    let rest = Rest(phrases: phrases, excluded: excluded, filters: filters, prefix: prefix)
    let greatest = SearchRanking.greatestImpact
    let all = groups.reduce(0) { $0 + $1.weight * greatest }
    let weak = greatest - SearchRanking.strongImpact
    let lightest = groups.map(\.weight).min() ?? 0
    passes = []
    var expected = Double(documents)
    for group in groups { expected *= min(1, Double(group.documents) / Double(max(1, documents))) }
    // A phrase costs more to look for than its documents do to score, so it is looked for once.
    if expected >= Double(Self.shortList), phrases.isEmpty {
      var strong = Writer(prefix: prefix, groups: groups)
      strong.addWords()
      strong.addStrong(each: true)
      strong.add(rest)
      passes.append(strong.pass(bound: all))
      if groups.count > 1 {
        var some = Writer(prefix: prefix, groups: groups)
        some.addWords()
        some.addStrong(each: false)
        some.add(rest)
        passes.append(some.pass(bound: all - lightest * weak))
      }
    }
    var last = Writer(prefix: prefix, groups: groups)
    last.addWords()
    last.add(rest)
    passes.append(last.pass(bound: passes.isEmpty ? all : all - groups.reduce(0) { $0 + $1.weight * weak }))
    isEstimateExact = groups.count == 1 && groups[0].terms.count == 1 && rest.isEmpty
    estimate = isEstimateExact ? groups[0].documents : Int(expected)
  }

  /// The documents that hold all of these words, without looking for the best first.
  static func everything(_ groups: [Group], tenant: UInt32) -> Pass {
    var writer = Writer(prefix: SearchTerm.prefix(ofTenant: tenant), groups: groups)
    writer.addWords()
    return writer.pass(bound: .infinity)
  }

  /// What restricts without scoring.
  private struct Rest {
    var phrases: [[[String]]]
    var excluded: [[String]]
    var filters: [[[UInt8]]]
    var prefix: String
    var isEmpty: Bool { phrases.isEmpty && excluded.isEmpty && filters.isEmpty }
  }

  /// Writes an expression; first its words, since the score plan says of the first phrases which word each
  /// stands for.
  private struct Writer {
    let prefix: String
    let groups: [Group]
    private var conditions: [String] = []
    private var without: [String] = []
    private var phraseGroups: [UInt8] = []

    init(prefix: String, groups: [Group]) {
      self.prefix = prefix
      self.groups = groups
    }

    mutating func addWords() {
      for (number, group) in groups.enumerated() {
        conditions.append(any(group.terms.map { quoted([$0.term]) }))
        phraseGroups += [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: group.terms.count)
      }
    }

    /// - Parameter each: every word must stand strongly; false: one of them.
    mutating func addStrong(each: Bool) {
      let strong = groups.map { group in group.terms.map { quoted([$0.term], strong: true) } }
      conditions += each ? strong.map(any) : [any(strong.flatMap { $0 })]
    }

    mutating func add(_ rest: Rest) {
      conditions += rest.phrases.map { any($0.map { quoted($0) }) }
      conditions += rest.filters.map { any($0.map { quoted([String(decoding: $0, as: UTF8.self)]) }) }
      without += rest.excluded.map { quoted($0) }
    }

    func pass(bound: Double) -> Pass {
      var expression = conditions.joined(separator: " AND ")
      if !without.isEmpty { expression = "(\(expression)) NOT \(any(without))" }
      return Pass(
        expression: expression,
        scorePlan: ScorePlan.encode(phraseGroups: phraseGroups, weights: groups.map(\.weight)), bound: bound)
    }

    private func any(_ phrases: [String]) -> String { "(" + phrases.joined(separator: " OR ") + ")" }

    private func quoted(_ terms: [String], strong: Bool = false) -> String {
      let mark = strong ? String(UnicodeScalar(SearchTerm.strongMark)) : ""
      return "\"" + terms.map { prefix + Self.escaped($0) + mark }.joined(separator: " ") + "\""
    }

    private static func escaped(_ term: String) -> String {
      term.utf8.contains(0x22)
        ? term.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") : term
    }
  }
}
