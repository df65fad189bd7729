internal import PunosMessages
internal import Terminal

/// People of the network as people write them.
struct NetworkPeople {
  /// What one of ours is written behind on the command line.
  private static let teammates = "teammates/"

  let session: Session

  /// The name to send: `teammates/PRINCIPAL` for one of ours, else a person at a customer as everywhere.
  func name(of text: String) async throws -> String {
    if text.hasPrefix(Self.teammates) { return text }
    return try await ContactFinder(session: session).name(of: text)
  }

  /// A person with what they are.
  static func text(_ person: NetworkPerson?) -> String {
    guard let person else { return "" }
    let shown = person.displayName.isEmpty ? person.name : person.displayName
    return person.title.isEmpty ? shown : "\(shown) (\(person.title))"
  }
}

/// How strongly two people are connected, as lines of a page.
struct StrengthText {
  let strength: Strength
  let writing: Writing

  /// The number and how it came about.
  var summary: String {
    let language = writing.language
    let said = strength.asserted.map {
      language.say(en: ", said ", fi: ", sanottu ") + writing.format.percent($0)
    }
    let computed = language.say(en: "computed ", fi: "laskettu ") + writing.format.percent(strength.computed)
    let conflict = language.say(en: "; the two do not get on", fi: "; he eivät tule toimeen")
    return "\(writing.format.percent(strength.value)) (\(computed)\(said ?? ""))" + (strength.conflict ? conflict : "")
  }

  /// Its reasons, heaviest first.
  var reasons: [(text: String, note: String)] {
    strength.because.map { ($0.text, $0.record.isEmpty ? "" : RecordNames.short($0.record)) }
  }
}
