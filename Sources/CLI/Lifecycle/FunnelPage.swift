internal import PunosMessages
internal import Terminal

/// A funnel as people and spreadsheets read it.
struct FunnelPage {
  private let funnel: Funnel
  private let grouping: FunnelGrouping?
  private let session: Session
  private let writing: Writing

  init(_ funnel: Funnel, by grouping: FunnelGrouping?, _ session: Session) {
    self.funnel = funnel
    self.grouping = grouping
    self.session = session
    writing = Writing(session.language)
  }

  // MARK: For people

  /// The stages, those of each group under its name, and where it sticks.
  func page() -> Page {
    var page = Page()
    // One group needs no heading that says so.
    if !funnel.segments.isEmpty { page.heading(session.say(en: "All", fi: "Kaikki")) }
    page.table(table(funnel.stages))
    for segment in funnel.segments {
      page.heading(title(segment))
      page.table(table(segment.stages))
    }
    page.paragraph(notes().joined(separator: "\n"))
    guard !funnel.bottlenecks.isEmpty else { return page }
    page.heading(session.say(en: "Where it sticks", fi: "Missä takkuaa"))
    page.items(
      funnel.bottlenecks.map { bottleneck in
        let because = bottleneck.because.dropFirst().map { session.told($0.sentence, $0.finnishSentence) }
        let said = session.told(bottleneck.sentence, bottleneck.finnishSentence)
        return (([said] + because).joined(separator: " "), writing.format.percent(bottleneck.weight))
      })
    return page
  }

  private func title(_ segment: FunnelSegment) -> String {
    if segment.key.isEmpty { return session.say(en: "(not said)", fi: "(ei kerrottu)") }
    return grouping == .team ? FieldNames.label(segment.key, session.language) : segment.key
  }

  /// What the tables do not show.
  private func notes() -> [String] {
    var notes: [String] = []
    if funnel.truncated {
      let shown = funnel.segments.count
      notes.append(
        session.say(
          en: "\(shown) groups shown, and there are more: --limit shows up to 50.",
          fi: "Näytetään \(shown) ryhmää, ja niitä on lisää: --limit näyttää enintään 50."))
    }
    let tables = [funnel.stages] + funnel.segments.map(\.stages)
    let hidden =
      tables.map { table($0).hiddenColumns(width: session.output.width - Self.indent) }
      .max { $0.count < $1.count } ?? []
    if session.format == .table, !hidden.isEmpty {
      let names = hidden.joined(separator: ", ")
      notes.append(
        session.say(
          en: "No room here for: \(names). A wider terminal or --output csv shows them.",
          fi: "Tähän eivät mahdu: \(names). Ne näyttää leveämpi pääte tai --output csv."))
    }
    return notes
  }

  /// Columns by which pages set tables in.
  private static let indent = 2

  private func table(_ stages: [FunnelStage]) -> TextTable {
    func column(_ english: String, _ finnish: String, wraps: Bool = false, expendability: Int = 0)
      -> TextTable.Column
    {
      TextTable.Column(
        session.say(en: english, fi: finnish), alignedRight: true, wraps: wraps, expendability: expendability)
    }
    var table = TextTable(columns: [
      TextTable.Column(session.say(en: "Stage", fi: "Vaihe"), minimum: 10, wraps: true),
      column("Came", "Tuli"), column("Went on", "Jatkoi"), column("Dropped out", "Poistui"),
      column("Went back", "Palasi", expendability: 2), column("There now", "On nyt", expendability: 1),
      column("Median days", "Päivien mediaani"),
      column("Value lost", "Menetetty arvo", wraps: true),
    ])
    for stage in stages {
      table.add([
        stage.title, number(stage.entered), counted(stage.converted, stage.conversion),
        counted(stage.dropped, stage.dropOff), number(stage.wentBack), number(stage.present),
        stage.medianDays.map { writing.format.number($0, decimals: $0 == $0.rounded() ? 0 : 1) } ?? "",
        writing.amounts(stage.valueLost),
      ])
    }
    return table
  }

  private func number(_ count: Int64) -> String { writing.format.number(count) }

  /// How many, and which share of those that left the stage.
  private func counted(_ count: Int64, _ share: Double?) -> String {
    number(count) + (share.map { "\u{A0}(" + writing.format.percent($0) + ")" } ?? "")
  }

  // MARK: For spreadsheets and programs

  /// Every stage of every group in plain numbers; the group of all accounts comes first, and has no key.
  func listing() -> Listing {
    let tables = [("", funnel.stages)] + funnel.segments.map { ($0.key, $0.stages) }
    let amounts = AmountColumns(tables.flatMap { $0.1.flatMap(\.valueLost) })
    let names = ["scope", "segment"] + ["stage", "title"] + Self.counts + amounts.keys("value_lost")
    let rows = tables.enumerated().flatMap { index, table in
      table.1.map { stage in
        [index == 0 ? "all" : "segment", table.0, stage.stage, stage.title] + plain(stage)
          + amounts.values(stage.valueLost)
      }
    }
    return Listing(columns: names.map { Listing.Column($0, en: $0, fi: $0) }, rows: rows)
  }

  private static let counts = [
    "entered", "converted", "dropped", "went_back", "present", "conversion", "drop_off", "median_days",
    "expected_days",
  ]

  private func plain(_ stage: FunnelStage) -> [String] {
    let counts = [stage.entered, stage.converted, stage.dropped, stage.wentBack, stage.present]
    let shares = [stage.conversion, stage.dropOff, stage.medianDays].map { $0.map { "\($0)" } ?? "" }
    return counts.map(String.init) + shares + [stage.expectedDays.map(String.init) ?? ""]
  }
}
