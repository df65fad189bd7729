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

  /// Columns that the lines behind the first one of a change are moved in by: they stand under the record's name.
  private static let indent = 10
  /// Fields shown of one change while it scrolls by.
  private static let fieldsShown = 5

  /// A change as it scrolls by: when, what, by whom, and under it why and which fields.
  ///
  /// - Parameter width: no line is longer.
  func block(_ change: Change, _ style: Style, width: Int) -> [String] {
    let room = max(width - Self.indent, 8)
    let margin = String(repeating: " ", count: Self.indent)
    let title = DisplayWidth.harmless(change.title.isEmpty ? change.record : change.title)
    let what = "\(FieldNames.label(change.kind, language)) \(operation(change.operation))"
    let byWhom = DisplayWidth.harmless("\(who(change))  r\(change.revision)")
    var rest: [String]
    if DisplayWidth.of("\(title)  \(what)  \(byWhom)") <= room {
      rest = ["\(style.bold(title))  \(what)  \(style.faint(byWhom))"]
    } else {
      rest = DisplayWidth.wrapped(title, to: room).map(style.bold)
      rest += DisplayWidth.wrapped("\(what)  \(byWhom)", to: room).map(style.faint)
    }
    if !change.reason.isEmpty {
      rest += DisplayWidth.wrapped(DisplayWidth.harmless("“\(change.reason)”"), to: room)
    }
    if change.operation == .updated {
      rest += DifferenceText.lines(change.differences, language, style, width: room, most: Self.fieldsShown)
    }
    let clock = DisplayWidth.padded(writing.clock(change.time), to: Self.indent)
    return rest.enumerated().map { ($0 == 0 ? style.faint(clock) : margin) + $1 }
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
