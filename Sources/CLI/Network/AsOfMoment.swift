internal import ArgumentParser
internal import PunosMessages
internal import Terminal

/// As of which moment people's ties and rhythms are asked for.
struct AsOfMoment: ParsableArguments {
  @Option(
    name: .customLong("as-of"),
    help: .say(
      en: "As of a day (its end), YYYY-MM-DD, or a moment, RFC 3339.",
      fi: "Päivän (sen lopun), VVVV-KK-PP, tai hetken, RFC 3339, mukaan."))
  var text: String?

  /// The moment; nil where none is given.
  func moment() throws(CLIProblem) -> ProtoTimestamp? {
    guard let text else { return nil }
    guard case .moment(let moment) = try PointInTime(text) else {
      throw CLIProblem(
        .usage,
        Term(
          en: "A day (2026-03-31) or a moment (2026-03-31T12:00:00Z) was expected, not a revision.",
          fi: "Odotettiin päivää (2026-03-31) tai hetkeä (2026-03-31T12:00:00Z), ei revisiota."),
        at: "--as-of")
    }
    return moment
  }
}
