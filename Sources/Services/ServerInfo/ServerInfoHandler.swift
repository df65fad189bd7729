public import PunosAPI
public import PunosMessages
public import RPC
import Store

/// Answers `punos.v1.ServerService`.
public struct ServerInfoHandler: ServerServiceHandler {
  private let world: ServiceWorld
  private let version: String

  /// - Parameter version: the server's own.
  public init(_ world: ServiceWorld, version: String) {
    self.world = world
    self.version = version
  }

  public func getServerInfo(
    _ request: GetServerInfoRequest, _ context: CallContext
  ) async throws -> GetServerInfoResponse {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      var response = GetServerInfoResponse()
      response.version = version
      response.tenant = caller.tenant.text
      response.team = caller.team
      response.principal = caller.name
      response.time = ProtoTimestamp(world.clock())
      do {
        response.revision = try world.store.head(of: caller.tenant).rawValue
      } catch {
        throw .from(error, world.catalog)
      }
      let refusal = world.store.health.writesRefused
      response.writable = refusal == nil
      response.notWritableReason = refusal.map { "\($0.cause)" } ?? ""
      return response
    }
  }
}
