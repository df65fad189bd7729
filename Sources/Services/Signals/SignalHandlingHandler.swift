public import PunosAPI
public import PunosMessages
public import RPC

extension AcknowledgeSignalRequest: StandardNamedRequest {}
extension DismissSignalRequest: StandardNamedRequest {}
extension ReopenSignalRequest: StandardNamedRequest {}

/// Answers `punos.v1.SignalHandlingService`.
public struct SignalHandlingHandler: SignalHandlingServiceHandler {
  private let service: RecordService<SignalRules>

  public init(_ world: ServiceWorld, _ service: RecordService<SignalRules>) { self.service = service }

  public func acknowledgeSignal(_ request: AcknowledgeSignalRequest, _ context: CallContext) async throws
    -> Signal
  {
    try await change(request, to: .acknowledged, request.handling, context)
  }

  public func dismissSignal(_ request: DismissSignalRequest, _ context: CallContext) async throws -> Signal {
    try await change(request, to: .dismissed, request.handling, context)
  }

  public func reopenSignal(_ request: ReopenSignalRequest, _ context: CallContext) async throws -> Signal {
    try await change(request, to: .open, request.handling, context)
  }

  private func change(
    _ request: some StandardNamedRequest, to state: Signal.State, _ handling: String, _ context: CallContext
  ) async throws -> Signal {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      return try await service.change(request.name, etag: request.etag, WriteOptions(request), by: caller) {
        signal, world in
        if state == .open, signal.state == .open {
          throw Problem(
            .failedPrecondition, "ALREADY_OPEN", "The signal is open; there is nothing to open again.",
            resource: signal.name)
        }
        signal.state = state
        signal.handledBy = world.caller.name
        signal.handledTeam = world.caller.team
        signal.handledTime = ProtoTimestamp(world.now)
        signal.handling = handling
        return []
      }
    }
  }
}
