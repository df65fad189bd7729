internal import PunosMessages
internal import Terminal

/// The page about how well an account is understood.
struct UnderstandingPage {
  private let understanding: Understanding
  private let people: AskedPeople
  private let writing: Writing

  init(_ understanding: Understanding, _ people: AskedPeople, _ writing: Writing) {
    self.understanding = understanding
    self.people = people
    self.writing = writing
  }

  /// Columns of the four measures.
  static let measureColumns: [Listing.Column] = [
    .init("understood", en: "Understood", fi: "Ymmärretty", isNumber: true),
    .init("known", en: "Known", fi: "Tiedossa", isNumber: true, expendability: 1),
    .init("fresh", en: "Fresh", fi: "Tuoretta", isNumber: true, expendability: 1),
    .init("evidenced", en: "Evidenced", fi: "Näytetty", isNumber: true, expendability: 1),
  ]

  /// Columns of the dimensions.
  static let columns: [Listing.Column] =
    [.init("dimension", en: "About", fi: "Aihe", minimum: 12)] + measureColumns + [
      .init("teams", en: "Known by", fi: "Tietävät", expendability: 2)
    ]

  /// The four measures in percent.
  static func texts(_ measures: Measures?, _ writing: Writing) -> [String] {
    let measures = measures ?? Measures()
    return [measures.understood, measures.known, measures.fresh, measures.evidenced].map {
      writing.format.percent($0)
    }
  }

  /// A text in one of both languages.
  static func text(_ text: BothLanguages?, _ language: Language) -> String {
    language.say(en: text?.english ?? "", fi: text?.finnish ?? "")
  }

  func page() -> Page {
    let language = writing.language
    var page = Page()
    page.title(
      language.say(en: "Understanding", fi: "Asiakasymmärrys"),
      note: writing.format.percent(understanding.measures?.understood ?? 0))
    page.table(dimensions())
    let silo = understanding.silo ?? Silo()
    page.heading(
      language.say(en: "Known by one team alone", fi: "Vain yhden tiimin tiedossa"),
      note: writing.format.percent(silo.index))
    page.items(silo.records.map { ($0.sentence, FieldNames.label($0.team, language)) })
    page.heading(language.say(en: "Ask next", fi: "Kysy seuraavaksi"))
    page.items(
      understanding.questions.map { (Self.text($0.question, language), people.text($0, language)) })
    return page
  }

  private func dimensions() -> TextTable {
    var table = TextTable(
      columns: Self.columns.map {
        TextTable.Column(
          $0.title(in: writing.language), alignedRight: $0.isNumber, minimum: $0.minimum,
          expendability: $0.expendability)
      })
    for dimension in understanding.dimensions {
      let teams = dimension.teams.map { FieldNames.label($0, writing.language) }.joined(separator: ", ")
      table.add(
        [dimension.dimension.title(writing.language)] + Self.texts(dimension.measures, writing) + [teams])
    }
    return table
  }
}
