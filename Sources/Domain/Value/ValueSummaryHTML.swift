extension ValueSummaryContent {
  /// The summary as one HTML file of its own: no script, no other file, and it prints on two A4 pages at most.
  public func html() -> String {
    let words = ValueSummaryWords(language)
    let name = Self.markup(customer)
    var body = "<header><p class=\"kind\">\(words.title)</p><h1>\(name)</h1>"
    body += "<p class=\"when\">\(Self.markup(words.subtitle(self)))</p>"
    if !people.isEmpty {
      let told = people.map { Self.markup($0.title.isEmpty ? $0.name : "\($0.name), \($0.title)") }
      body += "<p class=\"when\">\(words.people): \(told.joined(separator: "; "))</p>"
    }
    body += "</header>\n"
    if items.isEmpty { body += "<p>\(words.nothing)</p>\n" }
    for (index, item) in items.enumerated() { body += section(item, index + 1, words) }
    let totals = words.totals(self)
    if !totals.isEmpty {
      body += "<p class=\"total\">\(words.totalLabel): <b>\(Self.markup(totals.joined(separator: "; ")))</b></p>\n"
    }
    if !items.isEmpty { body += "<footer>\(words.footer)</footer>\n" }
    return """
      <!DOCTYPE html>
      <html lang="\(language.code)">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(words.title): \(name)</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      \(body)</body>
      </html>

      """
  }

  private func section(_ item: Item, _ number: Int, _ words: ValueSummaryWords) -> String {
    let facts = [words.name(of: item.rung), item.weight.map { words.weight($0) }, item.worth.map { words.worth($0) }]
      .compactMap { $0 }.filter { !$0.isEmpty }
    var html = "<section><h2>\(number). \(Self.markup(item.statement))</h2>"
    if !facts.isEmpty { html += "<p class=\"facts\">\(Self.markup(facts.joined(separator: " · ")))</p>" }
    if !item.metric.isEmpty {
      html += "<p class=\"metric\">\(Self.markup(item.metric))</p>"
      html += "<dl>"
      if let baseline = item.baseline { html += row(words.baseline, words.value(baseline.value, item)) }
      if let promised = item.promised { html += row(words.promised, words.agreed(promised, item)) }
      if let point = item.realised.last { html += row(words.realised, words.measured(point, item)) }
      html += "</dl>"
    }
    if item.outcome != .noPromise { html += progress(item, words) }
    return html + "</section>\n"
  }

  private func row(_ label: String, _ value: String) -> String {
    "<div><dt>\(label)</dt><dd>\(Self.markup(value))</dd></div>"
  }

  /// A bar of the way covered. The words beside it say the same, for whoever cannot see it.
  private func progress(_ item: Item, _ words: ValueSummaryWords) -> String {
    guard let percent = item.realised.last?.percent else {
      return "<p class=\"outcome\">\(words.outcome(item))</p>"
    }
    let width = Int(min(100, max(0, percent)).rounded())
    return "<p class=\"outcome\"><span class=\"bar\"><span class=\"\(item.outcome == .missed ? "short" : "done")\" "
      + "style=\"width:\(width)%\"></span></span> <b>\(words.text.percent(percent))</b> \(words.outcome(item))</p>"
  }

  /// Text as HTML has it.
  static func markup(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.append(character)
      }
    }
    return result
  }

  private static let style = """
    @page { size: A4; margin: 16mm 17mm; }
    * { box-sizing: border-box; }
    body { font: 9.5pt/1.35 "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; color: #1c2430; max-width: 176mm; margin: 0 auto; }
    header { border-bottom: 1.5pt solid #1f5a7a; margin-bottom: 4mm; padding-bottom: 2mm; }
    .kind { margin: 0; color: #1f5a7a; font-weight: bold; letter-spacing: .04em; text-transform: uppercase; font-size: 8.5pt; }
    h1 { margin: 0; font-size: 17pt; line-height: 1.15; overflow-wrap: anywhere; }
    .when { margin: .5mm 0 0; color: #56606e; overflow-wrap: anywhere; }
    section { break-inside: avoid; padding: 2.2mm 0 2mm; border-bottom: .5pt solid #d5dbe2; }
    h2 { margin: 0; font-size: 10.5pt; line-height: 1.25; overflow-wrap: anywhere; }
    .facts { margin: .5mm 0 0; color: #56606e; }
    .metric { margin: 1mm 0 0; font-weight: bold; overflow-wrap: anywhere; }
    dl { display: flex; gap: 4mm; margin: .5mm 0 0; }
    dl div { flex: 1 1 0; min-width: 0; }
    dt { color: #56606e; font-size: 8pt; }
    dd { margin: 0; overflow-wrap: anywhere; }
    .outcome { margin: 1mm 0 0; }
    .bar { display: inline-block; width: 60mm; height: 2.6mm; background: #e6eaef; border-radius: 1.3mm; overflow: hidden; vertical-align: middle; margin-right: 2mm; }
    .bar span { display: block; height: 100%; }
    .done { background: #1f7a54; }
    .short { background: #b4531f; }
    .total { margin: 3mm 0 0; font-size: 11pt; }
    footer { margin-top: 2mm; color: #56606e; font-size: 8pt; }
    @media screen { body { padding: 8mm 5mm; font-size: 12pt; } }
    """
}
