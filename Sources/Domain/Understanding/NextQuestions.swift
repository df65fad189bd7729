public import PunosMessages

/// A person at a customer who could be asked.
public struct Askable: Sendable, Hashable {
  /// The person's resource name, contacts/{contact}.
  public var contact: String
  /// Title, role and department as they are kept, in any language.
  public var words: [String]

  public init(contact: String, words: [String]) {
    self.contact = contact
    self.words = words
  }
}

/// What to ask next, the most valuable first, with whom to ask and why.
///
/// A question's value is what a full answer would add to how well the account is understood: the dimension's share
/// (a fifth), times the topic's, times what is open of it (1 − `understood`). What only one team knows is worth
/// asking the other teams even where it is well known: ``siloGain`` of the topic at least.
public enum NextQuestions {
  /// The part of a topic that a second team's word is worth.
  public static let siloGain = 0.25
  /// A topic that is understood so well is not asked about: people are asked too much already.
  public static let enough = 0.75

  /// - Parameters:
  ///   - facts: in any order.
  ///   - dimensions: what ``UnderstandingScore`` made of them.
  ///   - people: who could be asked at the customer, in any order.
  ///   - teams: the teams of ours that look after the customer, first the one that asks usually.
  ///   - limit: at most so many.
  ///   - now: seconds since 1970.
  public static func questions(
    _ facts: [Fact], _ dimensions: [DimensionUnderstanding], people: [Askable], teams: [String], limit: Int,
    at now: Int64
  ) -> [NextQuestion] {
    let byTopic = Dictionary(grouping: facts, by: \.topic)
    var open: [(question: NextQuestion, known: Known, entry: QuestionTexts.Entry)] = []
    for dimension in dimensions {
      for part in dimension.topics {
        guard let entry = QuestionTexts.entry(part.topic) else { continue }
        let known = Known(
          dimension: dimension.dimension, part: part,
          facts: (byTopic[part.topic] ?? []).filter { $0.dimension == dimension.dimension },
          share: part.weight / Double(max(1, dimensions.count)))
        if let question = question(known, teams) { open.append((question, known, entry)) }
      }
    }
    open.sort {
      ($1.question.value, $0.question.topic.rawValue) < ($0.question.value, $1.question.topic.rawValue)
    }
    // Whom to ask takes a look at everybody there: only of what is told.
    var people = SeatFinder(people)
    return open.prefix(max(0, limit)).map { question, known, entry in
      worded(question, known, entry, &people, teams)
    }
  }

  private struct Known {
    let dimension: Dimension
    let part: TopicUnderstanding
    let facts: [Fact]
    /// The topic's part of the whole account.
    let share: Double

    var measures: Measures { part.measures ?? Measures() }
    /// All who know something of it, those that may not be named too.
    var teams: Set<String> { facts.reduce(into: Set<String>()) { $0.formUnion($1.teams) } }
    var disputing: Set<String> { facts.reduce(into: Set<String>()) { $0.formUnion($1.namedDisputing) } }
  }

  /// What is open of a topic and how much that is worth; nil where nothing is to be asked.
  private static func question(_ known: Known, _ teams: [String]) -> NextQuestion? {
    let gap = gap(known, teams)
    let open = 1 - known.measures.understood
    guard open > 1 - enough || gap == .siloed || gap == .disputed else { return nil }
    var question = NextQuestion()
    question.dimension = known.dimension
    question.topic = known.part.topic
    question.gap = gap
    question.value = known.share * (gap == .siloed ? max(open, siloGain) : open)
    return question
  }

  /// The question in words, with whom to ask and why.
  private static func worded(
    _ question: NextQuestion, _ known: Known, _ entry: QuestionTexts.Entry, _ people: inout SeatFinder,
    _ teams: [String]
  ) -> NextQuestion {
    var question = question
    question.question = BothLanguages(entry.english, entry.finnish)
    question.why = why(question.gap, known, entry)
    question.because = known.part.because
    address(&question, known, entry.seat, &people, teams)
    return question
  }

  /// Why a topic is open, the reason that says most.
  private static func gap(_ known: Known, _ teams: [String]) -> NextQuestion.Gap {
    if known.facts.isEmpty { return .unknown }
    if !known.disputing.isEmpty { return .disputed }
    let measures = known.measures
    // Only a company whose other teams are known has somebody else to ask.
    let isSiloed =
      known.teams.count == 1 && known.part.teams.count == 1 && !Set(teams).isSubset(of: known.teams)
    // What is understood well has nothing open but that a single team knows it.
    if measures.understood >= enough { return isSiloed ? .siloed : .partly }
    if measures.fresh < measures.known / 2 { return .stale }
    if measures.evidenced < measures.known / 2 { return .unevidenced }
    return isSiloed ? .siloed : .partly
  }

  private static func why(_ gap: NextQuestion.Gap, _ known: Known, _ entry: QuestionTexts.Entry)
    -> BothLanguages
  {
    let who = known.part.teams.joined(separator: ", ")
    let others = known.disputing.sorted().joined(separator: ", ")
    let said: (String, String) =
      switch gap {
      case .unknown: ("Nobody of ours knows it", "Kukaan meistä ei tiedä sitä")
      case .stale: ("It was known, but too long ago", "Se tiedettiin, mutta liian kauan sitten")
      case .disputed:
        ("Our teams know differently (\(others) disputes it)", "Tiimimme ovat eri mieltä (\(others) kiistää)")
      case .unevidenced: ("It is claimed without evidence", "Siitä on väite ilman näyttöä")
      case .siloed: ("Only \(who) knows it", "Sen tietää vain \(who)")
      default: ("It is known in part", "Se tunnetaan osittain")
      }
    return BothLanguages(
      "\(said.0), and \(entry.gainEnglish).", "\(said.1), ja \(entry.gainFinnish).")
  }

  /// Whom to ask: what one team knows, the other teams; what teams dispute, both; all else, the customer.
  private static func address(
    _ question: inout NextQuestion, _ known: Known, _ seat: QuestionTexts.Seat, _ people: inout SeatFinder,
    _ teams: [String]
  ) {
    if question.gap == .siloed, let other = teams.first(where: { !known.teams.contains($0) }) {
      question.team = other
      question.ask = BothLanguages(
        "Ask the team \(other) first whether they know the same.",
        "Kysy ensin tiimiltä \(other), tietääkö se samaa.")
      return
    }
    question.team = known.part.teams.first ?? teams.first ?? ""
    question.contact = people.best(for: seat)?.contact ?? ""
    question.ask = BothLanguages("Ask \(seat.english).", "Kysy \(seat.finnish).")
  }
}

extension BothLanguages {
  /// - Parameters:
  ///   - english: in English.
  ///   - finnish: in Finnish.
  public init(_ english: String, _ finnish: String) {
    self.init()
    self.english = english
    self.finnish = finnish
  }
}
