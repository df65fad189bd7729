public import PunosMessages

/// What a value summary tells the customer. Only what may leave the house is in it: no guess of ours, no position
/// towards competitors, no evidence, no note, no confidence.
public struct ValueSummaryContent: Sendable, Hashable {
  /// Why a value driver is not in it.
  public enum Omission: Sendable, Hashable {
    case marked, individual, noRoom
  }

  /// Somebody at the customer who may be named.
  public struct Person: Sendable, Hashable {
    public var name: String
    public var title: String

    public init(name: String, title: String) {
      self.name = name
      self.title = title
    }
  }

  /// One value driver.
  public struct Item: Sendable, Hashable {
    /// In the customer's words.
    public var statement: String
    public var rung: ValueDriver.Rung
    /// What the customer says it weighs, 0 to 1; nil where nobody was asked.
    public var weight: Double?
    public var metric: String
    public var unit: String
    public var baseline: Mark?
    public var promised: Mark?
    /// In order of days.
    public var realised: [ValueRealisation.Point]
    public var outcome: ValueRealisation.Outcome
    /// What the whole promise is worth in a year.
    public var worth: Money?
  }

  /// The metric on a day.
  public struct Mark: Sendable, Hashable {
    public var value: Double
    public var date: String
  }

  /// Value drivers in a summary at most: more than a dozen things that matter is a list, no summary. Long ones leave
  /// room for fewer (``SummaryRoom``).
  public static let mostItems = 12

  /// The language it is written in; what the customer said stays as it was said.
  public let language: SentenceLanguage
  public var customer: String
  /// Who gives it; empty: not said.
  public var sender: String
  /// YYYY-MM-DD.
  public var date: String
  public var people: [Person]
  /// The heaviest for the customer first.
  public var items: [Item]
  /// What is not in it, by resource name.
  public var omissions: [String: Omission]
  /// How many names and addresses were taken out of texts.
  public var namesRemoved: Int

  /// - Parameters:
  ///   - drivers: of the account, in any order.
  ///   - date: the day asked about, YYYY-MM-DD.
  ///   - language: it is written in.
  ///   - people: those who may be named.
  ///   - redactor: takes everybody else out of texts.
  public init(
    customer: String, sender: String, date: String, language: SentenceLanguage, people: [Person],
    drivers: [ValueDriver], redactor: NameRedactor
  ) {
    self.language = language
    self.customer = customer
    self.sender = sender
    self.date = date
    self.people = people
    items = []
    omissions = [:]
    namesRemoved = 0
    var shown: [DriverStanding] = []
    for driver in drivers {
      if let reason = Self.reasonToOmit(driver) {
        omissions[driver.name] = reason
      } else {
        shown.append(DriverStanding(driver, on: date))
      }
    }
    shown.sort(by: StandingLadder.heaviestFirst)
    var room = SummaryRoom(self)
    for (index, standing) in shown.enumerated() {
      let removedBefore = namesRemoved
      let item = item(standing, redactor)
      if index < Self.mostItems, room.take(item) {
        items.append(item)
      } else {
        omissions[standing.driver.name] = .noRoom
        namesRemoved = removedBefore
      }
    }
  }

  private static func reasonToOmit(_ driver: ValueDriver) -> Omission? {
    switch driver.sharing {
    case .internal: return .marked
    case .shared: return nil
    default: return driver.rung == .individual ? .individual : nil
    }
  }

  private mutating func item(_ standing: DriverStanding, _ redactor: NameRedactor) -> Item {
    func clean(_ text: String) -> String {
      let (clean, removed) = redactor.clean(text)
      namesRemoved += removed
      return clean
    }
    let driver = standing.driver
    let realised = standing.realisation.points.map { point in
      var point = point
      point.source = clean(point.source)
      return point
    }
    return Item(
      statement: clean(driver.statement), rung: driver.rung, weight: standing.customer?.mean,
      metric: clean(driver.metric), unit: clean(driver.unit), baseline: Self.mark(driver.baseline),
      promised: Self.mark(driver.promised), realised: realised, outcome: standing.realisation.outcome,
      worth: driver.yearlyWorth)
  }

  private static func mark(_ measurement: ValueDriver.Measurement?) -> Mark? {
    guard let value = measurement?.value, value.isFinite else { return nil }
    return Mark(value: value, date: measurement?.date ?? "")
  }
}
