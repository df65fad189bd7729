/// Looks whether reporting lines lead from one person up to another on one and the same day.
///
/// Lines of different years make no circle, so that each step keeps the days that all lines so far have in common. The
/// search asks for the lines of one person after the other and reads nothing itself.
public struct ReportingSearch: Sendable {
  /// People looked at: nobody has so many above them, and a search must end.
  public static let mostPeople = 10_000

  /// A reporting line: who is reported to, and when.
  public struct Line: Sendable, Hashable {
    /// The superior.
    public var to: String
    /// When it holds.
    public var span: DaySpan
    /// The resource name of the relationship that says so.
    public var record: String

    public init(to: String, span: DaySpan, record: String = "") {
      self.to = to
      self.span = span
      self.record = record
    }
  }

  private let end: String
  private var waiting: [(person: String, span: DaySpan)]
  private var present: (person: String, span: DaySpan)?
  private var seen: [String: [DaySpan]] = [:]
  private var looked = 0
  /// The line that leads there: without it the circle is open. Nil where none does.
  public private(set) var last: Line?

  /// Whether lines lead there.
  public var isFound: Bool { last != nil }

  /// - Parameters:
  ///   - start: whose superiors are looked for.
  ///   - end: the person who must not be among them.
  ///   - span: the days that count.
  public init(from start: String, to end: String, during span: DaySpan) {
    self.end = end
    waiting = span.isEmpty ? [] : [(start, span)]
  }

  /// The person whose lines are to be told next (``take(_:)``); nil where the search is over.
  public mutating func next() -> String? {
    while !isFound, looked < Self.mostPeople, let place = waiting.popLast() {
      let known = seen[place.person] ?? []
      if known.contains(where: { $0.contains(place.span) }) { continue }
      seen[place.person] = known + [place.span]
      looked += 1
      present = place
      return place.person
    }
    return nil
  }

  /// Takes in the lines that lead up from the person asked for, of any time and in any order.
  public mutating func take(_ lines: some Sequence<Line>) {
    guard let present else { return }
    for line in lines {
      let shared = present.span.shared(with: line.span)
      if shared.isEmpty { continue }
      if line.to == end { last = line }
      waiting.append((line.to, shared))
    }
  }
}
