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
  /// Of them on one connection, which anyone may open without a certificate. Who opens many connections can still take
  /// all places: that harms nobody, since Check and List tell the same and stay open to all.
  static let maximumWatchersPerConnection = 8

  private struct Watcher {
    var service: String
    var connection: String
    var continuation: AsyncStream<Status>.Continuation
  }

  private struct State {
    var statuses: [String: Status]
    var watchers: [Int: Watcher] = [:]
    var nextWatcher = 0
    var perConnection: [String: Int] = [:]

    mutating func remove(_ number: Int) {
      guard let gone = watchers.removeValue(forKey: number) else { return }
      let left = perConnection[gone.connection, default: 1] - 1
      perConnection[gone.connection] = left > 0 ? left : nil
    }
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
      defer {
        state.watchers = [:]
        state.perConnection = [:]
      }
      return state.watchers.values.map(\.continuation)
    }
    for watcher in watchers { watcher.finish() }
  }

  /// The state now and whenever it changes; only the newest waits for a slow reader. Nil when too many watch.
  ///
  /// - Parameter connection: whose watch it is; one connection has only a few.
  func watch(_ service: String, connection: String) -> AsyncStream<Status>? {
    let (stream, continuation) = AsyncStream<Status>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let number: Int? = state.withLock { state in
      let ofConnection = state.perConnection[connection, default: 0]
      guard state.watchers.count < Self.maximumWatchers, ofConnection < Self.maximumWatchersPerConnection
      else {
        return nil
      }
      state.perConnection[connection] = ofConnection + 1
      let number = state.nextWatcher
      state.nextWatcher &+= 1
      state.watchers[number] = Watcher(service: service, connection: connection, continuation: continuation)
      continuation.yield(state.statuses[service] ?? .serviceUnknown)
      return number
    }
    guard let number else { return nil }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { $0.remove(number) }
    }
    return stream
  }
}
