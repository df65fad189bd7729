import Domain
import FieldFormats
import PunosMessages
import Store

/// A piece of feedback tells how content the customer is, what they expected, and where it was; of the customer's own
/// customers, what those experience. What the customer says is evidence by itself.
enum FeedbackFacts {
  static let confidence = 0.6
  /// As feedback's half-life is for insights.
  static let halfLifeDays = Double(SourceKinds.usual(.feedback).halfLifeDays)

  @Sendable static func facts(_ record: FactRecord) throws -> [Fact] {
    let feedback: Feedback = try record.decoded()
    func fact(_ dimension: Dimension, _ topic: Topic, _ words: String) -> Fact {
      Fact(
        record: record.name, dimension: dimension, topic: topic, team: "",
        observed: feedback.time?.seconds ?? record.stored.createdTime.seconds, halfLifeDays: halfLifeDays,
        confidence: confidence, isEvidenced: true, sentence: record.told(words))
    }
    if feedback.voice == .endCustomer {
      return [fact(.endCustomers, .endCustomerExperience, "Feedback of the customer's own customers")]
    }
    var facts = [fact(.experience, .satisfaction, "Feedback of the customer")]
    if feedback.expectedScore != nil || !feedback.expectation.isEmpty {
      facts.append(fact(.experience, .expectation, "What the customer had expected"))
    }
    if !feedback.touchpoint.isEmpty {
      facts.append(fact(.experience, .touchpoints, "Feedback on a touchpoint: \(feedback.touchpoint)"))
    }
    return facts
  }
}

/// A segment tells whom the customer serves, what those expect and get, and where they are heading.
enum SegmentFacts {
  static let confidence = 0.6
  static let halfLifeDays = 365.0

  @Sendable static func facts(_ record: FactRecord) throws -> [Fact] {
    let segment: EndCustomerSegment = try record.decoded()
    let updated = record.stored.updatedTime.seconds
    func fact(_ topic: Topic, _ observed: Int64, _ words: String) -> Fact {
      Fact(
        record: record.name, dimension: .endCustomers, topic: topic, team: segment.evidence.first?.team ?? "",
        observed: observed, halfLifeDays: halfLifeDays, confidence: segment.confidence ?? confidence,
        isEvidenced: !segment.evidence.isEmpty, sentence: record.told("\(words): \(segment.title)"))
    }
    var facts = [fact(.segments, updated, "Whom they serve")]
    if let latest = segment.expectations.map(\.date).max() {
      facts.append(fact(.endCustomerExpectation, FactDays.seconds(latest) ?? updated, "What those expect"))
    }
    if let latest = segment.experiences.map(\.date).max() {
      facts.append(fact(.endCustomerExperience, FactDays.seconds(latest) ?? updated, "What those experience"))
    }
    if segment.trend != .unspecified { facts.append(fact(.endCustomerTrend, updated, "Where those are heading")) }
    return facts
  }
}

/// A value driver tells what is worth something to the customer, how much, from where, and what came of it.
enum ValueDriverFacts {
  static let confidence = 0.7
  static let halfLifeDays = 365.0

  @Sendable static func facts(_ record: FactRecord) throws -> [Fact] {
    let driver: ValueDriver = try record.decoded()
    let updated = record.stored.updatedTime.seconds
    func fact(_ topic: Topic, _ observed: Int64, _ words: String) -> Fact {
      Fact(
        record: record.name, dimension: .value, topic: topic, team: driver.evidence.first?.team ?? "",
        observed: observed, halfLifeDays: halfLifeDays, confidence: driver.confidence ?? confidence,
        isEvidenced: !driver.evidence.isEmpty, sentence: record.told("\(words): \(driver.statement)"))
    }
    var facts = [fact(.valueDrivers, updated, "What is worth something to them")]
    // Our own guesses of a weight are no knowledge of theirs.
    if let latest = driver.customerWeights.map(\.date).max() {
      facts.append(fact(.valueWeights, FactDays.seconds(latest) ?? updated, "How much it weighs with them"))
    }
    if let baseline = driver.baseline {
      facts.append(fact(.valueBaseline, FactDays.seconds(baseline.date) ?? updated, "Where they began"))
    }
    if let latest = driver.realised.map(\.date).max() {
      facts.append(fact(.valueRealised, FactDays.seconds(latest) ?? updated, "What came of it"))
    }
    if driver.position != .unspecified {
      facts.append(fact(.differentiation, updated, "What it does to competition"))
    }
    return facts
  }
}

/// Days as moments.
enum FactDays {
  /// The day's first second, since 1970; nil for what is no day.
  static func seconds(_ day: String) -> Int64? {
    CalendarDate(day).map { Int64($0.daysSince1970) * Fading.secondsPerDay }
  }
}
