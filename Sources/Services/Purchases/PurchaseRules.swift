import Domain
public import PunosMessages
public import Store

extension Purchase: RecordMessage {}

/// What purchases ask beyond the schema.
public struct PurchaseRules: NounRules {
  public static let kind = NounCatalog.purchaseKind

  public init() {}

  /// A purchase that is open again has no outcome any more, and one that was not lost was won by nobody else: whoever
  /// changes the status need not take out what went with the old one.
  public func settle(_ value: inout Purchase, before: Purchase, told: Set<String>) {
    guard value.status != before.status, told.contains("status") else { return }
    if value.isOpen {
      if !told.contains("decided_date") { value.decidedDate = "" }
      if !told.contains("reasons") { value.reasons = [] }
    }
    if value.status != .lost, !told.contains("winner") { value.winner = "" }
  }

  public func complete(_ value: inout Purchase, before: Purchase?, _ world: RecordWorld) throws {
    if value.status == .unspecified { value.status = .open }
    if value.team.isEmpty { value.team = before?.team ?? world.caller.team }
    if before == nil, value.owner.isEmpty { value.owner = world.caller.name }
    value.customer = world.catalog.parts(of: value.name)?.account ?? ""
    value.currency = value.value?.currency ?? ""
    value.valueHundredths = value.value.flatMap(\.hundredths)
    value.cycleDays = value.measuredCycleDays
    EvidenceRules.complete(&value.evidence, before?.evidence ?? [], world)
  }

  public func problems(of value: Purchase, _ world: RecordWorld) throws -> [FieldProblem] {
    EvidenceRules.problems(of: value.evidence, in: "evidence") + dateProblems(value) + amountProblems(value)
      + stageProblems(value)
  }

  private func dateProblems(_ value: Purchase) -> [FieldProblem] {
    var problems: [FieldProblem] = []
    // Days written YYYY-MM-DD compare as text; their form is the schema's rule.
    if !value.openedDate.isEmpty, !value.decidedDate.isEmpty, value.decidedDate < value.openedDate {
      problems.append(
        FieldProblem(
          path: "decided_date",
          description: "it lies before the purchase was opened (opened_date); correct one of the two",
          reason: "EMPTY_SPAN"))
    }
    if value.isOpen, !value.decidedDate.isEmpty {
      problems.append(
        FieldProblem(
          path: "decided_date",
          description:
            "an open purchase has none; set status to WON, LOST or NO_DECISION, or leave the day out",
          reason: "NOT_DECIDED"))
    }
    if value.isOpen, !value.reasons.isEmpty {
      problems.append(
        FieldProblem(
          path: "reasons",
          description:
            "an open purchase has no outcome yet; set status to WON, LOST or NO_DECISION, or leave them out",
          reason: "NOT_DECIDED"))
    }
    if !value.winner.isEmpty, value.status != .lost {
      problems.append(
        FieldProblem(
          path: "winner",
          description: "only a lost purchase was won by another; set status to LOST, or leave it out",
          reason: "NOT_LOST"))
    }
    return problems
  }

  private func amountProblems(_ value: Purchase) -> [FieldProblem] {
    let counted = [("value", value.value), ("customer_value", value.customerValue)].compactMap {
      path, amount in
      amount.flatMap { ($0.hundredths ?? -1) < 0 ? path : nil }
    }.map { path in
      FieldProblem(
        path: path, description: "an amount of zero or more that can be counted in hundredths was expected",
        reason: "BAD_AMOUNT")
    }
    let said = value.pains.enumerated().compactMap { index, pain -> FieldProblem? in
      guard let cost = pain.yearlyCost, cost.units < 0 || cost.nanos < 0 else { return nil }
      return FieldProblem(
        path: "pains[\(index)].yearly_cost", description: "an amount of zero or more was expected",
        reason: "BAD_AMOUNT")
    }
    return counted + said
  }

  /// Stages that are told twice, or end before they begin; a present stage that is none of them.
  private func stageProblems(_ value: Purchase) -> [FieldProblem] {
    var problems: [FieldProblem] = []
    var seen: Set<String> = []
    for (index, stage) in value.stages.enumerated() {
      if !seen.insert(stage.title).inserted {
        problems.append(
          FieldProblem(
            path: "stages[\(index)].title",
            description: "another stage has the same title; give each its own",
            reason: "TWICE"))
      }
      if !stage.enteredDate.isEmpty, !stage.leftDate.isEmpty, stage.leftDate < stage.enteredDate {
        problems.append(
          FieldProblem(
            path: "stages[\(index)].left_date",
            description: "it lies before the stage began (entered_date); correct one of the two",
            reason: "EMPTY_SPAN"))
      }
    }
    if !value.stage.isEmpty, !seen.isEmpty, !seen.contains(value.stage) {
      problems.append(
        FieldProblem(
          path: "stage",
          description:
            "none of the stages has this title: one of \(value.stages.map(\.title).joined(separator: ", ")) "
            + "was expected, or add it to stages", reason: "UNKNOWN_STAGE"))
    }
    return problems
  }

  public func externalIDs(of value: Purchase) -> [ExternalId] { value.externalIds }

  public func unite(_ incoming: Purchase, into current: Purchase) -> Purchase {
    var result = Unite.messages(incoming, into: current)
    // Lists whose elements have a name: what is said of the same one replaces.
    (result.stages, result.criteria) = (current.stages, current.criteria)
    (result.competitors, result.paperProcess) = (current.competitors, current.paperProcess)
    result.sources = current.sources
    Unite.list(incoming.stages, into: &result.stages) { $0.title }
    Unite.list(incoming.criteria, into: &result.criteria) { $0.text }
    Unite.list(incoming.competitors, into: &result.competitors) { $0.name }
    Unite.list(incoming.paperProcess, into: &result.paperProcess) { $0.title }
    Unite.list(incoming.sources, into: &result.sources) { "\($0.path)|\($0.source)" }
    return result
  }
}
