extension ModelPeople {
  /// What somebody makes of a file that a sync left as it is: settles what is not settled, and takes their own words
  /// out of the sections that others write.
  public mutating func mended(_ text: String) -> String {
    Self.withOwnWordsAboveSections(settled(Self.lines(text))).joined(separator: "\n")
  }

  /// What somebody makes of places where two sides differ: one side, or both.
  mutating func settled(_ lines: [String]) -> [String] {
    var settled: [String] = []
    var rest = lines[...]
    while let line = rest.popFirst() {
      guard line.hasPrefix("<<<<<<< "), let middle = rest.firstIndex(of: "======="),
        let end = rest.firstIndex(where: { $0.hasPrefix(">>>>>>> ") })
      else {
        settled.append(line)
        continue
      }
      let yours = Array(rest[..<middle])
      let theirs = Array(rest[(middle + 1)..<end])
      rest = rest[(end + 1)...]
      // Of a field or a heading only one side can stay.
      let isField = (yours + theirs).contains { line in
        ["## ", "title: ", "due_date: "].contains { line.hasPrefix($0) }
      }
      let choice = Int.random(in: 0..<(isField ? 2 : 3), using: &random)
      let kept = choice == 0 ? yours : choice == 1 ? theirs : yours + theirs
      delete(
        Self.words(in: (yours + theirs).joined(separator: "\n")).subtracting(
          Self.words(in: kept.joined(separator: "\n"))))
      settled += kept
    }
    return settled
  }

  /// Words typed under `### Thread`, `### Evidence`, `### Returned` or `### Links` come to stand above those; a section
  /// of an item without an id is the typist's own.
  private static func withOwnWordsAboveSections(_ lines: [String]) -> [String] {
    guard let fence = lines.dropFirst().firstIndex(of: "---") else { return lines }
    var mended = Array(lines[...fence])
    var part: [String] = []
    func finish() {
      let isNew = part.first.map { $0.hasPrefix("## ") && !$0.contains("{#") } ?? false
      guard let first = part.firstIndex(where: { $0.hasPrefix("### ") }) else {
        mended += part
        return
      }
      let (above, sections) = (part[..<first], part[first...])
      let isLink = { (line: String) in line.hasPrefix("- accounts/") }
      let isWrong = { (line: String) in
        line.hasPrefix("w") || isNew && !line.isEmpty && line != "### Links" && !isLink(line)
      }
      guard sections.contains(where: isWrong) else {
        mended += part
        return
      }
      guard isNew else {
        mended += above + sections.filter(isWrong) + [""] + sections.filter { !isWrong($0) }
        return
      }
      let own = sections.filter { isWrong($0) && !$0.hasPrefix("### ") }
      mended += above + own.map { $0.hasPrefix("- ") ? String($0.dropFirst(2)) : $0 }
      let links = sections.filter(isLink)
      mended += links.isEmpty ? [] : ["", "### Links", ""] + links
    }
    for line in lines[(fence + 1)...] {
      if line.hasPrefix("## ") {
        finish()
        part = []
      }
      part.append(line)
    }
    finish()
    return mended
  }

  /// What somebody makes of a file that has lost what it was made from, of a handover that is deleted: a new one, without
  /// what others said of the old.
  public mutating func begunAnew(_ text: String) -> String {
    var kept: [String] = []
    var isShown = false
    for line in Self.lines(text) where !line.hasPrefix("state: ") {
      if line.hasPrefix("## ") || line == "### Links" { isShown = false }
      if ["### Evidence", "### Thread", "### Returned"].contains(line) { isShown = true }
      if !isShown { kept.append(line) }
    }
    let anew = kept.joined(separator: "\n")
    delete(Self.words(in: text).subtracting(Self.words(in: anew)))
    return anew
  }

  /// What the workflow adds: a question or an answer in a thread, what an item rests on, a return with its reasons.
  public mutating func sentence() -> String { "said " + word() }
}
