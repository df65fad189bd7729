/// Days from one to another, as records tell them.
public struct DaySpan: Sendable, Hashable {
  /// The first day, YYYY-MM-DD; empty: since ever.
  public var from: String
  /// The first day after it, YYYY-MM-DD; empty: for ever.
  public var to: String

  public init(from: String = "", to: String = "") {
    self.from = from
    self.to = to
  }

  /// Whether no day is in it. Days written so compare as text.
  public var isEmpty: Bool { !to.isEmpty && to <= from }

  /// The days that both have.
  public func shared(with other: DaySpan) -> DaySpan {
    let ends = [to, other.to].filter { !$0.isEmpty }
    return DaySpan(from: max(from, other.from), to: ends.min() ?? "")
  }

  /// Whether all days of another one are in it.
  public func contains(_ other: DaySpan) -> Bool {
    from <= other.from && (to.isEmpty || (!other.to.isEmpty && other.to <= to))
  }
}
