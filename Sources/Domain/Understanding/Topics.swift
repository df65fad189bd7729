public import PunosMessages

/// What there is to know in each dimension, and how much each part of it counts.
public enum Topics {
  /// A topic and its share in its dimension.
  public struct Part: Sendable, Hashable {
    /// The topic; unspecified for what fits none.
    public var topic: Topic
    /// All of a dimension's together are 1.
    public var weight: Double
  }

  /// The five, in order.
  public static let dimensions: [Dimension] = [.business, .decision, .experience, .endCustomers, .value]

  /// The topics of a dimension with what fits none of them last; empty for what is no dimension.
  public static func parts(of dimension: Dimension) -> [Part] { table[dimension] ?? [] }

  /// The dimension that a topic belongs to; unspecified for what is no topic of any.
  public static func dimension(of topic: Topic) -> Dimension { owners[topic] ?? .unspecified }

  /// Points by which the topics of a dimension share its weight: what a meeting is lost without counts three.
  private static let points: [(Dimension, [(Topic, Double)])] = [
    (
      .business,
      [
        (.strategy, 3), (.goal, 3), (.pressure, 2), (.market, 1.5), (.competitor, 1.5), (.regulation, 1),
        (.rhythm, 1),
      ]
    ),
    (
      .decision,
      [(.decisionMaker, 3), (.stakeholders, 2.5), (.buyingProcess, 2), (.criteria, 2), (.timeline, 1.5)]
    ),
    (.experience, [(.expectation, 3), (.satisfaction, 3), (.promises, 2), (.touchpoints, 1.5)]),
    (
      .endCustomers,
      [(.segments, 3), (.endCustomerExpectation, 2), (.endCustomerExperience, 2), (.endCustomerTrend, 1.5)]
    ),
    (
      .value,
      [
        (.valueDrivers, 3), (.valueWeights, 2), (.valueRealised, 2), (.valueBaseline, 1.5),
        (.differentiation, 1.5),
      ]
    ),
  ]

  /// Points of what fits no topic: worth something, but nothing that one could ask for.
  private static let otherPoints = 1.0

  private static let table: [Dimension: [Part]] = Dictionary(
    uniqueKeysWithValues: points.map { dimension, topics in
      let sum = topics.reduce(otherPoints) { $0 + $1.1 }
      let parts = topics.sorted { $0.0.rawValue < $1.0.rawValue }.map {
        Part(topic: $0.0, weight: $0.1 / sum)
      }
      return (dimension, parts + [Part(topic: .unspecified, weight: otherPoints / sum)])
    })

  private static let owners: [Topic: Dimension] = Dictionary(
    uniqueKeysWithValues: points.flatMap { dimension, topics in topics.map { ($0.0, dimension) } })
}
