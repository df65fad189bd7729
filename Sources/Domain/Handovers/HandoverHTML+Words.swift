public import PunosMessages

/// The words of the page that are not the handover's own, by language; names of numbers that this version does not
/// know stay as ``HandoverWords`` has them.
extension HandoverHTML {
  /// A kind in words.
  ///
  /// - Parameter language: BCP 47, "fi" or "en".
  public static func title(of kind: HandoverItem.Kind, _ language: String) -> String {
    guard language == "fi" else { return HandoverWords.text(of: kind) }
    switch kind {
    case .need: return "Tarve"
    case .promise: return "Lupaus"
    case .stakeholder: return "Henkilö"
    case .successCriterion: return "Onnistumisen mittari"
    case .risk: return "Riski"
    case .openQuestion: return "Avoin kysymys"
    case .constraint: return "Reunaehto"
    case .commercialTerm: return "Kaupallinen ehto"
    case .nextStep: return "Seuraava askel"
    default: return HandoverWords.text(of: kind)
    }
  }

  static func title(of state: Handover.State, _ language: String) -> String {
    guard language == "fi" else { return HandoverWords.text(of: state) }
    switch state {
    case .offered: return "tarjottu"
    case .accepted: return "hyväksytty"
    case .returned: return "palautettu"
    case .closed: return "suljettu"
    case .draft, .unspecified: return "luonnos"
    default: return HandoverWords.text(of: state)
    }
  }

  static func title(of status: HandoverItem.Status, _ language: String) -> String {
    guard language == "fi" else { return HandoverWords.text(of: status) }
    switch status {
    case .accepted: return "hyväksytty"
    case .queried: return "kysytty"
    case .rejected: return "hylätty"
    default: return HandoverWords.text(of: status)
    }
  }

  static func title(of kind: HandoverMessage.Kind, _ language: String) -> String {
    guard language == "fi" else { return HandoverWords.text(of: kind) }
    switch kind {
    case .query: return "kysytty"
    case .answer: return "vastattu"
    case .rejection: return "hylätty"
    default: return HandoverWords.text(of: kind)
    }
  }
}
