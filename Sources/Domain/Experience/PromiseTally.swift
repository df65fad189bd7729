public import PunosMessages

/// What became of promises.
public struct PromiseTally: Sendable, Hashable {
  /// Records named at most: what fits on a screen.
  public static let shown = 20

  public private(set) var kept = 0
  public private(set) var broken = 0
  /// Open, and not due.
  public private(set) var open = 0
  /// Open, and overdue.
  public private(set) var overdue = 0
  private var latest: [Entry] = []

  private struct Entry: Sendable, Hashable {
    var day: String
    var name: String
  }

  public init() {}

  /// The records, the latest first.
  public var records: [String] { latest.map(\.name) }

  /// The day that a promise belongs to, YYYY-MM-DD: settled, else due, else given; empty where nothing was said.
  public static func day(of commitment: Commitment) -> String {
    [commitment.settledDate, commitment.dueDate, commitment.promisedDate].first { !$0.isEmpty } ?? ""
  }

  /// Counts a promise of ours; what the customer promised, and what was withdrawn, is left out.
  ///
  /// - Parameter today: the day asked about, YYYY-MM-DD: what was due before it and is open is overdue.
  public mutating func add(_ commitment: Commitment, on today: String) {
    guard commitment.direction != .theirs else { return }
    switch commitment.status {
    case .kept: kept += 1
    case .broken: broken += 1
    case .withdrawn: return
    default:
      if !commitment.dueDate.isEmpty, commitment.dueDate < today { overdue += 1 } else { open += 1 }
    }
    let entry = Entry(day: Self.day(of: commitment), name: commitment.name)
    let place = latest.firstIndex { ($0.day, entry.name) < (entry.day, $0.name) } ?? latest.count
    latest.insert(entry, at: place)
    if latest.count > Self.shown { latest.removeLast() }
  }
}
