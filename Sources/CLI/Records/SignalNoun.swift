internal import PunosAPI
internal import PunosMessages
internal import Terminal

extension Signal: NamedRecord {}

/// Signals on the command line.
enum SignalNoun: CLINoun {
  typealias Client = SignalServiceClient
  typealias Record = Signal

  static let command = "signal"
  static let one = Term(en: "signal", fi: "muutos")
  static let many = Term(en: "signals", fi: "muutokset")
  static let abstract = Term(
    en: "Signals: changes at customers that somebody should react to, found by people or by the server.",
    fi: "Muutokset: asiakkaiden muutokset, joihin jonkun pitäisi tarttua; ihmisten tai palvelimen löytämät.")

  static let columns: [NounColumn<Signal>] = [
    NounColumn(.init("title", en: "Signal", fi: "Muutos", minimum: 28)) { record, _ in record.title },
    NounColumn(.init("severity", en: "Matters", fi: "Vakavuus", minimum: 8)) { record, writing in
      record.severity.title(writing.language)
    },
    NounColumn(.init("state", en: "State", fi: "Tila", minimum: 8)) { record, writing in
      record.state.title(writing.language)
    },
    NounColumn(.init("raised_time", en: "Raised", fi: "Nostettu", expendability: 1)) { record, writing in
      writing.ago(record.raisedTime)
    },
    NounColumn(.init("team", en: "Team", fi: "Tiimi", expendability: 2)) { record, writing in
      FieldNames.label(record.team, writing.language)
    },
  ]

  static func title(_ record: Signal) -> String { record.title }
  static func externalIDs(_ record: Signal) -> [ExternalId] { record.externalIds }

  /// Those that nobody has reacted to.
  static func shown(in view: AccountView) -> [Signal] { view.signals.filter { $0.state == .open } }
}
