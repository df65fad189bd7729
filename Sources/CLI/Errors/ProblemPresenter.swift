internal import Terminal

/// Shows a problem on the terminal: what, where, what to do.
struct ProblemPresenter {
  let language: Language
  let style: Style
  let width: Int

  /// The problem as lines.
  func lines(_ problem: CLIProblem) -> [String] {
    let label = language.say(en: "error:", fi: "virhe:")
    var lines = block(
      problem.what(in: language), first: style.bold(style.bad(label)) + " ", indent: label.count + 1)
    for detail in problem.details {
      lines += block(Sentences.told(detail, in: language), first: "  - ", indent: 4)
    }
    if !problem.place.isEmpty {
      lines += labelled(language.say(en: "where", fi: "missä"), Sentences.told(problem.place, in: language))
    }
    if let remedy = problem.remedy {
      lines += labelled(language.say(en: "do", fi: "tee"), remedy(in: language))
    }
    return lines
  }

  private func labelled(_ name: String, _ text: String) -> [String] {
    let padding = String(repeating: " ", count: max(1, 6 - name.count))
    return block(text, first: "  " + style.faint(name + ":") + padding, indent: 9)
  }

  private func block(_ text: String, first: String, indent: Int) -> [String] {
    DisplayWidth.wrapped(DisplayWidth.harmless(text, keepingLines: true), to: max(20, width - indent))
      .enumerated().map {
        $0 == 0 ? first + $1 : String(repeating: " ", count: indent) + $1
      }
  }
}
