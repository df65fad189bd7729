public import PunosMessages
public import Store

extension EndCustomerSegment: RecordMessage {}

/// What segments of the customer's own customers ask beyond the schema.
public struct EndCustomerSegmentRules: NounRules {
  public static let kind = NounCatalog.endCustomerSegmentKind

  public init() {}

  public func complete(
    _ value: inout EndCustomerSegment, before: EndCustomerSegment?, _ world: RecordWorld
  ) throws {
    let today = Days.text(world.now)
    for index in value.expectations.indices where value.expectations[index].date.isEmpty {
      value.expectations[index].date = today
    }
    for index in value.experiences.indices where value.experiences[index].date.isEmpty {
      value.experiences[index].date = today
    }
    EvidenceRules.complete(&value.evidence, before?.evidence ?? [], world)
  }

  public func problems(of value: EndCustomerSegment, _ world: RecordWorld) throws -> [FieldProblem] {
    let days = DayRules(world)
    var problems = EvidenceRules.problems(of: value.evidence, in: "evidence")
    for (field, observations) in [("expectations", value.expectations), ("experiences", value.experiences)] {
      for (index, observation) in observations.enumerated() {
        problems += days.problems(
          observation.date, at: "\(field)[\(index)].date", what: "an observation has been made")
      }
    }
    for (index, bearing) in value.valueDrivers.enumerated() {
      problems += SameAccount.problems(
        bearing.valueDriver, at: "value_drivers[\(index)].value_driver", in: value.name)
      let twin = value.valueDrivers.prefix(index).firstIndex { $0.valueDriver == bearing.valueDriver }
      if let twin {
        problems.append(
          FieldProblem(
            path: "value_drivers[\(index)].value_driver",
            description: "value_drivers[\(twin)] names the same value driver; keep one of the two",
            reason: "DUPLICATE_VALUE_DRIVER"))
      }
    }
    return problems
  }

  public func externalIDs(of value: EndCustomerSegment) -> [ExternalId] { value.externalIds }

  public func unite(_ incoming: EndCustomerSegment, into current: EndCustomerSegment) -> EndCustomerSegment {
    Unite.messages(incoming, into: current)
  }
}
