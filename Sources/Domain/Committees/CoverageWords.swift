import PunosMessages

/// Words of findings on coverage.
enum CoverageWords {
  /// "met several times, 12 days ago".
  static func contact(_ seat: CommitteeSeat, at moment: Int64) -> BothLanguages {
    let isUndated = CoverageScore.isUndated(seat, at: moment)
    let depth =
      switch isUndated ? seat.undatedCoverage : seat.coverage {
      case .brief: BothLanguages("met briefly", "tavattu lyhyesti")
      case .several: BothLanguages("met several times", "tavattu monta kertaa")
      case .deep: BothLanguages("in close contact", "tiivis yhteys")
      default: untouched
      }
    guard !isUndated, let age = CoverageScore.age(seat, at: moment) else {
      return BothLanguages("\(depth.english), nobody says when", "\(depth.finnish), kukaan ei kerro milloin")
    }
    return BothLanguages(
      "\(depth.english), last \(Figures.days(age)) ago",
      "\(depth.finnish), viimeksi \(Figures.finnishDays(age)) sitten")
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
