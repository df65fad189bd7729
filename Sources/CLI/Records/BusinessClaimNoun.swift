internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

extension BusinessClaim: NamedRecord {}

/// What is known of customers' business, on the command line.
enum BusinessClaimNoun: CLINoun {
  typealias Client = BusinessClaimServiceClient
  typealias Record = BusinessClaim

  static let command = "business"
  static let one = Term(en: "business claim", fi: "liiketoimintatieto")
  static let many = Term(en: "business claims", fi: "liiketoimintatiedot")
  static let abstract = Term(
    en:
      "The customer's business: strategy, goals, pressures, market, competitors, regulation, rhythm of the year.",
    fi:
      "Asiakkaan liiketoiminta: strategia, tavoitteet, paineet, markkina, kilpailijat, sääntely, vuoden rytmi."
  )

  static let columns: [NounColumn<BusinessClaim>] = [
    NounColumn(.init("claim", en: "Claim", fi: "Tieto", minimum: 30)) { record, _ in record.claim },
    NounColumn(.init("topic", en: "About", fi: "Aihe", minimum: 10)) { record, writing in
      record.topic.title(writing.language)
    },
    NounColumn(.init("valid_from", en: "Since", fi: "Alkaen", expendability: 2)) { record, writing in
      writing.format.date(record.validFrom)
    },
    NounColumn(.init("confidence", en: "Sure", fi: "Varmuus", isNumber: true, expendability: 1)) {
      record, writing in
      record.confidence.map { writing.format.percent($0) } ?? ""
    },
    NounColumn(.init("team", en: "Team", fi: "Tiimi", expendability: 3)) { record, writing in
      FieldNames.label(record.team, writing.language)
    },
  ]

  static func title(_ record: BusinessClaim) -> String { record.claim }
  static func externalIDs(_ record: BusinessClaim) -> [ExternalId] { record.externalIds }
  static func shown(in view: AccountView) -> [BusinessClaim] {
    view.businessClaims.filter { view.isOfItsDay(from: $0.validFrom, to: $0.validTo) }
  }
}

struct BusinessClaimCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    RecordCommands<BusinessClaimNoun>.configuration()
  }
}
