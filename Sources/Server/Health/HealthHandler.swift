import PunosAPI
import PunosMessages
import RPC

/// Answers `grpc.health.v1` from the board.
struct HealthHandler: GRPCHealthHealthHandler {
  let board: HealthBoard

  func check(
    _ request: GRPCHealthHealthCheckRequest, _ context: CallContext
  ) async throws -> GRPCHealthHealthCheckResponse {
    guard let status = board.status(of: request.service) else {
      throw RPCError(.notFound, "There is no service \(request.service.prefix(200)) here.")
    }
    return response(status)
  }

  func list(
    _ request: GRPCHealthHealthListRequest, _ context: CallContext
  ) async throws -> GRPCHealthHealthListResponse {
    var answer = GRPCHealthHealthListResponse()
    for (service, status) in board.all { answer.statuses[service] = response(status) }
    return answer
  }

  func watch(
    _ request: GRPCHealthHealthCheckRequest, _ responses: ResponseWriter<GRPCHealthHealthCheckResponse>,
    _ context: CallContext
  ) async throws {
    guard let statuses = board.watch(request.service, connection: context.connection.tag) else {
      throw RPCError(.resourceExhausted, "Too many watch this server's health; try again later.")
    }
    for await status in statuses { try await responses.write(response(status)) }
    throw RPCError(.unavailable, "The server is stopping.")
  }

  private func response(_ status: HealthBoard.Status) -> GRPCHealthHealthCheckResponse {
    var response = GRPCHealthHealthCheckResponse()
    response.status = status
    return response
  }
}
