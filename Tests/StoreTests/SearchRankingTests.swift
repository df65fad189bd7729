import Store
import Testing
import TextAnalysis

@testable import StoreSQLite

@Suite struct SearchRankingTests {
  @Test func theNewerTheSurerAndTheMoreToThePointComesFirst() throws {
    let bench = try SearchBench()
    try bench.put([
      "new": .finnish("kone rikki"), "old": .finnish("kone rikki", daysAgo: 700),
      "unsure": .finnish("kone rikki", confidence: 0.1),
      "aside": .finnish("kone " + Array(repeating: "muuta asiaa", count: 40).joined(separator: " ")),
    ])
    let order = try bench.find(SearchQuery(text: "kone")).documents.map { ($0.key.id, $0.why) }
    #expect(order.map(\.0) == ["new", "aside", "unsure", "old"], "\(order)")
    let why = try #require(try bench.find(SearchQuery(text: "kone")).documents.last?.why)
    #expect(why.recency < 0.4 && why.recency > SearchRanking.recencyFloor)
    #expect(why.confidence == 1)
  }

  @Test func aHitInTheNameOutweighsOneInTheText() throws {
    let bench = try SearchBench()
    let text = "asiaa koneesta ja muusta"
    try bench.put([
      "text": SearchDocument(fields: [.init(name: "text", text: "kone kone", language: "fi")]),
      "name": SearchDocument(fields: [
        .init(name: "name", text: "Kone", weight: 4, isVerbatim: true),
        .init(name: "text", text: text, language: "fi"),
      ]),
    ])
    #expect(try bench.ids("kone") == ["name", "text"])
  }

  @Test func aRareWordCountsMoreThanACommonOne() throws {
    let bench = try SearchBench()
    var notes = Dictionary(
      uniqueKeysWithValues: (0..<50).map { ("n\($0)", SearchDocument.finnish("kone toimii")) })
    notes["rare twice"] = .finnish("kone turbiini turbiini ja muuta")
    notes["common twice"] = .finnish("kone kone turbiini ja muuta")
    try bench.put(notes)
    #expect(try bench.ids("kone turbiini") == ["rare twice", "common twice"])
  }

