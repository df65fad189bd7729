public import PunosMessages

/// Why a file is no handover: which line, and what was expected, in both languages.
public struct UnreadableHandover: Error, Sendable, Hashable {
  /// The line, from 1.
  public var line: Int
  /// What is wrong and what to do.
  public var english: String
  /// The same.
  public var finnish: String
  /// Where two sides still stand beside each other: the server's revision that the file shows.
  public var unresolvedRevision: Int64?

  init(_ line: Int, en english: String, fi finnish: String, unresolved revision: Int64? = nil) {
    self.line = line
    self.english = english
    self.finnish = finnish
    unresolvedRevision = revision
  }
}

/// A handover as a file has it.
public struct HandoverReading: Sendable, Hashable {
  /// What people write: name, fields of the front matter, summary, and items with id, kind, title, text, required, links.
  /// An item that somebody has just put in has no id yet.
  public var handover = Handover()
  /// What the file shows of the handover itself that is not changed by editing it.
  public var shown = ShownPart(line: 1)
  /// The same of each item, parallel to the handover's items.
  public var shownOfItems: [ShownPart] = []
  /// The account that a new handover is to lie in, where the file names one instead of a handover.
  public var account = ""

  /// The line that an item begins on, parallel to the handover's items.
  var itemLines: [Int] { shownOfItems.map(\.line) }
}

/// Reads handovers from text files: what ``HandoverPrinter`` writes, and what people make of it.
public enum HandoverReader {
  /// Reads a file.
  ///
  /// - Throws: ``UnreadableHandover`` with the first line that cannot be understood.
  public static func read(_ text: String) throws(UnreadableHandover) -> HandoverReading {
    var reader = Reader(
      lines: TextLines.of(text).map { $0.utf8.last == 13 ? String(Substring($0.utf8.dropLast())) : $0 })
    try reader.refuseMarks()
    try reader.frontMatter()
    try reader.body()
    var reading = reader.reading
    HandoverContent.canonicalise(&reading.handover)
    return reading
  }
}

/// A file being read.
private struct Reader {
  private(set) var reading = HandoverReading()
  private let lines: [String]
  private var place = 0

  init(lines: [String]) { self.lines = lines }

  /// A file with places that nobody has decided is read once they are.
  func refuseMarks() throws(UnreadableHandover) {
    guard
      let first = lines.firstIndex(where: {
        $0.hasPrefix(HandoverFile.yours) || $0.hasPrefix(HandoverFile.theirs)
      })
    else { return }
    let revision = lines.compactMap { line -> Int64? in
      guard line.hasPrefix(HandoverFile.theirs) else { return nil }
      return Int64(line.split(separator: " ").last ?? "")
    }.max()
    throw UnreadableHandover(
      first + 1,
      en:
        "Two sides differ here. Keep what is right, remove the lines that begin with <<<<<<<, ======= and >>>>>>>, "
        + "and sync again.",
      fi:
        "Kaksi puolta eroaa tässä. Jätä se, mikä on oikein, poista rivit, jotka alkavat merkeillä <<<<<<<, ======= "
        + "ja >>>>>>>, ja synkronoi uudelleen.",
      unresolved: revision ?? 0)
  }

  // MARK: Front matter

  mutating func frontMatter() throws(UnreadableHandover) {
    guard lines.first == HandoverFile.fence else {
      throw UnreadableHandover(
        1, en: "A handover begins with front matter: a line of three hyphens, then name and title.",
        fi: "Luovutus alkaa otsaketiedoilla: rivi, jolla on kolme väliviivaa, sitten name ja title.")
    }
    var seen = Set<String>()
    place = 1
    while place < lines.count, lines[place] != HandoverFile.fence {
      if !TextLines.isBlank(lines[place]) { try field(lines[place], &seen) }
      place += 1
    }
    guard place < lines.count else {
      throw UnreadableHandover(
        lines.count, en: "The front matter does not end: a second line of three hyphens was expected.",
        fi: "Otsaketiedot eivät pääty: odotettiin toista riviä, jolla on kolme väliviivaa.")
    }
    place += 1
  }

  private static let known =
    ["name", "account", "state"] + HandoverContent.lines.map(\.name) + HandoverContent.names.map(\.name)

  private mutating func field(_ line: String, _ seen: inout Set<String>) throws(UnreadableHandover) {
    guard let colon = line.firstIndex(of: ":") else { throw badField() }
    let key = TextLines.trimmed(String(line[..<colon]))
    let rest = line[line.index(after: colon)...]
    guard Self.known.contains(key), seen.insert(key).inserted else { throw badField() }
    if let names = HandoverContent.names.first(where: { $0.name == key }) {
      guard let list = HandoverFile.readList(String(rest)) else { throw badValue(key) }
      reading.handover[keyPath: names.path] = list
      return
    }
    guard let (value, after) = HandoverFile.read(rest, until: []), after.isEmpty else { throw badValue(key) }
    switch key {
    case "name": reading.handover.name = value
    case "account": reading.account = value
    // A draft is what every handover begins as.
    case "state": reading.shown.marks = value == HandoverWords.text(of: .draft) ? [] : [value]
    default:
      if let line = HandoverContent.lines.first(where: { $0.name == key }) {
        reading.handover[keyPath: line.path] = value
      }
    }
  }

