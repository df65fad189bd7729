internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

extension ValueDriver: NamedRecord {}

/// Value drivers on the command line.
enum ValueDriverNoun: CLINoun {
  typealias Client = ValueDriverServiceClient
  typealias Record = ValueDriver

  static let command = "value"
  static let one = Term(en: "value driver", fi: "arvotekijä")
  static let many = Term(en: "value drivers", fi: "arvotekijät")
  static let abstract = Term(
    en: "What is worth something to customers, in their words; what was promised of it, and what came true.",
    fi: "Mikä on asiakkaille jonkin arvoista, heidän sanoillaan; mitä siitä luvattiin ja mikä toteutui.")

  static let columns: [NounColumn<ValueDriver>] = [
    NounColumn(.init("statement", en: "What matters", fi: "Mikä on tärkeää", minimum: 28)) { record, _ in
      record.statement
    },
    NounColumn(.init("rung", en: "Rung", fi: "Porras")) { record, writing in record.rung.title(writing.language) },
    NounColumn(.init("position", en: "Competition", fi: "Kilpailu", expendability: 2)) { record, writing in
      record.position.title(writing.language)
    },
    NounColumn(.init("metric", en: "Measured by", fi: "Mittari", expendability: 1)) { record, _ in
      record.unit.isEmpty || record.metric.isEmpty ? record.metric : "\(record.metric), \(record.unit)"
    },
  ]

  static func title(_ record: ValueDriver) -> String { record.statement }
  static func externalIDs(_ record: ValueDriver) -> [ExternalId] { record.externalIds }
  static func shown(in view: AccountView) -> [ValueDriver] { view.valueDrivers }
}

struct ValueCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    RecordCommands<ValueDriverNoun>.configuration(and: [ValueLadderCommand.self, ValueSummaryCommand.self])
  }
}
