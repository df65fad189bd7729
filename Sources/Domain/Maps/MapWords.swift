import PunosMessages

/// The words of a map in the language of who looks at it.
struct MapWords {
  let isFinnish: Bool

  /// - Parameter language: BCP 47; what is not Finnish is told in English.
  init(language: String) { isFinnish = language == "fi" || language.hasPrefix("fi-") }

  private func say(_ english: String, _ finnish: String) -> String { isFinnish ? finnish : english }

  var ours: String { say("Ours", "Meiltä") }
  var others: String { say("Outside the reporting lines", "Raportointisuhteiden ulkopuolella") }
  var ties: String { say("Ties", "Suhteet") }
  var nobody: String { say("Nobody is known here yet.", "Täältä ei vielä tunneta ketään.") }
  var knownBy: String { say("known by", "tuntee") }
  var strength: String { say("weak, fair, strong tie", "heikko, kohtalainen, vahva suhde") }
  func level(_ level: Int) -> String { say("level \(level)", "taso \(level)") }
  func more(_ count: Int) -> String { say("and \(count) more", "ja \(count) muuta") }

  func stance(_ stance: CommitteeMember.Stance) -> String {
    switch stance {
    case .against: say("against", "vastustaa")
    case .sceptical: say("sceptical", "epäilee")
    case .neutral: say("neutral", "neutraali")
    case .supportive: say("supportive", "kannattaa")
    case .mentor: say("mentor", "opastaa meitä")
    default: say("not known", "ei tiedossa")
    }
  }

  func kind(_ kind: Relationship.Kind) -> String {
    switch kind {
    case .reportsTo: say("reports to", "raportoi")
    case .influences: say("influences", "vaikuttaa")
    case .trusts: say("trusts", "luottaa")
    case .conflictsWith: say("in conflict", "ristiriidassa")
    case .sponsors: say("sponsors", "puhuu puolesta")
    default: say("knows", "tuntee")
    }
  }

  /// A kind of tie as it is drawn: beside the tree a reporting line is one more.
  func tie(_ kind: Relationship.Kind) -> String {
    kind == .reportsTo ? say("also reports to", "raportoi myös") : self.kind(kind)
  }

  /// The stances in the order of a legend.
  static let stances: [CommitteeMember.Stance] = [
    .mentor, .supportive, .neutral, .sceptical, .against, .unspecified,
  ]
  /// The ties that are drawn as lines of their own, in the order of a legend.
  static let drawn: [Relationship.Kind] = [
    .influences, .trusts, .sponsors, .knows, .conflictsWith, .reportsTo,
  ]
}
