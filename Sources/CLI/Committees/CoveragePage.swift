internal import PunosMessages
internal import Terminal

/// How well a committee is covered, as people and spreadsheets read it.
struct CoveragePage {
  private let analysis: AnalyzeCoverageResponse
  private let session: Session
  private let writing: Writing

  /// Reads what people call the records that findings rest on.
  init(_ analysis: AnalyzeCoverageResponse, _ session: Session) async throws {
    self.analysis = analysis
    self.session = session
    var writing = Writing(session.language)
    for member in analysis.members { writing.titles[member.name] = member.displayName }
    let named = analysis.findings.flatMap(\.evidence) + analysis.members.map(\.purchase)
    writing.titles = try await RecordTitles(session).adding(named, to: writing.titles)
    self.writing = writing
  }

  func page() -> Page {
    var page = Page()
    page.title(
      session.say(en: "Coverage", fi: "Kattavuus") + " " + writing.format.percent(analysis.score),
      note: writing.format.date(analysis.date))
    page.items(analysis.findings.map { (text(of: $0), "") })
    let seats = CoverageSeat.of(analysis.members)
    page.heading(session.say(en: "Committee", fi: "Päätöksentekijät"), note: "\(seats.count)")
    page.items(seats.map { (text(of: $0), contact(with: $0)) })
    page.heading(session.say(en: "Why this score", fi: "Mistä luku tulee"))
    page.items(analysis.because.map { (session.told($0.sentence, $0.finnishSentence), "") })
    return page
  }

  /// The finding with its weight, the next step, what the weight is made of, and whom it is about.
  private func text(of finding: CoverageFinding) -> String {
    let because = finding.because.map { session.told($0.sentence, $0.finnishSentence) }
    let evidence = unique(finding.evidence.map(writing.called)).joined(separator: ", ")
    let lines = [
      session.told(finding.sentence, finding.finnishSentence) + " (" + writing.format.percent(finding.weight)
        + ")",
      "→ " + session.told(finding.nextStep, finding.finnishNextStep),
      because.joined(separator: " "),
      evidence.isEmpty ? "" : session.say(en: "Seen from: ", fi: "Näkyy tästä: ") + evidence,
    ]
    return lines.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private func unique(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }

  /// The person with their roles, each with the purchase that it is for where it is for one.
  private func text(of seat: CoverageSeat) -> String {
    let roles = seat.parts.map { part in
      let roles = part.roles.map { $0.title(session.language) }.joined(separator: ", ")
      return part.purchase.isEmpty ? roles : "\(roles) (\(writing.called(part.purchase)))"
    }
    return seat.name + ", " + unique(roles).joined(separator: ", ")
  }

  private func contact(with seat: CoverageSeat) -> String {
    [seat.stance.title(session.language), seat.coverage.title(session.language)]
      .filter { !$0.isEmpty }.joined(separator: ", ")
  }

  func findings() -> Listing {
    Listing(
      columns: [
        .init("kind", en: "Finding", fi: "Havainto"),
        .init("weight", en: "Weight", fi: "Paino", isNumber: true),
        .init("sentence", en: "What", fi: "Mitä"), .init("next_step", en: "Next step", fi: "Seuraavaksi"),
        .init("evidence", en: "Evidence", fi: "Perusteet"), .init("because", en: "Because", fi: "Koska"),
      ],
      rows: analysis.findings.map { finding in
        [
          finding.kind.title(session.language), "\(finding.weight)",
          session.told(finding.sentence, finding.finnishSentence),
          session.told(finding.nextStep, finding.finnishNextStep),
          finding.evidence.joined(separator: ";"),
          finding.because.map { session.told($0.sentence, $0.finnishSentence) }.joined(separator: " "),
        ]
      })
  }
}

/// A person in a committee: what all records of it say of them.
struct CoverageSeat {
  /// The roles that one record tells.
  struct Part {
    var roles: [CommitteeMember.Role]
    /// The purchase's resource name; empty for all that they decide about us.
    var purchase: String
  }

  let contact: String
  let name: String
  private(set) var parts: [Part] = []
  private(set) var stance = CommitteeMember.Stance.unspecified
  private(set) var coverage = CommitteeMember.Coverage.unspecified

  /// The people, each once, in the order in which their first records are told.
  static func of(_ members: [CommitteeMember]) -> [CoverageSeat] {
    var seats: [CoverageSeat] = []
    for member in members {
      let place = seats.firstIndex { $0.contact == member.contact }
      var seat = place.map { seats[$0] } ?? CoverageSeat(contact: member.contact, name: member.displayName)
      seat.add(member)
      if let place { seats[place] = seat } else { seats.append(seat) }
    }
    return seats
  }

  private init(contact: String, name: String) {
    self.contact = contact
    self.name = name
  }

  private mutating func add(_ member: CommitteeMember) {
    parts.append(Part(roles: [member.role] + member.moreRoles, purchase: member.purchase))
    // What is said of the purchase itself counts before what is said of the person in general.
    if member.stance != .unspecified, stance == .unspecified || !member.purchase.isEmpty {
      stance = member.stance
    }
    coverage = CommitteeMember.Coverage(rawValue: max(coverage.rawValue, member.coverage.rawValue))
  }
}
