internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

extension Commitment: NamedRecord {}

/// Promises on the command line.
enum CommitmentNoun: CLINoun {
  typealias Client = CommitmentServiceClient
  typealias Record = Commitment

  static let command = "commitment"
  static let one = Term(en: "promise", fi: "lupaus")
  static let many = Term(en: "promises", fi: "lupaukset")
  static let abstract = Term(
    en: "Promises, ours and the customer's: until when, and whether they were kept.",
    fi: "Lupaukset, meidän ja asiakkaan: mihin mennessä, ja pidettiinkö ne.")

  static let columns: [NounColumn<Commitment>] = [
    NounColumn(.init("title", en: "Promise", fi: "Lupaus", minimum: 24)) { record, _ in record.title },
    NounColumn(.init("status", en: "Status", fi: "Tila", minimum: 8)) { record, writing in
      record.status.title(writing.language)
    },
    NounColumn(.init("due_date", en: "Due", fi: "Määräpäivä", minimum: 10)) { record, writing in
      writing.format.date(record.dueDate)
    },
    NounColumn(.init("direction", en: "Whose", fi: "Kenen", expendability: 2)) { record, writing in
      record.direction.title(writing.language)
    },
    NounColumn(.init("owner", en: "Answers for it", fi: "Vastaa", expendability: 1, minimum: 12)) { record, _ in
      record.owner
    },
  ]

  static func title(_ record: Commitment) -> String { record.title }
  static func externalIDs(_ record: Commitment) -> [ExternalId] { record.externalIds }
  static func shown(in view: AccountView) -> [Commitment] { view.commitments }
}

struct CommitmentCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration { RecordCommands<CommitmentNoun>.configuration() }
}
