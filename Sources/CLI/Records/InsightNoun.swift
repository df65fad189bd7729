internal import PunosAPI
internal import PunosMessages
internal import Terminal

extension Insight: NamedRecord {}

/// Insights on the command line.
enum InsightNoun: CLINoun {
  typealias Client = InsightServiceClient
  typealias Record = Insight

  static let command = "insight"
  static let one = Term(en: "insight", fi: "havainto")
  static let many = Term(en: "insights", fi: "havainnot")
  static let abstract = Term(
    en: "Insights: what our teams claim about a customer, on what it rests, and who confirms or disputes it.",
    fi: "Havainnot: mitä tiimimme väittävät asiakkaasta, mihin se perustuu ja kuka sen vahvistaa tai kiistää."
  )

  static let columns: [NounColumn<Insight>] = [
    NounColumn(.init("claim", en: "Insight", fi: "Havainto", minimum: 30)) { record, writing in
      shownClaim(record, writing.language)
    },
    NounColumn(.init("dimension", en: "About", fi: "Aihe", minimum: 10)) { record, writing in
      record.dimension.title(writing.language)
    },
    NounColumn(.init("confidence", en: "Sure", fi: "Varmuus", isNumber: true, expendability: 1)) {
      record, writing in
      record.confidence.map { writing.format.percent($0) } ?? ""
    },
    NounColumn(.init("observed_time", en: "Seen", fi: "Havaittu", expendability: 2)) { record, writing in
      writing.ago(record.observedTime)
    },
    NounColumn(.init("team", en: "Team", fi: "Tiimi", expendability: 3)) { record, writing in
      FieldNames.label(record.team, writing.language)
    },
  ]

  static func title(_ record: Insight) -> String { record.claim }
  static func externalIDs(_ record: Insight) -> [ExternalId] { record.externalIds }
  static func shown(in view: AccountView) -> [Insight] { view.insights }

  /// The claim, or that it is withheld, why, and until when.
  static func shownClaim(_ insight: Insight, _ language: Language) -> String {
    guard insight.withheld else { return insight.claim }
    let withholding = insight.withholding
    let ends = [withholding?.untilDate ?? "", withholding?.untilStage ?? ""].filter { !$0.isEmpty }
    let end = ends.joined(separator: " / ")
    let until = end.isEmpty ? "" : language.say(en: ", until \(end)", fi: ", \(end) asti")
    return language.say(en: "Withheld: ", fi: "Rajattu: ") + (withholding?.reason ?? "") + until
  }
}
