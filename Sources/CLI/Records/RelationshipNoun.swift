internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

extension Relationship: NamedRecord {}

/// Relationships on the command line.
enum RelationshipNoun: CLINoun {
  typealias Client = RelationshipServiceClient
  typealias Record = Relationship

  static let command = "relationship"
  static let one = Term(en: "relationship", fi: "suhde")
  static let many = Term(en: "relationships", fi: "suhteet")
  static let abstract = Term(
    en: "What people are to each other: who reports to, trusts, influences whom, or stands against them.",
    fi: "Mitä ihmiset ovat toisilleen: kuka raportoi kenelle, luottaa, vaikuttaa tai on ristiriidassa.")

  static let columns: [NounColumn<Relationship>] = [
    NounColumn(.init("from", en: "Who", fi: "Kuka", minimum: 16)) { record, _ in from(record) },
    NounColumn(.init("kind", en: "Is", fi: "On", minimum: 10)) { record, writing in
      record.kind.title(writing.language)
    },
    NounColumn(.init("to", en: "To whom", fi: "Kenelle", minimum: 16)) { record, _ in
      RecordNames.short(record.to)
    },
    NounColumn(.init("strength", en: "Strength", fi: "Vahvuus", expendability: 1)) { record, writing in
      record.strength.map { writing.format.percent($0) } ?? ""
    },
    NounColumn(.init("valid_from", en: "From", fi: "Alkaen", expendability: 2)) { record, writing in
      writing.format.date(record.validFrom)
    },
    NounColumn(.init("valid_to", en: "Until", fi: "Asti", expendability: 3)) { record, writing in
      writing.format.date(record.validTo)
    },
  ]

  private static func from(_ record: Relationship) -> String {
    record.fromContact.isEmpty ? record.fromTeammate?.principal ?? "" : RecordNames.short(record.fromContact)
  }

  static func title(_ record: Relationship) -> String { "\(from(record)) – \(RecordNames.short(record.to))" }
  static func externalIDs(_ record: Relationship) -> [ExternalId] { record.externalIds }
  static func shown(in view: AccountView) -> [Relationship] { view.relationships }
}

struct RelationshipCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    RecordCommands<RelationshipNoun>.configuration(and: [ShowStrength.self])
  }
}
