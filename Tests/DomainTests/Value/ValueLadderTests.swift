import PunosMessages
import Testing

@testable import Domain

@Suite struct ValueLadderTests {
  static func weight(_ weight: Double, _ date: String, _ voice: String = "") -> ValueDriver.Weight {
    var value = ValueDriver.Weight()
    value.weight = weight
    value.date = date
    value.voice = voice
    return value
  }

  static func mark(_ value: Double, _ date: String, _ source: String = "") -> ValueDriver.Measurement {
    var mark = ValueDriver.Measurement()
    mark.value = value
    mark.date = date
    mark.source = source
    return mark
  }

  static func driver(
    _ name: String, customer: [ValueDriver.Weight] = [], guesses: [ValueDriver.Weight] = [],
    position: ValueDriver.Position = .unspecified
  ) -> ValueDriver {
    var driver = ValueDriver()
    driver.name = "accounts/a/valueDrivers/\(name)"
    driver.statement = name
    driver.rung = .economic
    driver.customerWeights = customer
    driver.guesses = guesses
    driver.position = position
    return driver
  }

  /// Downtime: 40 h a month before us, 10 promised by the end of June, 22 measured in April and 8 in July.
  static func downtime() -> ValueDriver {
    var driver = driver("downtime")
    driver.metric = "unplanned downtime"
    driver.unit = "h/month"
    driver.baseline = mark(40, "2026-01-15")
    driver.promised = mark(10, "2026-06-30")
    driver.realised = [mark(8, "2026-07-10"), mark(22, "2026-04-10")]
    return driver
  }

  @Test func eachVoiceCountsOnceWithItsLatestWord() throws {
    let weights = [
      Self.weight(0.2, "2026-01-01", "procurement"), Self.weight(0.6, "2026-03-01", "procurement"),
      Self.weight(1.0, "2026-02-01", "plant manager"), Self.weight(0.0, "2026-09-01", "procurement"),
    ]
    let voices = try #require(WeightOfVoices(weights, on: "2026-06-01"))
    #expect(abs(voices.mean - 0.8) < 1e-12)
    #expect(abs(voices.spread - 0.4) < 1e-12)
    #expect(voices.newest == "2026-03-01")
    #expect(WeightOfVoices(weights, on: "2025-12-31") == nil)
  }

  @Test func theGapIsTheCustomersWeightLessOurGuess() {
    let driver = Self.driver(
      "d", customer: [Self.weight(0.9, "2026-01-01")], guesses: [Self.weight(0.4, "2026-01-01", "sales")])
    let standing = DriverStanding(driver, on: "2026-02-01")
    #expect(abs((standing.gap ?? 0) - 0.5) < 1e-12)
    #expect(DriverStanding(Self.driver("e"), on: "2026-02-01").gap == nil)
  }

  @Test func realisationIsTheWayCoveredFromTheBaselineToThePromise() {
    let driver = Self.downtime()
    let then = ValueRealisation(driver, on: "2026-05-01")
    #expect(then.points.map(\.percent) == [60] && then.outcome == .onTheWay)
    let now = ValueRealisation(driver, on: "2026-08-01")
    #expect(now.points.map(\.date) == ["2026-04-10", "2026-07-10"] && now.outcome == .realised)
    #expect(abs((now.percent ?? 0) - 106.6667) < 0.001)
  }

  @Test func aPromiseIsMissedOnceItsDayHasPassedAndNotBefore() {
    var driver = Self.downtime()
    driver.realised = [Self.mark(22, "2026-04-10")]
    #expect(ValueRealisation(driver, on: "2026-06-30").outcome == .onTheWay)
    #expect(ValueRealisation(driver, on: "2026-07-01").outcome == .missed)
    driver.realised = []
    #expect(ValueRealisation(driver, on: "2026-07-01").outcome == .notMeasured)
    driver.promised = nil
    #expect(ValueRealisation(driver, on: "2026-07-01").outcome == .noPromise)
  }

  @Test func whatWasReachedAndLostAgainIsNotRealised() {
    var driver = Self.downtime()
    driver.realised.append(Self.mark(30, "2026-09-01"))
    #expect(ValueRealisation(driver, on: "2026-10-01").outcome == .missed)
  }

  @Test func realisationHoldsForTargetsThatBinaryFractionsMiss() {
    var driver = Self.downtime()
    driver.baseline = Self.mark(0.3, "2026-01-01")
    driver.promised = Self.mark(0.1, "2026-06-30")
    driver.realised = [Self.mark(0.3 - 0.2, "2026-05-01")]
    #expect(ValueRealisation(driver, on: "2026-06-01").outcome == .realised)
  }

