internal import DataFiles
internal import Terminal

/// What an import has done, in a few lines.
struct ImportSummary {
  /// The file as the person named it, what was found out about it, and what its values are said to come from.
  var file: String, finding: String, source: String
  var isDryRun: Bool
  var tally: ImportTally
  /// The file of bad rows.
  var problems: String
  /// Whether rows were refused because their records are deleted here.
  var hasMetDeleted: Bool
  var seconds: Double

  /// Columns that the names of kinds take at least, so that usual imports look alike.
  private static let leastTitle = 14
  private static let gap = 1

  /// The lines, for a language and a width, and with or without colour.
  func lines(_ language: Language, _ style: Style, width: Int) -> [String] {
    let numbers = LocaleFormat(language)
    return heading(language, style, width) + counts(language, numbers, width)
      + refused(language, style, numbers, width)
      + ["  " + style.faint(rate(language, numbers))]
  }

  private func heading(_ language: Language, _ style: Style, _ width: Int) -> [String] {
    let verb =
      isDryRun ? language.say(en: "Dry run of", fi: "Koeajo:") : language.say(en: "Imported", fi: "Tuotiin")
    let text = "\(verb) \(DisplayWidth.harmless(file))"
    let facts = "\(Sentences.told(finding, in: language)) · \(DisplayWidth.harmless(source))"
    if DisplayWidth.of("\(text) · \(facts)") <= width {
      return [style.bold(text) + style.faint(" · \(facts)")]
    }
    return [style.bold(text)] + DisplayWidth.wrapped(facts, to: width - 2).map { "  " + style.faint($0) }
  }

  /// A count with the file that tells more: on one line where both fit.
  private func line(_ count: String, _ paint: (String) -> String, _ width: Int) -> [String] {
    let path = DisplayWidth.harmless(problems)
    if DisplayWidth.of("  \(count): \(path)") <= width { return ["  \(paint(count)): \(path)"] }
    return ["  \(paint(count)):", "    \(path)"]
  }

  /// What became of each kind, in columns; where these do not fit, below its name.
  private func counts(_ language: Language, _ numbers: LocaleFormat, _ width: Int) -> [String] {
    let kinds = tally.kinds.sorted { CLINouns.rank($0.key) < CLINouns.rank($1.key) }
    let titles = kinds.map { CLINouns.plural($0.key)(in: language) }
    let texts = kinds.map { kind in
      let (created, updated, unchanged) = (
        numbers.number(kind.value.created), numbers.number(kind.value.updated),
        numbers.number(kind.value.unchanged)
      )
      return language.say(
        en: "\(created) created, \(updated) changed, \(unchanged) already so",
        fi: "\(created) luotiin, \(updated) muutettiin, \(unchanged) oli jo näin")
    }
    let column = max(Self.leastTitle, titles.map(DisplayWidth.of).max() ?? 0) + Self.gap
    let fits = texts.allSatisfy { 2 + column + DisplayWidth.of($0) <= width }
    return zip(titles, texts).flatMap { title, text in
      fits ? ["  " + DisplayWidth.padded(title, to: column) + text] : ["  \(title)", "    \(text)"]
    }
  }

  private func refused(
    _ language: Language, _ style: Style, _ numbers: LocaleFormat, _ width: Int
  ) -> [String] {
    var lines: [String] = []
    if tally.refused > 0 {
      let text = language.say(
        en: tally.refused == 1 ? "1 row refused" : "\(numbers.number(tally.refused)) rows refused",
        fi: tally.refused == 1 ? "1 rivi hylättiin" : "\(numbers.number(tally.refused)) riviä hylättiin")
      lines += line(text, style.bad, width)
    }
    if hasMetDeleted {
      let text = language.say(
        en: "What was deleted here stays so; --revive brings back what the file has of it.",
        fi: "Täällä poistettu pysyy poistettuna; --revive palauttaa sen, mitä tiedostossa on.")
      lines += DisplayWidth.wrapped(text, to: width - 4).map { "    " + $0 }
    }
    if tally.warnings > 0 {
      let text = language.say(
        en: tally.warnings == 1
          ? "1 value kept as written" : "\(numbers.number(tally.warnings)) values kept as written",
        fi: tally.warnings == 1
          ? "1 arvo jätettiin sellaisenaan" : "\(numbers.number(tally.warnings)) arvoa jätettiin sellaisinaan"
      )
      lines += line(text, style.warning, width)
    }
    return lines
  }

  private func rate(_ language: Language, _ numbers: LocaleFormat) -> String {
    // A run of no measurable time has no rate.
    let rate = numbers.number((Double(tally.total) / max(seconds, 0.001)).rounded(), decimals: 0)
    let time = numbers.number(seconds, decimals: 1)
    return language.say(en: "\(time) s, \(rate) records/s", fi: "\(time) s, \(rate) tietuetta/s")
  }
}
