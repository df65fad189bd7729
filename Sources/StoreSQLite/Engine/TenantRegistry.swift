internal import Store
internal import Synchronization

/// Tenants' names and the numbers that stand for them in keys.
final class TenantRegistry: Sendable {
  private struct State {
    var numbers: [TenantID: UInt32] = [:]
    var names: [UInt32: TenantID] = [:]
  }

  private let state = Mutex(State())

  init(_ tenants: [LogTenant]) {
    state.withLock { state in
      for tenant in tenants {
        state.numbers[tenant.name] = tenant.number
        state.names[tenant.number] = tenant.name
      }
    }
  }

  /// nil: the tenant has never written.
  func number(of tenant: TenantID) -> UInt32? { state.withLock { $0.numbers[tenant] } }

  var all: [TenantID] { state.withLock { Array($0.numbers.keys) } }

  func name(of number: UInt32) -> TenantID? { state.withLock { $0.names[number] } }

  /// The tenant's number, a new one where it has none. The log learns of it with the tenant's first commit.
  /// - Returns: nil where there are no numbers left.
  func numberOrNew(of tenant: TenantID) -> UInt32? {
    state.withLock { state in
      if let number = state.numbers[tenant] { return number }
      let number = (state.names.keys.max() ?? 0) &+ 1
      guard number <= LogRow.greatestTenant else { return nil }
      state.numbers[tenant] = number
      state.names[number] = tenant
      return number
    }
  }
}