  private func badField() -> UnreadableHandover {
    let known = Self.known.joined(separator: ", ")
    return UnreadableHandover(
      place + 1, en: "A field and its value were expected, each field once: one of \(known).",
      fi: "Odotettiin kenttää ja sen arvoa, kukin kenttä kerran: jokin näistä: \(known).")
  }

  private func badValue(_ key: String) -> UnreadableHandover {
    UnreadableHandover(
      place + 1, en: "The value of \(key) has a quote that does not close.",
      fi: "Kentän \(key) arvossa on lainausmerkki, joka ei sulkeudu.")
  }

  // MARK: Body

  mutating func body() throws(UnreadableHandover) {
    var item: HandoverItem?
    var text: [String] = []
    var section: String?
    while place < lines.count {
      let line = lines[place]
      if line.hasPrefix(HandoverFile.itemMark) {
        finish(item, text)
        item = try heading(line)
        text = []
        section = nil
      } else if line == HandoverFile.links || HandoverFile.shown.contains(line) {
        section = line
        if line != HandoverFile.links { show(line) }
      } else if let open = section {
        try entry(line, of: open, in: &item)
      } else {
        text.append(HandoverFile.unescaped(line))
      }
      place += 1
    }
    finish(item, text)
  }

  /// Notes a line that only shows something, of the item that is being read or of the handover itself.
  private mutating func show(_ line: String) {
    if reading.shownOfItems.isEmpty {
      if reading.shown.lines.isEmpty { reading.shown.line = place + 1 }
      reading.shown.lines.append(line)
    } else {
      reading.shownOfItems[reading.shownOfItems.count - 1].lines.append(line)
    }
  }

  private mutating func finish(_ item: HandoverItem?, _ text: [String]) {
    let words = TextLines.joined(TextLines.trimmed(text))
    guard var item else {
      reading.handover.summary = words
      return
    }
    item.text = words
    reading.handover.items.append(item)
  }

  /// A line of a section: the name of a record, or something that is only shown.
  private mutating func entry(
    _ line: String, of section: String, in item: inout HandoverItem?
  ) throws(UnreadableHandover) {
    if TextLines.isBlank(line) { return }
    guard section == HandoverFile.links else {
      show(line)
      return
    }
    let name = TextLines.trimmed(String(line.dropFirst(line.hasPrefix("- ") ? 2 : 0)))
    guard line.hasPrefix("- "), !name.contains(" "), item != nil else {
      throw UnreadableHandover(
        place + 1,
        en:
          "Under \(HandoverFile.links) stand names of records, each behind \"- \". Text belongs above that line.",
        fi:
          "Otsikon \(HandoverFile.links) alla on tietueiden nimiä, kukin merkkien \"- \" perässä. Teksti kuuluu sen yläpuolelle."
      )
    }
    item?.links.append(name)
  }

  private mutating func heading(_ line: String) throws(UnreadableHandover) -> HandoverItem {
    var item = HandoverItem()
    var words = TextLines.trimmed(String(line.dropFirst(HandoverFile.itemMark.count)))
    var marks: [String] = []
    if words.hasSuffix("}"), let brace = words.lastIndex(of: "{"), words[brace...].hasPrefix("{#") {
      marks = words[brace...].dropFirst().dropLast().split(separator: " ").map(String.init)
      words = TextLines.trimmed(String(words[..<brace]))
    }
    guard let colon = words.firstIndex(of: ":"), let kind = HandoverWords.kind(of: String(words[..<colon]))
    else {
      let kinds = HandoverWords.kindWords.joined(separator: ", ")
      throw UnreadableHandover(
        place + 1,
        en: "An item begins with its kind and a colon (one of \(kinds)). "
          + "A line of text that begins with ## needs a backslash before it.",
        fi: "Kohta alkaa lajillaan ja kaksoispisteellä (jokin näistä: \(kinds)). "
          + "Tekstirivi, joka alkaa merkeillä ##, tarvitsee kenoviivan eteensä.")
    }
    item.kind = kind
    item.title = TextLines.trimmed(String(words[words.index(after: colon)...]))
    item.id = marks.first.map { String($0.dropFirst()) } ?? ""
    item.required = marks.contains(".required")
    guard item.id.isEmpty || !reading.handover.items.contains(where: { $0.id == item.id }) else {
      throw UnreadableHandover(
        place + 1, en: "Another item has the id \(item.id) too. Remove the part in braces from the new one.",
        fi: "Toisella kohdalla on sama tunniste \(item.id). Poista aaltosulkeissa oleva osa uudesta kohdasta."
      )
    }
    let decided = marks.dropFirst().filter { $0 != ".required" && $0 != ".to-be-said" }
    reading.shownOfItems.append(ShownPart(line: place + 1, marks: Array(decided)))
    return item
  }
}