  @Test func leavingOffEarlyNeverChangesTheAnswer() throws {
    // Enough documents that common words take the way through the strong ones.
    let words = ["kissa", "koira", "lintu", "kala", "hevonen", "lehmä", "lammas", "kana"]
    for seed in 1...2 as ClosedRange<UInt64> {
      var random = SearchRandom(state: seed)
      let bench = try SearchBench()
      var model: [String: SearchDocument] = [:]
      for number in 0..<4_000 {
        let count = Int.random(in: 1...25, using: &random)
        let text = (0..<count).map { _ in
          words[min(Int.random(in: 0..<8, using: &random), Int.random(in: 0..<12, using: &random) % 8)]
        }
        model["n\(number)"] = .finnish(
          text.joined(separator: " "), daysAgo: Int.random(in: 0...900, using: &random),
          confidence: Bool.random(using: &random) ? nil : Double.random(in: 0...1, using: &random))
      }
      try bench.put(model)
      var leftEarly = false
      for text in [
        "kissa", "koira kissa", "lintu kala", "kissa koira lintu", "kana", "\"kissa koira\"", "kala -kissa",
      ] {
        let found = try bench.find(SearchQuery(text: text), count: 15)
        let expected = try plainly(text, model, bench)
        #expect(!found.isBounded)
        leftEarly = leftEarly || !found.isTotalExact
        let scores = found.documents.map(\.why.score)
        #expect(scores.count == min(15, expected.count), "seed \(seed), \(text)")
        for (score, plain) in zip(scores, expected) {
          #expect(abs(score - plain) < 1e-9, "seed \(seed), \(text)")
        }
        if found.isTotalExact { #expect(found.total == expected.count, "seed \(seed), \(text)") }
      }
      #expect(leftEarly, "seed \(seed): no search left off early, so this test shows nothing")
    }
  }

  /// The scores of all that match, worked out document by document from the formula, the best first.
  private func plainly(_ text: String, _ model: [String: SearchDocument], _ bench: SearchBench) throws
    -> [Double]
  {
    let search = SearchBench.analyser.searchText(text)
    let analysed = model.mapValues { SearchBench.analyser.words(of: $0.fields[0].text, language: .finnish) }
    let stored = Set(analysed.values.joined().flatMap(\.terms))
    func frequency(_ term: String, _ words: [AnalysedWord]) -> Int {
      words.reduce(0) { $0 + ($1.terms.contains(term) ? 1 : 0) }
    }
    func holds(_ part: SearchText.Part, _ words: [AnalysedWord]) -> Bool {
      guard words.count >= part.words.count else { return false }
      return (0...(words.count - part.words.count)).contains { start in
        part.words.enumerated().allSatisfy {
          !Set(words[start + $0.offset].terms).isDisjoint(with: $0.element.alternatives)
        }
      }
    }
    var groups: [(terms: [String], weight: Double)] = []
    for word in search.parts.filter({ !$0.excluded }).flatMap(\.words) {
      let terms = word.alternatives.filter(stored.contains)
      let stands = terms.reduce(0) { sum, term in sum + analysed.values.count { frequency(term, $0) > 0 } }
      groups.append((terms, SearchRanking.rarity(documents: min(stands, model.count), of: model.count)))
    }
    func impact(_ term: String, _ words: [AnalysedWord]) -> Double {
      let length = SearchRanking.lengthClass(words: words.count)
      return SearchRanking.impact(Double(frequency(term, words)), length: length)
    }
    var scores: [Double] = []
    for (id, words) in analysed {
      guard search.parts.allSatisfy({ holds($0, words) != $0.excluded }), let document = model[id] else {
        continue
      }
      let relevance = groups.reduce(0.0) { sum, group in
        sum + group.weight
          * (group.terms.map { impact($0, words) }.max() ?? 0)
      }
      let hour = DocumentNumber.hour(of: document.moment ?? SearchBench.now)
      let recency = SearchRanking.recency(age: Int(DocumentNumber.hour(of: SearchBench.now) - hour))
      let confidence = SearchRanking.confidence(level: Int(((document.confidence ?? 1) * 7).rounded()))
      scores.append(relevance * recency * confidence)
    }
    return scores.sorted(by: >)
  }

  @Test func workBeyondTheBoundIsLeftAndSaid() throws {
    let bench = try SearchBench()
    for day in 0..<300 { try bench.put(["n\(day)": .finnish("kone", daysAgo: day)]) }
    let found = try bench.find(SearchQuery(text: "kone"), count: 200, budget: 100)
    #expect(found.isBounded)
    #expect(found.documents.count == 100)
    #expect(found.total == 300 && found.isTotalExact)
    #expect(try !bench.find(SearchQuery(text: "kone"), count: 200).isBounded)
  }

  @Test func pagesHaveNoGapAndNoRepeat() throws {
    let bench = try SearchBench()
    try bench.put(
      Dictionary(uniqueKeysWithValues: (0..<95).map { ("n\($0)", .finnish("kone", daysAgo: $0 / 3)) }))
    let all = try bench.find(SearchQuery(text: "kone"), count: 95).documents.map(\.key)
    var paged: [RecordKey] = []
    var hasMore = true
    while hasMore {
      let page = try bench.find(SearchQuery(text: "kone"), offset: paged.count, count: 10)
      paged += page.documents.map(\.key)
      hasMore = page.hasMore
    }
    #expect(paged == all)
    #expect(Set(all).count == 95)
  }

  @Test func aDocumentsNumberHoldsWhatRankingNeeds() {
    for seed in 1...500 as ClosedRange<UInt64> {
      var random = SearchRandom(state: seed)
      let moment = Moment(seconds: Int64.random(in: -4_000_000_000...9_000_000_000, using: &random))
      let kind = UInt16.random(in: 0...300, using: &random)
      let confidence = Double.random(in: -0.5...1.5, using: &random)
      let words = Int.random(in: 0...5_000, using: &random)
      let number = DocumentNumber(
        moment: moment, kind: RecordKind(kind), confidence: confidence, words: words)
      #expect(number.hour == DocumentNumber.hour(of: moment), "seed \(seed)")
      #expect(number.kindBits == Int(kind & 63), "seed \(seed)")
      #expect(number.confidenceLevel == Int((min(max(confidence, 0), 1) * 7).rounded()), "seed \(seed)")
      #expect(number.lengthClass == SearchRanking.lengthClass(words: words), "seed \(seed)")
      let later = DocumentNumber(
        moment: Moment(seconds: moment.seconds + 7_200), kind: RecordKind(1), confidence: 1, words: 1)
      #expect(later.rawValue < number.rawValue, "seed \(seed): newer numbers come first")
      let window = SearchWindow(since: moment, until: nil, moved: 0)
      #expect(window.range.contains(number.rawValue) && window.needsLook(number), "seed \(seed)")
    }
    for moment in [Moment(rawValue: .min), Moment(rawValue: .max)] {
      let number = DocumentNumber(moment: moment, kind: RecordKind(.max), confidence: .nan, words: .max)
      #expect(number.hour != nil && number.rawValue > 0)
    }
    #expect(DocumentNumber(moment: nil, kind: RecordKind(3), confidence: nil, words: 0).hour == nil)
  }
}

@Suite struct NameLookupTests {
  private func bench() throws -> SearchBench {
    let bench = try SearchBench()
    let names = [
      "Kone Oyj", "Konecranes Oyj", "Kemira Oyj", "Metsä Board Oyj", "Nokia Solutions Oy", "Rakennus Aho Oy",
    ]
    try bench.put(Dictionary(uniqueKeysWithValues: names.map { ($0, .named($0)) }))
    try bench.put(["note": .finnish("Kone ja Konecranes")])
    return bench
  }

  private func nearest(_ name: String, _ bench: SearchBench, kinds: [RecordKind] = []) throws -> [String] {
    let reader = SearchReader(try SearchStatements(bench.connection), tenant: 1, analyser: SearchBench.analyser)
    return try NameLookup(connection: bench.connection, reader: reader, tenant: 1)
      .nearest(to: name, kinds: kinds, limit: 3).map(\.name)
  }

  @Test(arguments: [
    ("Koen", "Kone Oyj"), ("kone", "Kone Oyj"), ("Kone Cranes", "Konecranes Oyj"), ("Kemria", "Kemira Oyj"),
    ("Metsa Borad", "Metsä Board Oyj"), ("Solutions", "Nokia Solutions Oy"),
    ("Rakennus Ahho", "Rakennus Aho Oy"),
    ("konecr", "Konecranes Oyj"),
  ])
  func aNameThatIsNearlyRightLeadsToTheRightOne(_ asked: String, _ name: String) throws {
    #expect(try nearest(asked, bench()).first == name)
  }

  @Test func whatIsLikeNothingLeadsNowhere() throws {
    let bench = try bench()
    #expect(try nearest("Xyzzyx", bench).isEmpty)
    #expect(try nearest("", bench).isEmpty)
    #expect(try nearest("kone", bench, kinds: [RecordKind(99)]).isEmpty)
  }
}
