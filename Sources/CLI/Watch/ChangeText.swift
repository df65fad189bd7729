internal import PunosMessages
internal import Terminal

/// Changes as people read them.
struct ChangeText {
  private let writing: Writing
  private let language: Language

  init(_ writing: Writing) {
    self.writing = writing
    language = writing.language
  }

  /// Who did it: `aino.virtanen (Sales)`.
  func who(_ change: Change) -> String {
    let team = FieldNames.label(change.team, language)
    return change.principal.isEmpty ? team : "\(change.principal) (\(team))"
  }

  /// What was done, in a word.
  func operation(_ operation: Change.Operation) -> String {
    switch operation {
    case .created: language.say(en: "created", fi: "luotiin")
    case .updated: language.say(en: "changed", fi: "muutettiin")
    case .deleted: language.say(en: "deleted", fi: "poistettiin")
    case .undeleted: language.say(en: "brought back", fi: "palautettiin")
    case .erased: language.say(en: "erased for good", fi: "pyyhittiin lopullisesti")
    default: "(\(operation.rawValue))"
    }
  }

  /// One sentence about a change on the page of an account, without who and when.
  ///
  /// - Parameter account: the page's account; its own name is not repeated.
  func sentence(_ change: Change, in account: String) -> String {
    let subject = change.record == account || change.title.isEmpty ? "" : change.title + ": "
    guard change.operation == .updated else {
      let what = change.record == account ? language.say(en: "account ", fi: "asiakkuus ") : ""
      return subject + what + operation(change.operation)
    }
    let told = DifferenceText.told(change.differences)
    let shown = told.prefix(2).map { DifferenceText.sentence($0, language) }
    let more = told.count - shown.count
    let rest = more > 0 ? language.say(en: " and \(more) more", fi: " ja \(more) muuta") : ""
    return subject + shown.joined(separator: ", ") + rest
  }
}
