public import PunosAPI
public import PunosMessages
public import RPC

/// A request to move a handover on.
protocol HandoverMoveRequest: StandardNamedRequest {}

extension SuggestHandoverItemsRequest: HandoverMoveRequest {}
extension OfferHandoverRequest: HandoverMoveRequest {}
extension QueryHandoverItemRequest: HandoverMoveRequest {}
extension AnswerHandoverItemRequest: HandoverMoveRequest {}
extension AcceptHandoverItemRequest: HandoverMoveRequest {}
extension RejectHandoverItemRequest: HandoverMoveRequest {}
extension AcceptHandoverRequest: HandoverMoveRequest {}
extension ReturnHandoverRequest: HandoverMoveRequest {}
extension CloseHandoverRequest: HandoverMoveRequest {}
extension SyncHandoverRequest: StandardWriteRequest {}

/// Answers `punos.v1.HandoverWorkflowService`.
public struct HandoverWorkflowHandler: HandoverWorkflowServiceHandler {
  private let workflow: HandoverWorkflow

  /// - Throws: ``Problem`` where the schema lacks the kinds.
  public init(_ world: ServiceWorld) throws(Problem) { workflow = try HandoverWorkflow(world) }

  private func moved<Request: HandoverMoveRequest>(
    _ request: Request, _ context: CallContext,
    _ body: (HandoverMove) async throws(Problem) -> Handover
  ) async throws -> Handover {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      return try await body(
        HandoverMove(name: request.name, etag: request.etag, options: WriteOptions(request), caller: caller))
    }
  }

  public func findHandoverTemplate(
    _ request: FindHandoverTemplateRequest, _ context: CallContext
  ) async throws -> HandoverTemplate {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      return try await workflow.template(from: request.fromTeam, to: request.toTeam, by: caller)
    }
  }

  public func suggestHandoverItems(
    _ request: SuggestHandoverItemsRequest, _ context: CallContext
  ) async throws -> Handover {
    try await moved(request, context) { move throws(Problem) in try await workflow.suggest(move) }
  }

  public func getHandoverReadiness(
    _ request: GetHandoverReadinessRequest, _ context: CallContext
  ) async throws -> HandoverReadiness {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      return try await workflow.readiness(of: request.name, by: caller)
    }
  }

  public func offerHandover(_ request: OfferHandoverRequest, _ context: CallContext) async throws -> Handover
  {
    try await moved(request, context) { move throws(Problem) in try await workflow.offer(move) }
  }

  public func queryHandoverItem(_ request: QueryHandoverItemRequest, _ context: CallContext) async throws
    -> Handover
  {
    try await moved(request, context) { move throws(Problem) in
      try await workflow.decide(move, item: request.itemId, .queried, .query, request.text)
    }
  }

  public func answerHandoverItem(
    _ request: AnswerHandoverItemRequest, _ context: CallContext
  ) async throws -> Handover {
    try await moved(request, context) { move throws(Problem) in
      try await workflow.answer(move, item: request.itemId, text: request.text)
    }
  }

  public func acceptHandoverItem(
    _ request: AcceptHandoverItemRequest, _ context: CallContext
  ) async throws -> Handover {
    try await moved(request, context) { move throws(Problem) in
      try await workflow.decide(move, item: request.itemId, .accepted, .unspecified, nil)
    }
  }

  public func rejectHandoverItem(
    _ request: RejectHandoverItemRequest, _ context: CallContext
  ) async throws -> Handover {
    try await moved(request, context) { move throws(Problem) in
      try await workflow.decide(move, item: request.itemId, .rejected, .rejection, request.text)
    }
  }

  public func acceptHandover(_ request: AcceptHandoverRequest, _ context: CallContext) async throws
    -> Handover
  {
    try await moved(request, context) { move throws(Problem) in
      try await workflow.accept(
        move,
        AcceptanceWish(
          openItems: request.acceptOpenItems, owner: request.owner, keepStage: request.keepStage,
          backwards: request.backwards, confirmed: request.confirmed))
    }
  }

  public func returnHandover(_ request: ReturnHandoverRequest, _ context: CallContext) async throws
    -> Handover
  {
    try await moved(request, context) { move throws(Problem) in
      try await workflow.sendBack(move, reasons: request.text)
    }
  }

  public func closeHandover(_ request: CloseHandoverRequest, _ context: CallContext) async throws -> Handover
  {
    try await moved(request, context) { move throws(Problem) in
      try await workflow.close(move, outcome: request.text)
    }
  }

  public func getHandoverMeasures(
    _ request: GetHandoverMeasuresRequest, _ context: CallContext
  ) async throws -> HandoverMeasures {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      return try await workflow.measures(request, by: caller)
    }
  }

  public func syncHandover(_ request: SyncHandoverRequest, _ context: CallContext) async throws
    -> SyncHandoverResponse
  {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      // The base was checked when it was stored; the copy is checked in the form in which it is stored.
      var envelope = request
      envelope.base = nil
      try RequestRules.check(envelope, except: "handover.")
      return try await workflow.sync(request, WriteOptions(request), by: caller)
    }
  }
}
