internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

extension Interaction: NamedRecord {}

/// Interactions on the command line.
enum InteractionNoun: CLINoun {
  typealias Client = InteractionServiceClient
  typealias Record = Interaction

  static let command = "interaction"
  static let one = Term(en: "interaction", fi: "vuorovaikutus")
  static let many = Term(en: "interactions", fi: "vuorovaikutukset")
  static let abstract = Term(
    en: "Meetings, calls, messages and orders: when, how, who took part, and how it felt.",
    fi: "Tapaamiset, puhelut, viestit ja tilaukset: milloin, miten, ketkä, ja miltä se tuntui.")

  static let columns: [NounColumn<Interaction>] = [
    NounColumn(.init("time", en: "When", fi: "Milloin", minimum: 16)) { record, writing in
      writing.full(record.time)
    },
    NounColumn(.init("channel", en: "How", fi: "Miten", minimum: 8)) { record, writing in
      record.channel.title(writing.language)
    },
    NounColumn(.init("subject", en: "About", fi: "Aihe", minimum: 20)) { record, _ in
      record.subject.isEmpty ? record.touchpoint : record.subject
    },
    NounColumn(.init("direction", en: "From whom", fi: "Keneltä", expendability: 2)) { record, writing in
      record.direction.title(writing.language)
    },
    NounColumn(.init("teammates", en: "Of ours", fi: "Meiltä", expendability: 1, minimum: 12)) { record, _ in
      record.teammates.map(\.principal).joined(separator: ", ")
    },
  ]

  static func title(_ record: Interaction) -> String {
    record.subject.isEmpty ? record.touchpoint : record.subject
  }
  static func externalIDs(_ record: Interaction) -> [ExternalId] { record.externalIds }
  static func shown(in view: AccountView) -> [Interaction] { Array(view.interactions.prefix(5)) }
}

struct InteractionCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    RecordCommands<InteractionNoun>.configuration(and: [ShowRhythm.self])
  }
}
