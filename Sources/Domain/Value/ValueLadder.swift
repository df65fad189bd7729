public import PunosMessages

/// Where a value driver stands on a day.
public struct DriverStanding: Sendable {
  public var driver: ValueDriver
  /// What the customer says it weighs; nil where nobody was asked.
  public var customer: WeightOfVoices?
  /// What we guess.
  public var guess: WeightOfVoices?
  public var realisation: ValueRealisation

  /// - Parameter date: the day asked about, YYYY-MM-DD.
  public init(_ driver: ValueDriver, on date: String) {
    self.driver = driver
    customer = WeightOfVoices(driver.customerWeights, on: date)
    guess = WeightOfVoices(driver.guesses, on: date)
    realisation = ValueRealisation(driver, on: date)
  }

  /// The customer's weight less our guess, -1 to 1: above 0 we think too little of it.
  public var gap: Double? {
    guard let customer, let guess else { return nil }
    return customer.mean - guess.mean
  }
}

/// The value ladder of an account on a day.
public struct StandingLadder: Sendable {
  /// A rung with what stands on it.
  public struct Rung: Sendable {
    public var rung: ValueDriver.Rung
    /// Heaviest for the customer first; those nobody weighed last.
    public var standings: [DriverStanding]
  }

  /// YYYY-MM-DD.
  public var date: String
  /// Those that hold something, economic first.
  public var rungs: [Rung]

  /// - Parameters:
  ///   - drivers: in any order.
  ///   - date: the day asked about, YYYY-MM-DD.
  public init(_ drivers: [ValueDriver], on date: String) {
    self.date = date
    let standings = drivers.map { DriverStanding($0, on: date) }
    rungs = ValueDriver.Rung.allCases.compactMap { rung in
      let own = standings.filter { $0.driver.rung == rung }.sorted(by: Self.heaviestFirst)
      return own.isEmpty ? nil : Rung(rung: rung, standings: own)
    }
  }

  /// Everything on it, rung by rung.
  public var standings: [DriverStanding] { rungs.flatMap(\.standings) }

  static func heaviestFirst(_ left: DriverStanding, _ right: DriverStanding) -> Bool {
    func rank(_ standing: DriverStanding) -> (Double, String) {
      (-(standing.customer?.mean ?? -1), standing.driver.name)
    }
    return rank(left) < rank(right)
  }

  /// Of all the customer weighed, the share with a position, 0 to 1.
  ///
  /// - Returns: nil where the customer weighed nothing.
  public func share(of position: ValueDriver.Position) -> Double? {
    let weights = standings.compactMap { standing in
      standing.customer.map { (position: standing.driver.position, weight: $0.mean) }
    }
    let all = weights.reduce(0) { $0 + $1.weight }
    guard all > 0 else { return nil }
    return weights.reduce(0) { $0 + ($1.position == position ? $1.weight : 0) } / all
  }
}
