import Domain
import PunosMessages
import Store

/// Sums of one group of purchases, put together from what a store counts.
struct PurchaseTotals {
  /// One row of what a store counts: purchases of one status, and in one currency where values are added up.
  struct Part {
    /// What is counted.
    enum Measured {
      /// Purchases.
      case count
      /// Those that have a value, and hundredths in all.
      case value
      /// Those that have both days, and days in all.
      case days
    }

    let measured: Measured
    let key: IndexValue
    let status: Purchase.Status
    let currency: String
    let count: Int64
    let sum: Int64

    /// - Parameter row: the group where there is one, then status and currency; count and sum.
    init(_ row: AggregateRow, of measured: Measured, isGrouped: Bool) {
      self.measured = measured
      let group = isGrouped ? Array(row.group.dropFirst()) : row.group
      key = isGrouped ? row.group.first ?? .null : .null
      let number = Self.integer(group.first).map { Int32(truncatingIfNeeded: $0) } ?? 0
      status = number == 0 ? .open : Purchase.Status(rawValue: number)
      currency = if group.count > 1, case .text(let text) = group[1] { text } else { "" }
      count = Self.integer(row.measures.first) ?? 0
      sum = row.measures.count > 1 ? Self.integer(row.measures[1]) ?? 0 : 0
    }

    private static func integer(_ value: IndexValue?) -> Int64? {
      if case .integer(let number)? = value { number } else { nil }
    }
  }

  private var counts: [Purchase.Status: Int64] = [:]
  private var days: [Bool: (count: Int64, sum: Int64)] = [:]
  private var values: [String: Sums] = [:]

  private struct Sums {
    var won: Int64 = 0
    var wonValued: Int64 = 0
    var lost: Int64 = 0
    var open: Int64 = 0
  }

  /// Takes a part in.
  mutating func add(_ part: Part) {
    switch part.measured {
    case .count: counts[part.status, default: 0] &+= part.count
    case .days:
      guard part.status != .open else { return }
      let known = days[part.status == .won, default: (0, 0)]
      days[part.status == .won] = (known.count &+ part.count, known.sum &+ part.sum)
    case .value:
      var sums = values[part.currency] ?? Sums()
      switch part.status {
      case .won:
        sums.won &+= part.sum
        sums.wonValued &+= part.count
      case .lost, .noDecision: sums.lost &+= part.sum
      default: sums.open &+= part.sum
      }
      values[part.currency] = sums
    }
  }

  /// The sums as they are answered.
  var group: PurchaseGroup {
    var group = PurchaseGroup()
    group.purchases = counts.values.reduce(0, &+)
    group.won = counts[.won] ?? 0
    group.lost = counts[.lost] ?? 0
    group.noDecision = counts[.noDecision] ?? 0
    group.open = counts[.open] ?? 0
    let decided = group.won &+ group.lost &+ group.noDecision
    if decided > 0 { group.winRate = Double(group.won) / Double(decided) }
    group.wonCycleDays = mean(days[true])
    group.lostCycleDays = mean(days[false])
    group.values = values.sorted { $0.key < $1.key }.map { currency, sums in
      var value = PurchaseValue()
      value.currency = currency
      value.won = Money(hundredths: sums.won, currency: currency)
      value.lost = Money(hundredths: sums.lost, currency: currency)
      value.open = Money(hundredths: sums.open, currency: currency)
      if sums.wonValued > 0 {
        let average = (Double(sums.won) / Double(sums.wonValued)).rounded()
        value.averageWon = Money(hundredths: Int64(exactly: average) ?? sums.won, currency: currency)
      }
      return value
    }
    return group
  }

  private func mean(_ days: (count: Int64, sum: Int64)?) -> Double? {
    days.flatMap { $0.count > 0 ? Double($0.sum) / Double($0.count) : nil }
  }
}
