internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

extension Purchase: NamedRecord {}

/// Purchases on the command line.
enum PurchaseNoun: CLINoun {
  typealias Client = PurchaseServiceClient
  typealias Record = Purchase

  static let command = "purchase"
  static let one = Term(en: "purchase", fi: "osto")
  static let many = Term(en: "purchases", fi: "ostot")
  static let abstract = Term(
    en: "How customers buy: their stages, criteria, papers, pains, what they may choose, and how it ended.",
    fi: "Miten asiakkaat ostavat: vaiheet, kriteerit, paperit, kivut, vaihtoehdot ja lopputulos.")

  static let columns: [NounColumn<Purchase>] = [
    NounColumn(.init("title", en: "Purchase", fi: "Osto", minimum: 24)) { record, _ in record.title },
    NounColumn(.init("status", en: "Status", fi: "Tila", minimum: 8)) { record, writing in
      record.status.title(writing.language)
    },
    NounColumn(.init("value", en: "Value", fi: "Arvo", isNumber: true)) { record, writing in
      record.value.map { writing.money($0) } ?? ""
    },
    NounColumn(.init("stage", en: "Their stage", fi: "Vaihe heillä", expendability: 2)) { record, _ in record.stage },
    NounColumn(.init("expected_date", en: "Expected", fi: "Odotetaan", expendability: 3, minimum: 10)) {
      record, writing in writing.format.date(record.expectedDate)
    },
    NounColumn(.init("decided_date", en: "Decided", fi: "Päätetty", expendability: 2, minimum: 10)) {
      record, writing in writing.format.date(record.decidedDate)
    },
    NounColumn(.init("owner", en: "Answers for it", fi: "Vastaa", expendability: 1, minimum: 12)) { record, _ in
      record.owner
    },
  ]

  static func title(_ record: Purchase) -> String { record.title }
  static func externalIDs(_ record: Purchase) -> [ExternalId] { record.externalIds }
  static func shown(in view: AccountView) -> [Purchase] { view.purchases }
}

struct PurchaseCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    RecordCommands<PurchaseNoun>.configuration(and: [PurchaseSummaryCommand.self])
  }
}
