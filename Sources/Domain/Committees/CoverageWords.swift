import PunosMessages

/// Words of findings on coverage.
enum CoverageWords {
  /// "met several times, last 12 days ago".
  static func contact(_ standing: CoverageScore.Standing) -> BothLanguages {
    let depth =
      switch standing.coverage {
      case .brief: BothLanguages("met briefly", "tavattu lyhyesti")
      case .several: BothLanguages("met several times", "tavattu monta kertaa")
      case .deep: BothLanguages("in close contact", "tiivis yhteys")
      default: untouched
      }
    let when = lastTime(standing)
    return BothLanguages("\(depth.english), \(when.english)", "\(depth.finnish), \(when.finnish)")
  }

  /// "last 12 days ago"; "noted 12 days ago, nobody says when".
  static func lastTime(_ standing: CoverageScore.Standing) -> BothLanguages {
    guard case .word(let noted) = standing.basis else {
      let (days, finnishDays) = (Figures.days(standing.age), Figures.finnishDays(standing.age))
      return BothLanguages("last \(days) ago", "viimeksi \(finnishDays) sitten")
    }
    let unsaid = BothLanguages("nobody says when", "kukaan ei kerro milloin")
    guard let noted else { return unsaid }
    return BothLanguages(
      "noted \(Figures.days(noted)) ago, \(unsaid.english)",
      "kirjattu \(Figures.finnishDays(noted)) sitten, \(unsaid.finnish)")
  }

  /// How old the last contact is, and how much of it is left.
  static func faded(_ standing: CoverageScore.Standing) -> BothLanguages {
    let share = Figures.percent(1 - standing.freshness)
    let (days, finnishDays) = (Figures.days(standing.age), Figures.finnishDays(standing.age))
    guard standing.basis == .contact else {
      return BothLanguages(
        "Contact without a day is taken as \(days) old by now; \(share) of it has faded.",
        "Päiväämättömän yhteyden iäksi katsotaan jo \(finnishDays); siitä on haalistunut \(share).")
    }
    return BothLanguages(
      "The last contact was \(days) ago; \(share) of it has faded.",
      "Viimeisestä yhteydestä on \(finnishDays); siitä on haalistunut \(share).")
  }

  static let untouched = BothLanguages("not in touch", "ei yhteyttä")

  /// "works against us".
  static func stance(_ stance: CommitteeMember.Stance) -> BothLanguages {
    switch stance {
    case .against: BothLanguages("is against us", "on meitä vastaan")
    case .sceptical: BothLanguages("doubts", "epäilee")
    case .neutral: BothLanguages("is neutral", "on puolueeton")
    case .supportive: BothLanguages("is in favour", "on puolellamme")
    case .mentor: BothLanguages("works for us", "toimii hyväksemme")
    default: BothLanguages("has a stance that is not known", "ei ole kertonut kantaansa")
    }
  }

  /// "economic buyer and decision maker"; "without a known role".
  static func roles(_ seat: CommitteeSeat) -> BothLanguages {
    let words = seat.roles.filter { $0 != .unspecified }.sorted { $0.rawValue < $1.rawValue }.map(\.words)
    guard !words.isEmpty else { return BothLanguages("without a known role", "rooli ei tiedossa") }
    return BothLanguages(
      words.map(\.english).joined(separator: " and "), words.map(\.finnish).joined(separator: " ja "))
  }

  /// Since when somebody works at the account no longer, as a reason and as a finding say it.
  static func gone(_ presence: Presence) -> (worked: BothLanguages, left: BothLanguages) {
    guard case .gone(since: let day?) = presence else {
      return (
        BothLanguages("works at the account no longer", "ei ole enää asiakkaalla töissä"),
        BothLanguages("works there no longer", "ei ole enää siellä töissä")
      )
    }
    return (
      BothLanguages(
        "has not worked at the account since \(day)", "ei ole ollut asiakkaalla töissä \(day) jälkeen"),
      BothLanguages("left on \(day)", "lähti \(day)")
    )
  }

  /// A level of contact.
  static func level(_ coverage: CommitteeMember.Coverage) -> BothLanguages {
    switch coverage {
    case .brief: BothLanguages("brief", "lyhyt")
    case .several: BothLanguages("several", "monta tapaamista")
    case .deep: BothLanguages("deep", "tiivis")
    default: BothLanguages("none", "ei yhteyttä")
    }
  }
}
