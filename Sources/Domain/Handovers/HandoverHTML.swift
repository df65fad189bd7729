public import PunosMessages

/// A handover as a page that prints: everything is in it, nothing is fetched.
public enum HandoverHTML {
  /// Small type in two columns: a usual handover of some twenty items fits on two sheets of A4.
  private static let style = """
    @page { size: A4; margin: 14mm 13mm }
    body { font: 9pt/1.35 system-ui, sans-serif; color: #1b1b1b; max-width: 190mm; margin: 0 auto }
    h1 { font-size: 15pt; margin: 0 0 1mm } h2 { font-size: 10.5pt; margin: 4mm 0 1mm; border-bottom: .3mm solid #999;
    break-after: avoid }
    header p { margin: 0; color: #444 } .summary { white-space: pre-wrap; margin: 3mm 0 }
    main { columns: 2; column-gap: 7mm } article { break-inside: avoid; margin: 0 0 2.5mm }
    article h3 { font-size: 9pt; margin: 0 } article p { white-space: pre-wrap; margin: .5mm 0; overflow-wrap: anywhere }
    .status { font-weight: normal; color: #555 } .missing { color: #a00 }
    ul { margin: .5mm 0; padding-left: 4mm; color: #444 } footer { margin-top: 4mm; color: #666; font-size: 8pt }
    @media screen { body { padding: 8mm } }
    """

  /// The page.
  ///
  /// - Parameter language: BCP 47 of the words that are not the handover's own: "fi" or "en".
  public static func page(_ handover: Handover, language: String) -> String {
    let say = { (english: String, finnish: String) in language == "fi" ? finnish : english }
    var html = "<!doctype html>\n<html lang=\"\(language)\">\n<meta charset=\"utf-8\">\n"
    html += "<title>\(escaped(handover.title))</title>\n<style>\n\(style)\n</style>\n"
    html +=
      "<header><h1>\(escaped(handover.title))</h1>\n<p>\(escaped(head(handover, language, say)))</p></header>\n"
    html += paragraph(handover.summary, "summary")
    for entry in handover.returns {
      html +=
        "<p class=\"missing\">\(say("Returned", "Palautettu")) \(HandoverWords.text(of: entry.time)): "
        + "\(escaped(entry.reasons))</p>\n"
    }
    html += "<main>\n"
    for (kind, items) in grouped(handover.items) {
      html +=
        "<h2>\(escaped(title(of: kind, language)))</h2>\n" + items.map { article($0, language, say) }.joined()
    }
    return html
      + "</main>\n<footer>\(escaped(handover.name)) · \(HandoverWords.text(of: handover.updateTime)) UTC</footer>\n</html>\n"
  }

  private static func head(
    _ handover: Handover, _ language: String, _ say: (String, String) -> String
  ) -> String {
    let people = { (team: String, names: [String]) in
      team + (names.isEmpty ? "" : " (\(names.joined(separator: ", ")))")
    }
    var parts = [
      people(handover.fromTeam, handover.fromPeople) + " → " + people(handover.toTeam, handover.toPeople),
      title(of: handover.state, language),
    ]
    if !handover.dueDate.isEmpty { parts.append(say("due ", "määräpäivä ") + handover.dueDate) }
    if !handover.stage.isEmpty { parts.append(say("stage ", "vaihe ") + handover.stage) }
    return parts.joined(separator: " · ")
  }

  /// Items by kind, kinds in the order of their first item.
  private static func grouped(_ items: [HandoverItem]) -> [(HandoverItem.Kind, [HandoverItem])] {
    var groups: [(HandoverItem.Kind, [HandoverItem])] = []
    for item in items {
      if let place = groups.firstIndex(where: { $0.0 == item.kind }) {
        groups[place].1.append(item)
      } else {
        groups.append((item.kind, [item]))
      }
    }
    return groups
  }

  private static func article(
    _ item: HandoverItem, _ language: String, _ say: (String, String) -> String
  ) -> String {
    let status = title(of: item.status, language)
    var html = "<article><h3>\(escaped(item.title))"
    if !status.isEmpty { html += " <span class=\"status\">– \(status)</span>" }
    html += "</h3>" + paragraph(item.text, "")
    if item.text.isEmpty, item.links.isEmpty {
      html += "<p class=\"missing\">\(say("Nothing written yet.", "Ei vielä kirjoitettu."))</p>"
    }
    let lines =
      item.links
      + item.evidence.map { [$0.text, $0.record, $0.url].filter { !$0.isEmpty }.joined(separator: " – ") }
      + item.thread.map { "\(title(of: $0.kind, language)) – \($0.principal) (\($0.team)): \($0.text)" }
    if !lines.isEmpty { html += "<ul>" + lines.map { "<li>\(escaped($0))</li>" }.joined() + "</ul>" }
    return html + "</article>\n"
  }

  private static func paragraph(_ text: String, _ name: String) -> String {
    text.isEmpty ? "" : "<p\(name.isEmpty ? "" : " class=\"\(name)\"")>\(escaped(text))</p>\n"
  }

  /// Text that stands for itself in HTML, in attributes too.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
