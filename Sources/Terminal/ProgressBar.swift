/// How far something has come: share, count, rate and time left on one line.
///
/// A value that is told about progress and asked for its line; who draws it when is the caller's. Rates are of the last
/// seconds, so that a slow beginning is forgotten.
public struct ProgressBar: Sendable {
  /// What is counted, in the plural: `rows`.
  public var unit: String
  /// How many there are in all, where known; otherwise the share of bytes read shows how far it is.
  public var total: Int?

  private let format: LocaleFormat
  private var samples: [(seconds: Double, count: Int, share: Double)] = []
  private var count = 0
  private var share = 0.0

  /// How far back the rate looks, in seconds.
  private static let window = 8.0
  /// Shortest time between samples, in seconds: enough of them for a smooth rate, few enough to keep.
  private static let sampling = 0.2

  /// A bar at the beginning.
  public init(unit: String, total: Int?, format: LocaleFormat) {
    self.unit = unit
    self.total = total
    self.format = format
  }

  /// Tells how far it is.
  ///
  /// - Parameters:
  ///   - count: how many are done.
  ///   - share: between 0 and 1, of the work or of the bytes; nil to take it from count and total.
  ///   - seconds: since the beginning, never less than before.
  public mutating func update(count: Int, share: Double? = nil, seconds: Double) {
    self.count = count
    let fromTotal = total.map { $0 > 0 ? Double(count) / Double($0) : 1 }
    self.share = min(max(share ?? fromTotal ?? 0, 0), 1)
    if let last = samples.last, seconds - last.seconds < Self.sampling { return }
    samples.append((seconds, count, self.share))
    samples.removeAll { seconds - $0.seconds > Self.window }
  }

  /// How many a second, lately; nil before there is anything to say.
  public var rate: Double? {
    guard let first = samples.first, let last = samples.last, last.seconds > first.seconds else { return nil }
    return Double(last.count - first.count) / (last.seconds - first.seconds)
  }

  /// Seconds left at the rate of the last seconds; nil while nothing moves or nothing is known.
  public var secondsLeft: Double? {
    guard let first = samples.first, let last = samples.last, last.seconds > first.seconds, last.share > first.share
    else { return nil }
    return (1 - last.share) / ((last.share - first.share) / (last.seconds - first.seconds))
  }

  /// The line, at most `width` columns. What there is no room for goes: first the bar, then the time, then the rate.
  public func line(width: Int) -> String {
    let percent = DisplayWidth.padded(format.percent(share), to: 5, alignedRight: true)
    let counted = total.map { "\(format.number(count))/\(format.number($0)) \(unit)" } ?? "\(format.number(count)) \(unit)"
    let perSecond = rate.map { "\(format.number($0.rounded(), decimals: 0)) \(unit)/s" }
    let left = secondsLeft.map { seconds -> String in
      let time = format.duration(Int64(min(seconds.rounded(.up), 360_000)))
      return format.language == .finnish ? "\(time) jäljellä" : "\(time) left"
    }
    var parts = [percent, counted] + [perSecond, left].compactMap(\.self)
    while parts.count > 1, DisplayWidth.of(parts.joined(separator: "  ")) > width { parts.removeLast() }
    let text = parts.joined(separator: "  ")
    let room = width - DisplayWidth.of(text) - 4
    guard room >= 10, parts.count >= 2 else { return DisplayWidth.truncated(text, to: width) }
    let cells = min(room, 40)
    let filled = Int((Double(cells) * share).rounded(.down))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: cells - filled)
    return parts[0] + "  " + bar + "  " + parts.dropFirst().joined(separator: "  ")
  }
}
