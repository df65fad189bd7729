internal import ArgumentParser
internal import Domain
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// `punos map`.
struct MapCommand: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "map",
      abstract: say(
        en: "Who is who at an account: reporting lines, ties, and who of ours knows whom.",
        fi: "Kuka on kuka asiakkuudessa: raportointisuhteet, yhteydet, ja kuka meiltä tuntee kenet."),
      discussion: say(
        en: "Example: punos map 'Kuura Konepaja' --svg kuura.svg",
        fi: "Esimerkki: punos map 'Kuura Konepaja' --svg kuura.svg"))
  }

  @OptionGroup var target: AccountArgument
  @Option(
    help: .say(en: "Write the picture (SVG) into this file.", fi: "Kirjoita kuva (SVG) tähän tiedostoon."),
    completion: .file(extensions: ["svg"]))
  var svg: String?
  @Option(
    name: .customLong("as-of"),
    help: .say(
      en: "As of which day, YYYY-MM-DD; today where not given.",
      fi: "Minkä päivän mukaan, VVVV-KK-PP; tänään, jos ei anneta."))
  var asOf: String = ""
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var request = GetRelationshipMapRequest()
    request.name = try await AccountFinder(session: session).name(of: target.account)
    request.asOfDate = asOf
    request.svg = svg != nil
    request.text = svg == nil
    request.language = session.language.rawValue
    let map = try await session.network.getRelationshipMap(request, session.call)
    if let svg {
      try SmallFile.replace(SmallFile.absolute(svg), with: Array(map.svg.utf8), mode: 0o644)
      return
    }
    switch session.format {
    case .json, .jsonl: try session.output.line(map.jsonString())
    case .csv: try ties(map).write(to: session.output, session.format, session.language)
    case .table:
      try session.output.lines(Self.fitted(map.text, width: session.output.width))
    case .markdown: try session.output.lines(["```", map.text, "```"])
    }
  }

  /// The drawing, with its legend broken between marks where the terminal is narrower than the lines are.
  ///
  /// The legend is what stands behind the last empty line. The tree is left as it is: its blanks say who stands under
  /// whom.
  static func fitted(_ drawing: String, width: Int) -> [String] {
    let lines = drawing.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let end = lines.lastIndex(of: "") else { return lines }
    return lines[...end] + lines[(end + 1)...].flatMap { marks($0, width: width) }
  }

  /// A line of the legend in lines that fit.
  private static func marks(_ line: String, width: Int) -> [String] {
    guard DisplayWidth.of(line) > width else { return [line] }
    var lines: [String] = []
    for mark in line.split(separator: MapDrawing.legendGap) {
      if let last = lines.last, DisplayWidth.of(last + MapDrawing.legendGap + mark) <= width {
        lines[lines.count - 1] = last + MapDrawing.legendGap + mark
      } else {
        lines.append(String(mark))
      }
    }
    return lines
  }

  private func ties(_ map: RelationshipMap) -> Listing {
    let columns: [Listing.Column] = [
      .init("from", en: "From", fi: "Keneltä"), .init("to", en: "To", fi: "Kenelle"),
      .init("kind", en: "Kind", fi: "Laji"),
      .init("strength", en: "Strength", fi: "Vahvuus", isNumber: true),
      .init("record", en: "Record", fi: "Tietue"),
    ]
    return Listing(
      columns: columns,
      rows: map.ties.map { [$0.from, $0.to, $0.kind.title(.english), "\($0.strength)", $0.record] })
  }
}
