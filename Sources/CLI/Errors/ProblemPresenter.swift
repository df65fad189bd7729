/// Shows a problem on the terminal: what, where, what to do.
struct ProblemPresenter {
  let language: Language
  let style: Style
  let width: Int

  /// The problem as lines.
  func lines(_ problem: CLIProblem) -> [String] {
    var lines: [String] = []
    let headline = style(.bold, .red, language.say(en: "error:", fi: "virhe:"))
    let label = language.say(en: "error: ", fi: "virhe: ").count
    for (index, line) in Wrap.lines(problem.what.text(language), width: max(20, width - label)).enumerated() {
      lines.append(index == 0 ? "\(headline) \(line)" : String(repeating: " ", count: label) + line)
    }
    for detail in problem.details {
      for (index, line) in Wrap.lines(detail, width: max(20, width - 4)).enumerated() {
        lines.append((index == 0 ? "  - " : "    ") + line)
      }
    }
    if !problem.place.isEmpty { lines.append(labelled(language.say(en: "where", fi: "missä"), problem.place)) }
    if let remedy = problem.remedy {
      let name = language.say(en: "do", fi: "tee")
      let indent = 9
      for (index, line) in Wrap.lines(remedy.text(language), width: max(20, width - indent)).enumerated() {
        lines.append(index == 0 ? labelled(name, line) : String(repeating: " ", count: indent) + line)
      }
    }
    return lines
  }

  private func labelled(_ name: String, _ text: String) -> String {
    "  " + style(.dim, name + ":") + String(repeating: " ", count: max(1, 6 - name.count)) + text
  }
}
