public import PunosMessages

/// How well a customer is understood, worked out from facts.
///
/// For one topic each fact `i` has a belief `b` (``Belief``), a freshness `f` (``Fading``) and evidence `e` (1, or ½
/// without any). Facts are independent witnesses; together they leave open what each leaves open:
///
///     known      = 1 − Π (1 − bᵢ)
///     fresh      = 1 − Π (1 − bᵢ fᵢ)
///     evidenced  = 1 − Π (1 − bᵢ), over those with evidence
///     understood = 1 − Π (1 − bᵢ fᵢ eᵢ)
///
/// A dimension's measures are the means of its topics by weight, the account's those of the five dimensions. All are
/// between 0 and 1, never fall when a fact is added, and do not depend on the order of facts.
public enum UnderstandingScore {
  /// What a fact without evidence counts beside one with it.
  public static let unevidenced = 0.5
  /// Records shown behind a topic: the heaviest say what a reader needs, and a customer of many years has hundreds.
  public static let recordsShown = 5

  /// The dimensions, in order.
  ///
  /// - Parameters:
  ///   - facts: in any order.
  ///   - now: seconds since 1970.
  public static func dimensions(_ facts: [Fact], at now: Int64) -> [DimensionUnderstanding] {
    let byDimension = Dictionary(grouping: facts, by: \.dimension)
    return Topics.dimensions.map { dimension in
      let own = Dictionary(grouping: byDimension[dimension] ?? []) { fact in
        Topics.dimension(of: fact.topic) == dimension ? fact.topic : .unspecified
      }
      var understanding = DimensionUnderstanding()
      understanding.dimension = dimension
      understanding.topics = Topics.parts(of: dimension).map { topic($0, own[$0.topic] ?? [], at: now) }
      understanding.measures = mean(understanding.topics.map { ($0.measures ?? Measures(), $0.weight) })
      understanding.teams = Set(understanding.topics.flatMap(\.teams)).sorted()
      return understanding
    }
  }

  /// The account as a whole: each dimension counts the same.
  public static func whole(_ dimensions: [DimensionUnderstanding]) -> Measures {
    mean(dimensions.map { ($0.measures ?? Measures(), 1 / Double(max(1, dimensions.count))) })
  }

  /// The mean of several measures that count the same; zeros for none.
  public static func mean(of measures: [Measures]) -> Measures {
    mean(measures.map { ($0, 1 / Double(max(1, measures.count))) })
  }

  private static func mean(_ parts: [(Measures, Double)]) -> Measures {
    var mean = Measures()
    for (measures, weight) in parts {
      mean.known += measures.known * weight
      mean.fresh += measures.fresh * weight
      mean.evidenced += measures.evidenced * weight
      mean.understood += measures.understood * weight
    }
    return mean
  }

  private static func topic(_ part: Topics.Part, _ facts: [Fact], at now: Int64) -> TopicUnderstanding {
    // Rounding depends on the order of a product, so that it is always the same one.
    let facts = facts.sorted { ($0.record, $0.sentence) < ($1.record, $1.sentence) }
    var understanding = TopicUnderstanding()
    understanding.topic = part.topic
    understanding.weight = part.weight
    var measures = Measures()
    measures.known = together(facts.map(\.belief))
    measures.fresh = together(facts.map { $0.belief * $0.freshness(at: now) })
    measures.evidenced = together(facts.filter(\.isEvidenced).map(\.belief))
    measures.understood = together(facts.map { self.part(of: $0, at: now) })
    understanding.measures = measures
    understanding.teams = facts.reduce(into: Set<String>()) { $0.formUnion($1.namedTeams) }.sorted()
    let heaviest = facts.map { ($0, self.part(of: $0, at: now)) }.sorted { $0.1 > $1.1 }
    understanding.because = heaviest.prefix(recordsShown).map { fact, weight in
      Because(record: fact.record, weight: weight, sentence: fact.sentence)
    }
    return understanding
  }

  /// What a fact by itself gives to how well its topic is understood.
  static func part(of fact: Fact, at now: Int64) -> Double {
    fact.belief * fact.freshness(at: now) * (fact.isEvidenced ? 1 : unevidenced)
  }

  /// Independent parts together.
  private static func together(_ parts: [Double]) -> Double { 1 - parts.reduce(1) { $0 * (1 - $1) } }
}

extension Because {
  /// - Parameters:
  ///   - record: empty where it is none.
  ///   - weight: its part in the number.
  ///   - sentence: what it is.
  public init(record: String, weight: Double, sentence: String) {
    self.init()
    self.record = record
    self.weight = weight
    self.sentence = sentence
  }
}
