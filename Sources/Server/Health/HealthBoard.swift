import PunosMessages
import Synchronization

/// Which services are up, for load balancers and supervisors. The empty name is the server as a whole; the name
/// `punos.v1.writes` is whether changes are taken.
final class HealthBoard: Sendable {
  typealias Status = GRPCHealthHealthCheckResponse.ServingStatus

  /// The name under which the ability to write is told.
  static let writes = "punos.v1.writes"
  /// Watchers at once: supervisors and balancers are few; more is a mistake or an attack.
  static let maximumWatchers = 1_000

  private struct State {
    var statuses: [String: Status]
    var watchers: [Int: (service: String, continuation: AsyncStream<Status>.Continuation)] = [:]
    var nextWatcher = 0
  }

  private let state: Mutex<State>

  /// - Parameter services: full names of the services served; all begin as serving.
  init(services: [String]) {
    var statuses: [String: Status] = ["": .serving, Self.writes: .serving]
    for service in services { statuses[service] = .serving }
    state = Mutex(State(statuses: statuses))
  }

  /// A service's state, or nil for one that is not there.
  func status(of service: String) -> Status? {
    state.withLock { $0.statuses[service] }
  }

  /// All states.
  var all: [String: Status] { state.withLock { $0.statuses } }

  /// Sets a service's state and tells those who watch it.
  func set(_ service: String, _ status: Status) {
    let told: [AsyncStream<Status>.Continuation] = state.withLock { state in
      guard state.statuses[service] != status else { return [] }
      state.statuses[service] = status
      return state.watchers.values.filter { $0.service == service }.map(\.continuation)
    }
    for continuation in told { continuation.yield(status) }
  }

  /// Everything stops being served, for good; watches end.
  func stop() {
    for service in all.keys { set(service, .notServing) }
    let watchers = state.withLock { state in
      defer { state.watchers = [:] }
      return state.watchers.values.map(\.continuation)
    }
    for watcher in watchers { watcher.finish() }
  }

  /// The state now and whenever it changes; only the newest waits for a slow reader. Nil when too many watch.
  func watch(_ service: String) -> AsyncStream<Status>? {
    let (stream, continuation) = AsyncStream<Status>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let number: Int? = state.withLock { state in
      guard state.watchers.count < Self.maximumWatchers else { return nil }
      let number = state.nextWatcher
      state.nextWatcher &+= 1
      state.watchers[number] = (service, continuation)
      continuation.yield(state.statuses[service] ?? .serviceUnknown)
      return number
    }
    guard let number else { return nil }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { _ = $0.watchers.removeValue(forKey: number) }
    }
    return stream
  }
}
