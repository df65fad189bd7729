public import PunosMessages

/// Draws the way of a handover as SVG: time goes down, what the sending team did stands on the left, what the receiving
/// team did on the right.
public struct HandoverTimelinePicture {
  /// What the picture says in the reader's language.
  public struct Words {
    /// What happened.
    public var event: (HandoverEvent.Kind) -> String
    /// When.
    public var moment: (ProtoTimestamp) -> String
    /// A team's name.
    public var team: (String) -> String

    /// Words.
    public init(
      event: @escaping (HandoverEvent.Kind) -> String, moment: @escaping (ProtoTimestamp) -> String,
      team: @escaping (String) -> String
    ) {
      self.event = event
      self.moment = moment
      self.team = team
    }
  }

  /// Events drawn at most, the latest: a picture that nobody can take in says less than the list. Those before are in it.
  static let mostEvents = 60

  private static let width = 900.0
  private static let head = 96.0
  private static let row = 52.0
  private static let side = 400.0

  private let handover: Handover
  private let words: Words

  /// The picture of a handover.
  public init(_ handover: Handover, _ words: Words) {
    self.handover = handover
    self.words = words
  }

  /// The whole picture.
  public func svg() -> String {
    let events = HandoverTimeline.events(of: handover).suffix(Self.mostEvents)
    let height = Self.head + Double(events.count) * Self.row + 20
    let size = (SVGText.number(Self.width), SVGText.number(height))
    let middle = SVGText.number(Self.width / 2)
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(size.0)\" height=\"\(size.1)\" "
        + "viewBox=\"0 0 \(size.0) \(size.1)\" role=\"img\" font-family=\"'DejaVu Sans', Verdana, Arial, sans-serif\">",
      "<title>\(SVGText.escaped(handover.title))</title>",
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
      text(
        handover.title, Self.width / 2, 36, 20, MapMarks.ink, anchor: "middle", bold: true,
        width: Self.width - 60),
      text(
        words.team(handover.fromTeam), Self.width / 2 - 24, 68, 13, MapMarks.faint, anchor: "end", bold: true),
      text(
        words.team(handover.toTeam), Self.width / 2 + 24, 68, 13, MapMarks.faint, anchor: "start", bold: true),
      "<path d=\"M\(middle) 80V\(SVGText.number(height - 24))\" stroke=\"\(MapMarks.line)\" stroke-width=\"2\"/>",
    ]
    for (index, event) in events.enumerated() {
      lines += drawn(event, y: Self.head + Double(index) * Self.row)
    }
    return (lines + ["</svg>", ""]).joined(separator: "\n")
  }

  private func drawn(_ event: HandoverEvent, y: Double) -> [String] {
    let isLeft = event.team != handover.toTeam
    let x = Self.width / 2 + (isLeft ? -24 : 24)
    let anchor = isLeft ? "end" : "start"
    let said = [event.items.joined(separator: "; "), event.text].filter { !$0.isEmpty }.joined(
      separator: ": ")
    return [
      "<circle cx=\"\(SVGText.number(Self.width / 2))\" cy=\"\(SVGText.number(y))\" r=\"7\" fill=\"\(Self.colour(event.kind))\"/>",
      text(words.event(event.kind), x, y - 1, 13, MapMarks.ink, anchor: anchor, bold: true),
      text(
        [words.moment(event.time), event.principal].filter { !$0.isEmpty }.joined(separator: " · "), x,
        y + 14, 11,
        MapMarks.faint, anchor: anchor),
      text(said, x, y + 29, 11, MapMarks.ink, anchor: anchor),
    ]
  }

  /// Green for what goes on, orange for what comes back, blue for what is written and said.
  private static func colour(_ kind: HandoverEvent.Kind) -> String {
    switch kind {
    case .itemsAccepted, .accepted, .closed: "#2e7d32"
    case .returned, .itemRejected: "#c4620a"
    case .asked: "#b58900"
    case .begun, .offered, .answered: MapMarks.ours
    }
  }

  private func text(
    _ text: String, _ x: Double, _ y: Double, _ size: Double, _ colour: String, anchor: String,
    bold: Bool = false,
    width: Double = side
  ) -> String {
    let fitted = SVGText.fitted(
      TextLines.of(text).joined(separator: " "), width, size: bold ? size * 1.08 : size)
    return
      "<text x=\"\(SVGText.number(x))\" y=\"\(SVGText.number(y))\" font-size=\"\(SVGText.number(size))\" "
      + "text-anchor=\"\(anchor)\" fill=\"\(colour)\"\(bold ? " font-weight=\"bold\"" : "")>\(SVGText.escaped(fitted))</text>"
  }
}
