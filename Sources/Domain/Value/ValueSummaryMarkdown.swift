extension ValueSummaryContent {
  /// The summary as Markdown (CommonMark). What people wrote cannot become markup.
  public func markdown() -> String {
    let words = ValueSummaryWords(language)
    var lines = ["# \(words.title): \(Self.escaped(customer))", "", Self.escaped(words.subtitle(self)), ""]
    if !people.isEmpty {
      let told = people.map { Self.escaped($0.title.isEmpty ? $0.name : "\($0.name), \($0.title)") }
      lines += ["\(words.people): " + told.joined(separator: "; "), ""]
    }
    if items.isEmpty { lines += [words.nothing, ""] }
    for (index, item) in items.enumerated() {
      lines += ["## \(index + 1). \(Self.escaped(item.statement))", ""]
      lines += details(item, words).map { "- \($0)" }
      lines.append("")
    }
    let totals = words.totals(self)
    if !totals.isEmpty { lines += ["**\(words.totalLabel): \(totals.joined(separator: "; "))**", ""] }
    if !items.isEmpty { lines += ["_\(words.footer)_", ""] }
    return lines.joined(separator: "\n")
  }

  private func details(_ item: Item, _ words: ValueSummaryWords) -> [String] {
    var details: [String] = []
    let facts = [words.name(of: item.rung), item.weight.map { words.weight($0) }, item.worth.map { words.worth($0) }]
      .compactMap { $0 }.filter { !$0.isEmpty }
    if !facts.isEmpty { details.append(Self.escaped(facts.joined(separator: " · "))) }
    if !item.metric.isEmpty { details.append("**\(Self.escaped(item.metric))**") }
    if let baseline = item.baseline { details.append("\(words.baseline): \(Self.escaped(words.value(baseline.value, item)))") }
    if let promised = item.promised { details.append("\(words.promised): \(Self.escaped(words.agreed(promised, item)))") }
    if let point = item.realised.last {
      let percent = words.text.percent(point.percent)
      details.append(
        "\(words.realised): \(Self.escaped(words.measured(point, item))) – **\(percent)**, \(words.outcome(item))")
    } else if item.outcome == .notMeasured {
      details.append("\(words.realised): \(words.outcome(item))")
    }
    return details
  }

  /// Text of which nothing is markup: every ASCII punctuation that Markdown reads is escaped, a line break is a blank.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\", "`", "*", "_", "{", "}", "[", "]", "<", ">", "#", "|", "!", "&", "~":
        result += "\\\(character)"
      case _ where character.isNewline: result += " "
      default: result.append(character)
      }
    }
    return result
  }
}
