internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

extension Feedback: NamedRecord {}

/// Feedback on the command line.
enum FeedbackNoun: CLINoun {
  typealias Client = FeedbackServiceClient
  typealias Record = Feedback

  static let command = "feedback"
  static let one = Term(en: "feedback", fi: "palaute")
  static let many = Term(en: "feedback", fi: "palautteet")
  static let abstract = Term(
    en: "What customers, and their own customers, say of how it went: NPS, CSAT, CES or words.",
    fi: "Mitä asiakkaat ja heidän asiakkaansa kertovat kokemuksestaan: NPS, CSAT, CES tai sanoin.")

  static let columns: [NounColumn<Feedback>] = [
    NounColumn(.init("time", en: "When", fi: "Milloin", minimum: 10)) { record, writing in writing.full(record.time) },
    NounColumn(.init("measure", en: "Measure", fi: "Mittari", minimum: 4)) { record, writing in
      record.measure.title(writing.language)
    },
    NounColumn(.init("score", en: "Score", fi: "Arvosana", isNumber: true, minimum: 5)) { record, _ in
      record.score.map { "\($0)" } ?? ""
    },
    NounColumn(.init("expected_score", en: "Expected", fi: "Odotus", isNumber: true, expendability: 2)) { record, _ in
      record.expectedScore.map { "\($0)" } ?? ""
    },
    NounColumn(.init("touchpoint", en: "Touchpoint", fi: "Kohtaamispiste", expendability: 3)) { record, _ in
      record.touchpoint
    },
    NounColumn(.init("voice", en: "Who speaks", fi: "Kuka puhuu", expendability: 4)) { record, writing in
      record.voice.title(writing.language)
    },
    NounColumn(.init("text", en: "Words", fi: "Sanoin", expendability: 1, minimum: 20)) { record, _ in
      String(record.text.prefix { !$0.isNewline }.prefix(FeedbackNoun.shownCharacters))
    },
  ]

  /// Of a text in a list: a line of a wide terminal.
  private static let shownCharacters = 120

  static func title(_ record: Feedback) -> String { record.title }
  static func externalIDs(_ record: Feedback) -> [ExternalId] { record.externalIds }
  static func shown(in view: AccountView) -> [Feedback] { view.feedback }
}

struct FeedbackCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration { RecordCommands<FeedbackNoun>.configuration() }
}
