public import PunosMessages

/// What people write in a handover, as against what the server notes of its way: the part that is edited, kept in
/// files and brought together by a sync.
public enum HandoverContent {
  /// A field of one line.
  struct Line: Sendable {
    /// Its name in the schema, and in files.
    let name: String
    let path: any WritableKeyPath<Handover, String> & Sendable
  }

  /// A field that is a set of names.
  struct Names: Sendable {
    /// Its name in the schema, and in files.
    let name: String
    let path: any WritableKeyPath<Handover, [String]> & Sendable
  }

  /// Fields of one line, in the order in which files have them.
  static let lines: [Line] = [
    Line(name: "title", path: \.title), Line(name: "from_team", path: \.fromTeam),
    Line(name: "to_team", path: \.toTeam), Line(name: "due_date", path: \.dueDate),
    Line(name: "stage", path: \.stage), Line(name: "purchase", path: \.purchase),
    Line(name: "template", path: \.template),
  ]

  /// Fields that are sets of names.
  static let names: [Names] = [
    Names(name: "from_people", path: \.fromPeople), Names(name: "to_people", path: \.toPeople),
  ]

  /// Brings what was written into the form it is kept in: lines end as Unix has it, without blank ones at either end
  /// of a text; what is in one line has no blanks around it; nothing is named twice.
  public static func canonicalise(_ handover: inout Handover) {
    for line in lines { handover[keyPath: line.path] = TextLines.trimmed(handover[keyPath: line.path]) }
    for names in names { handover[keyPath: names.path] = distinct(handover[keyPath: names.path]) }
    handover.summary = text(handover.summary)
    for index in handover.items.indices {
      handover.items[index].title = TextLines.trimmed(handover.items[index].title)
      handover.items[index].text = text(handover.items[index].text)
      handover.items[index].links = distinct(handover.items[index].links)
    }
  }

  /// A text in its canonical form.
  public static func text(_ text: String) -> String {
    var unix = text
    if text.utf8.contains(13) {
      unix = TextLines.joined(
        TextLines.of(text).map { line in
          line.utf8.last == 13 ? String(Substring(line.utf8.dropLast())) : line
        })
    }
    return TextLines.joined(TextLines.trimmed(TextLines.of(unix)))
  }

  private static func distinct(_ names: [String]) -> [String] {
    var seen = Set<String>()
    return names.filter { !$0.isEmpty && seen.insert($0).inserted }
  }

  /// Whether two versions of an item say the same.
  public static func isSame(_ one: HandoverItem, _ other: HandoverItem) -> Bool {
    one.kind == other.kind && one.title == other.title && one.text == other.text && one.required == other.required
      && one.links == other.links
  }

  /// Whether two versions of a handover say the same.
  public static func isSame(_ one: Handover, _ other: Handover) -> Bool {
    lines.allSatisfy { one[keyPath: $0.path] == other[keyPath: $0.path] }
      && names.allSatisfy { one[keyPath: $0.path] == other[keyPath: $0.path] }
      && one.summary == other.summary && one.items.count == other.items.count
      && zip(one.items, other.items).allSatisfy { $0.id == $1.id && isSame($0, $1) }
  }
}
