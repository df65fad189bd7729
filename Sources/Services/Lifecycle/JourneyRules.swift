import Domain
public import PunosMessages
import RPC
public import Store

extension Journey: RecordMessage {}

/// What journeys ask beyond the schema.
public struct JourneyRules: NounRules {
  public static let kind = NounCatalog.journeyKind

  public init() {}

  public func problems(of value: Journey, _ world: RecordWorld) throws -> [FieldProblem] {
    stageProblems(value) + measureProblems(value) + criterionProblems(value)
  }

  /// A journey stays where customers went their way on it: their moves say little without it. The one that is built in
  /// takes the place of the tenant's own with its name, which may go therefore.
  public func refuseDeletionElsewhere(of value: Journey, _ world: RecordWorld) async throws {
    guard value.name != DefaultJourney.name else { return }
    let moves = try await Journeys.countedMoves(on: value.name, world)
    guard moves > 0 else { return }
    throw Problem(
      .failedPrecondition, "JOURNEY_IN_USE",
      "\(moves == 1 ? "1 move" : "\(moves) moves") of customers \(moves == 1 ? "is" : "are") on \(value.name), and the "
        + "history needs it. Keep it, and let customers begin on another journey (is_default); or take the moves back "
        + "(RevertTransition) or delete them first.",
      metadata: ["moves": "\(moves)"], resource: value.name)
  }

  private func stageProblems(_ value: Journey) -> [FieldProblem] {
    var problems: [FieldProblem] = []
    let ids = value.stages.map(\.id)
    for (index, stage) in value.stages.enumerated() {
      if let first = ids.firstIndex(of: stage.id), first < index {
        problems.append(
          FieldProblem(
            path: "stages[\(index)].id", description: "stages[\(first)] has the same id; give each its own",
            reason: "TWICE"))
      }
      for (place, next) in stage.next.enumerated() where !ids.contains(next) || next == stage.id {
        problems.append(
          FieldProblem(
            path: "stages[\(index)].next[\(place)]",
            description: "another stage of the journey was expected: one of "
              + ids.filter { $0 != stage.id }.joined(separator: ", "), reason: "UNKNOWN_STAGE"))
      }
    }
    if value.stages.first?.isEnd == true {
      problems.append(
        FieldProblem(
          path: "stages[0].is_end",
          description: "a journey does not begin with its end; put the end behind the others",
          reason: "BEGINS_WITH_END"))
    }
    return problems
  }

  private func measureProblems(_ value: Journey) -> [FieldProblem] {
    value.stages.enumerated().flatMap { index, stage in
      stage.kpis.enumerated().filter { $0.element.target?.isFinite == false }.map { place, _ in
        FieldProblem(
          path: "stages[\(index)].kpis[\(place)].target",
          description: "a number was expected, not infinity or NaN", reason: "NOT_A_NUMBER")
      }
    }
  }

  /// A criterion is confirmed by its id, so one id says one thing in the whole journey.
  private func criterionProblems(_ value: Journey) -> [FieldProblem] {
    var problems: [FieldProblem] = []
    var known: [String: JourneyCriterion] = [:]
    for (index, stage) in value.stages.enumerated() {
      for (list, criteria) in [
        ("entry_criteria", stage.entryCriteria), ("exit_criteria", stage.exitCriteria),
      ] {
        for (place, criterion) in criteria.enumerated() {
          if let other = known[criterion.id], other.title != criterion.title || other.check != criterion.check
          {
            problems.append(
              FieldProblem(
                path: "stages[\(index)].\(list)[\(place)].id",
                description:
                  "another criterion of the journey has this id and says something else; give it its own",
                reason: "TWICE"))
          }
          known[criterion.id] = criterion
        }
      }
    }
    return problems
  }

  public func externalIDs(of value: Journey) -> [ExternalId] { value.externalIds }

  public func unite(_ incoming: Journey, into current: Journey) -> Journey {
    var result = Unite.messages(incoming, into: current)
    // The order of stages is what a journey is: who tells stages tells all of them.
    result.stages = incoming.stages.isEmpty ? current.stages : incoming.stages
    return result
  }
}