  @Test func whatSetsUsApartIsAShareOfWhatTheCustomerWeighs() {
    let ladder = StandingLadder(
      [
        Self.driver("price", customer: [Self.weight(0.6, "2026-01-01")], position: .price),
        Self.driver("uptime", customer: [Self.weight(0.9, "2026-01-01")], position: .setsApart),
        Self.driver("asked", guesses: [Self.weight(1, "2026-01-01", "sales")], position: .setsApart),
      ], on: "2026-02-01")
    #expect(abs((ladder.share(of: .price) ?? 0) - 0.4) < 1e-12)
    #expect(abs((ladder.share(of: .setsApart) ?? 0) - 0.6) < 1e-12)
    #expect(ladder.rungs.first?.standings.map(\.driver.statement) == ["uptime", "price", "asked"])
    #expect(StandingLadder([], on: "2026-02-01").share(of: .price) == nil)
  }

  @Test func eachConcernIsFoundAndNothingElse() {
    func kinds(_ drivers: [ValueDriver], on date: String = "2026-08-01") -> [ValueConcern.Kind] {
      ValueFindings(.english).concerns(of: StandingLadder(drivers, on: date)).map(\.kind)
    }
    let said = [Self.weight(0.9, "2026-07-01")]
    #expect(kinds([Self.driver("a", customer: said, guesses: [Self.weight(0.85, "2026-07-01")])]).isEmpty)
    #expect(
      kinds([Self.driver("a", customer: said, guesses: [Self.weight(0.3, "2026-07-01")])]) == [.misjudged])
    #expect(kinds([Self.driver("a", guesses: said)]) == [.neverAsked])
    #expect(kinds([Self.driver("a", customer: said, position: .price)]) == [.priceOnly])
    #expect(kinds([Self.driver("a", customer: [Self.weight(0.9, "2024-07-01")])]) == [.stale])
    #expect(
      kinds([
        Self.driver(
          "a", customer: [Self.weight(0.9, "2026-07-01", "x"), Self.weight(0.1, "2026-07-01", "y")])
      ])
        == [.divided])
    var missed = Self.downtime()
    missed.realised = [Self.mark(22, "2026-04-10")]
    #expect(kinds([missed]) == [.promiseMissed])
    missed.realised = []
    #expect(kinds([missed]) == [.notMeasured])
  }

  @Test func concernsAreBoundedExplainedAndHeedNoOrder() {
    for seed in UInt64(1)...300 {
      var random = SeededGenerator(seed: seed)
      let drivers = (0..<Int.random(in: 1...8, using: &random)).map { index in
        var driver = Self.driver(
          "d\(index)", position: ValueDriver.Position(rawValue: .random(in: 0...3, using: &random)))
        let days = ["2024-01-01", "2025-06-01", "2026-05-01"]
        for (day, voice) in zip(days, ["a", "b", "a"]) where Bool.random(using: &random) {
          driver.customerWeights.append(Self.weight(.random(in: 0...1, using: &random), day, voice))
          driver.guesses.append(Self.weight(.random(in: 0...1, using: &random), day, voice))
        }
        if Bool.random(using: &random) {
          driver.baseline = Self.mark(.random(in: -10...10, using: &random), "2024-01-01")
          driver.promised = Self.mark(.random(in: -10...10, using: &random), "2025-01-01")
          driver.realised = [Self.mark(.random(in: -100...100, using: &random), "2024-07-01")]
        }
        return driver
      }
      let concerns = ValueFindings(.english).concerns(of: StandingLadder(drivers, on: "2026-06-01"))
      #expect(concerns.allSatisfy { (0...1).contains($0.severity) && !$0.records.isEmpty }, "seed \(seed)")
      #expect(concerns.allSatisfy { !$0.sentence.isEmpty && !$0.nextStep.isEmpty }, "seed \(seed)")
      let shuffled = drivers.shuffled(using: &random).map { driver in
        var driver = driver
        driver.customerWeights.shuffle(using: &random)
        driver.guesses.shuffle(using: &random)
        return driver
      }
      #expect(
        ValueFindings(.english).concerns(of: StandingLadder(shuffled, on: "2026-06-01")) == concerns,
        "seed \(seed)")
    }
  }

  @Test func theCustomersWordFadesByHalfInAYearAndAHalf() throws {
    let voices = try #require(WeightOfVoices([Self.weight(0.8, "2025-01-01")], on: "2030-01-01"))
    #expect(voices.freshness(on: "2025-01-01") == 1)
    #expect(abs(voices.freshness(on: "2026-06-25") - 0.5) < 1e-12)
    var last = 1.0
    for date in ["2025-03-01", "2025-12-01", "2026-12-01", "2029-12-01"] {
      let freshness = voices.freshness(on: date)
      #expect(freshness < last && freshness > 0)
      last = freshness
    }
  }

  private static func severity(
    _ kind: ValueConcern.Kind, _ drivers: [ValueDriver], on date: String = "2026-08-01"
  ) -> Double {
    ValueFindings(.english).concerns(of: StandingLadder(drivers, on: date)).first { $0.kind == kind }?
      .severity ?? 0
  }

  /// Of two random numbers the lesser and the greater.
  private static func two(_ random: inout SeededGenerator) -> (Double, Double) {
    let (one, other) = (Double.random(in: 0...1, using: &random), Double.random(in: 0...1, using: &random))
    return (min(one, other), max(one, other))
  }

  @Test(arguments: UInt64(1)...300) func severitiesGrowWithWhatTheyAreMadeOf(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let (less, more) = Self.two(&random)
    let day = "2026-07-01"
    func word(_ weight: Double, _ date: String = "2026-07-01", _ voice: String = "") -> [ValueDriver.Weight] {
      [Self.weight(weight, date, voice)]
    }
    func grows(_ kind: ValueConcern.Kind, _ severity: (Double) -> Double) {
      #expect(severity(less) <= severity(more) + 1e-12, "\(kind), seed \(seed): \(less), \(more)")
    }
    let base = Double.random(in: 0...1, using: &random)
    grows(.misjudged) {
      Self.severity(.misjudged, [Self.driver("a", customer: word(1), guesses: word(1 - $0))])
    }
    grows(.neverAsked) { Self.severity(.neverAsked, [Self.driver("a", guesses: word($0))]) }
    grows(.divided) {
      Self.severity(.divided, [Self.driver("a", customer: word(1, day, "x") + word(1 - $0, day, "y"))])
    }
    // The older the word, and the more it weighs.
    grows(.stale) { Self.severity(.stale, [Self.driver("a", customer: word($0, "2023-07-01"))]) }
    grows(.stale) { age in
      Self.severity(.stale, [Self.driver("a", customer: word(base, "20\(24 - Int(age * 10))-07-01"))])
    }
    // The less is realised, and the more it weighs.
    grows(.promiseMissed) { missing in
      var driver = Self.downtime()
      driver.customerWeights = word(base)
      driver.realised = [Self.mark(10 + 30 * missing, "2026-07-10")]
      return Self.severity(.promiseMissed, [driver])
    }
    grows(.promiseMissed) { weight in
      var driver = Self.downtime()
      driver.customerWeights = word(weight)
      driver.realised = [Self.mark(10 + 30 * base, "2026-07-10")]
      return Self.severity(.promiseMissed, [driver])
    }
    grows(.notMeasured) { weight in
      var driver = Self.downtime()
      (driver.customerWeights, driver.realised) = (word(weight), [])
      return Self.severity(.notMeasured, [driver], on: "2026-06-01")
    }
    grows(.priceOnly) { price in
      Self.severity(
        .priceOnly,
        [
          Self.driver("a", customer: word(price), position: .price),
          Self.driver("b", customer: word(base), position: .setsApart),
        ])
    }
  }

  @Test func aPromiseThatNobodyMeasuresIsGraverOnceItsDayHasPassed() {
    var driver = Self.downtime()
    driver.realised = []
    #expect(
      Self.severity(.notMeasured, [driver], on: "2026-06-30")
        < Self.severity(.notMeasured, [driver], on: "2026-07-01"))
  }

  @Test func aWiderGapIsGraver() {
    var last = 0.0
    for guess in [0.6, 0.5, 0.3, 0.0] {
      let driver = Self.driver(
        "a", customer: [Self.weight(0.9, "2026-07-01")], guesses: [Self.weight(guess, "2026-07-01")])
      let severity =
        ValueFindings(.finnish).concerns(of: StandingLadder([driver], on: "2026-08-01")).first?.severity ?? 0
      #expect(severity > last)
      last = severity
    }
  }
}
