/// Numbers from a seed (SplitMix64), the same on every machine.
public struct ModelRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The numbers of a seed.
  public init(seed: UInt64) { state = seed }

  /// The next.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// People who edit files, and know which words they wrote and which they deleted.
public struct ModelPeople {
  public var random: ModelRandom
  public private(set) var written = Set<String>()
  public private(set) var deleted = Set<String>()
  private var count = 0

  /// People who do what the seed says.
  public init(seed: UInt64) { random = ModelRandom(seed: seed) }

  /// A word that nobody wrote before.
  public mutating func word() -> String {
    count += 1
    let word = "w\(count)w"
    written.insert(word)
    return word
  }

  /// The words of people in a text.
  public static func words(in text: String) -> Set<String> {
    Set(
      text.split { !($0.isLetter || $0.isNumber) }.map(String.init).filter {
        $0.hasPrefix("w") && $0.hasSuffix("w") && $0.count > 2
      })
  }

  /// What somebody wrote and nobody deleted is in the text.
  public func lost(in text: String) -> [String] {
    written.subtracting(deleted).subtracting(Self.words(in: text)).sorted()
  }

  /// Somebody deletes words.
  public mutating func delete(_ words: Set<String>) { deleted.formUnion(words) }

  /// One in a hundred, as many times.
  public mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  /// Somebody edits a file: settles what is not settled, then changes some lines.
  public mutating func edit(_ text: String) -> String {
    var lines = settled(Self.lines(text))
    for _ in 0..<Int.random(in: 1...4, using: &random) { change(&lines) }
    return lines.joined(separator: "\n")
  }

  static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private mutating func change(_ lines: inout [String]) {
    guard let fence = lines.dropFirst().firstIndex(of: "---") else { return }
    let items = lines.indices.filter { $0 > fence && lines[$0].hasPrefix("## ") }
    switch Int.random(in: 0..<16, using: &random) {
    case 0...4: type(&lines, after: fence)
    case 5, 6: retype(&lines, after: fence)
    case 7, 8:
      // Now and then with a section that only shows what others said: the sync has to refuse it.
      let section = chance(10) ? ["", "### Evidence", "", "- " + word()] : []
      lines.insert(
        contentsOf: ["", "## Need: " + word(), "", word()] + section,
        at: items.randomElement(using: &random) ?? lines.count)
    case 9: removeItem(&lines, items)
    case 10:
      guard let heading = items.randomElement(using: &random), let mark = lines[heading].firstRange(of: " {#")
      else { return }
      delete(Self.words(in: String(lines[heading][..<mark.lowerBound])))
      lines[heading] = "## Risk: " + word() + lines[heading][mark.lowerBound...]
    case 11: link(&lines, items)
    case 12: person(&lines, before: fence)
    case 13:
      field("due_date", "2026-12-\(Int.random(in: 10...31, using: &random))", in: &lines, before: fence)
    default: field("title", word(), in: &lines, before: fence)
    }
  }

  /// Anywhere below the front matter, into sections too.
  private mutating func type(_ lines: inout [String], after fence: Int) {
    let place = Int.random(in: (fence + 1)...lines.count, using: &random)
    lines.insert(contentsOf: [word()] + (chance(30) ? ["", word()] : []), at: place)
  }

  private mutating func retype(_ lines: inout [String], after fence: Int) {
    // What others said in a thread is not theirs to change.
    let own = lines.indices.filter {
      $0 > fence && lines[$0].hasPrefix("w") && !Self.words(in: lines[$0]).isEmpty
    }
    guard let line = own.randomElement(using: &random) else { return }
    delete(Self.words(in: lines[line]))
    if chance(50) { lines[line] = word() } else { lines.remove(at: line) }
  }

  private mutating func removeItem(_ lines: inout [String], _ items: [Int]) {
    guard let start = items.randomElement(using: &random) else { return }
    let end = items.first { $0 > start } ?? lines.count
    delete(Self.words(in: lines[start..<end].joined(separator: "\n")))
    lines.removeSubrange(start..<end)
  }

  /// A link, put in or taken away.
  private mutating func link(_ lines: inout [String], _ items: [Int]) {
    let links = lines.indices.filter { lines[$0].hasPrefix("- accounts/a/commitments/") }
    if let link = links.randomElement(using: &random), chance(40) {
      delete(Self.words(in: lines[link]))
      lines.remove(at: link)
      return
    }
    guard let start = items.randomElement(using: &random) else { return }
    let end = items.first { $0 > start } ?? lines.count
    let place = (start..<end).first { lines[$0].hasPrefix("### ") && lines[$0] != "### Links" } ?? end
    lines.insert(contentsOf: ["", "### Links", "", "- accounts/a/commitments/" + word(), ""], at: place)
  }

  /// Somebody more who receives, or one less.
  private mutating func person(_ lines: inout [String], before fence: Int) {
    guard let place = lines[..<fence].firstIndex(where: { $0.hasPrefix("to_people: [") }) else {
      return lines.insert("to_people: [\(word())]", at: fence)
    }
    var names = lines[place].dropFirst("to_people: [".count).dropLast().split(separator: ",").map {
      $0.filter { $0 != " " }
    }
    if names.count > 1, chance(40), let gone = names.indices.randomElement(using: &random) {
      delete([names.remove(at: gone)])
    } else {
      names.append(word())
    }
    lines[place] = "to_people: [" + names.joined(separator: ", ") + "]"
  }

  private mutating func field(_ name: String, _ value: String, in lines: inout [String], before fence: Int) {
    guard let place = lines[..<fence].firstIndex(where: { $0.hasPrefix("\(name): ") }) else {
      return lines.insert("\(name): \(value)", at: fence)
    }
    delete(Self.words(in: lines[place]))
    lines[place] = "\(name): \(value)"
  }
}
