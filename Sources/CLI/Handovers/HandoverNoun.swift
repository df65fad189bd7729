internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

extension Handover: NamedRecord {}
extension HandoverTemplate: NamedRecord {}

/// Handovers on the command line.
enum HandoverNoun: CLINoun {
  typealias Client = HandoverServiceClient
  typealias Record = Handover

  static let command = "handover"
  static let one = Term(en: "handover", fi: "luovutus")
  static let many = Term(en: "handovers", fi: "luovutukset")
  static let abstract = Term(
    en: "Handovers from team to team: what one learned reaches the other, and comes back.",
    fi: "Luovutukset tiimiltä tiimille: mitä yksi oppi, sen toinen saa tietää, ja päinvastoin.")

  static let columns: [NounColumn<Handover>] = [
    NounColumn(.init("title", en: "Handover", fi: "Luovutus", minimum: 24)) { record, _ in record.title },
    NounColumn(.init("state", en: "State", fi: "Tila", minimum: 8)) { record, writing in
      record.state.title(writing.language)
    },
    NounColumn(.init("from_team", en: "From", fi: "Keneltä", minimum: 8)) { record, writing in
      FieldNames.label(record.fromTeam, writing.language)
    },
    NounColumn(.init("to_team", en: "To", fi: "Kenelle", minimum: 8)) { record, writing in
      FieldNames.label(record.toTeam, writing.language)
    },
    NounColumn(.init("due_date", en: "Due", fi: "Määräpäivä", expendability: 1, minimum: 10)) {
      record, writing in
      writing.format.date(record.dueDate)
    },
    NounColumn(.init("items", en: "Items", fi: "Kohtia", isNumber: true, expendability: 2, minimum: 5)) {
      record, _ in
      "\(record.items.count)"
    },
  ]

  static func title(_ record: Handover) -> String { record.title }
  static func externalIDs(_ record: Handover) -> [ExternalId] { record.externalIds }
  static func shown(in view: AccountView) -> [Handover] { view.handovers }
}

/// Templates of handovers on the command line.
enum HandoverTemplateNoun: CLINoun {
  typealias Client = HandoverTemplateServiceClient
  typealias Record = HandoverTemplate

  static let command = "handover-template"
  static let one = Term(en: "template of handovers", fi: "luovutuspohja")
  static let many = Term(en: "templates of handovers", fi: "luovutuspohjat")
  static let abstract = Term(
    en: "Templates of handovers: what one team is to tell another.",
    fi: "Luovutuspohjat: mitä tiimin on kerrottava toiselle.")

  static let columns: [NounColumn<HandoverTemplate>] = [
    NounColumn(.init("title", en: "Template", fi: "Pohja", minimum: 24)) { record, _ in record.title },
    NounColumn(.init("from_team", en: "From", fi: "Keneltä", minimum: 8)) { record, writing in
      FieldNames.label(record.fromTeam, writing.language)
    },
    NounColumn(.init("to_team", en: "To", fi: "Kenelle", minimum: 8)) { record, writing in
      FieldNames.label(record.toTeam, writing.language)
    },
    NounColumn(.init("items", en: "Items", fi: "Kohtia", isNumber: true, minimum: 5)) { record, _ in
      "\(record.items.count)"
    },
  ]

  static func title(_ record: HandoverTemplate) -> String { record.title }
  static func externalIDs(_ record: HandoverTemplate) -> [ExternalId] { record.externalIds }
}

struct HandoverTemplateCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration { RecordCommands<HandoverTemplateNoun>.configuration() }
}

struct HandoverCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: HandoverNoun.command, abstract: HandoverNoun.abstract(in: HelpLanguage.current),
      subcommands: [
        ListRecords<HandoverNoun>.self, ShowHandover.self, CreateRecord<HandoverNoun>.self,
        UpdateRecord<HandoverNoun>.self, DeleteRecord<HandoverNoun>.self, UndeleteRecord<HandoverNoun>.self,
        RecordHistory<HandoverNoun>.self, SuggestHandover.self, ReadyHandover.self, OfferHandover.self,
        QueryHandover.self, AnswerHandover.self, AcceptHandover.self, RejectHandover.self,
        ReturnHandover.self,
        CloseHandover.self, LearnedFromHandover.self, TimelineOfHandover.self, MeasureHandovers.self,
        SyncHandovers.self,
      ])
  }
}

extension Session {
  /// The way of handovers.
  var workflow: HandoverWorkflowServiceClient { HandoverWorkflowServiceClient(channel) }
  /// Handovers.
  var handovers: HandoverServiceClient { HandoverServiceClient(channel) }

  /// The name of a handover that a person wrote.
  func handover(_ text: String) async throws -> String {
    try await RecordFinder<HandoverNoun>(session: self).name(of: text)
  }
}
