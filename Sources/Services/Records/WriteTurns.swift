import Store
import Synchronization

/// Lets writes of a kind go one after the other within a tenant, where a rule compares a new record with others that no
/// expected revision guards: two tenures of one person, two reporting lines that close a circle, have ids of their own.
///
/// One process holds a store, so turns in its memory are enough. A turn lasts from the reading for the rules to the
/// durable commit, a few milliseconds; a batch takes one.
final class WriteTurns: Sendable {
  fileprivate struct Place: Hashable {
    var tenant: TenantID
    var kind: RecordKind
  }

  /// Those that wait, the first to come first; a place that nobody holds is not in it.
  private let waiting = Mutex<[Place: [CheckedContinuation<Void, Never>]]>([:])

  /// Waits until nobody else writes the kind. Whoever takes a turn must end it.
  ///
  /// A caller who has given up waits as well: those before take milliseconds, and the write says itself that it is too late.
  func take(_ kind: RecordKind, in tenant: TenantID) async -> WriteTurn {
    let place = Place(tenant: tenant, kind: kind)
    await withCheckedContinuation { continuation in
      let isFree = waiting.withLock { waiting in
        guard waiting[place] != nil else {
          waiting[place] = []
          return true
        }
        waiting[place]?.append(continuation)
        return false
      }
      if isFree { continuation.resume() }
    }
    return WriteTurn(turns: self, place: place)
  }

  fileprivate func end(_ place: Place) {
    let next = waiting.withLock { waiting -> CheckedContinuation<Void, Never>? in
      guard let line = waiting[place], !line.isEmpty else {
        waiting[place] = nil
        return nil
      }
      return waiting[place]?.removeFirst()
    }
    next?.resume()
  }
}

/// The right to write a kind while nobody else does.
struct WriteTurn {
  fileprivate let turns: WriteTurns
  fileprivate let place: WriteTurns.Place

  /// Lets the next one write.
  func end() { turns.end(place) }
}
