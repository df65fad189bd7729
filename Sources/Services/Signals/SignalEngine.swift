import Domain
public import Store
import Synchronization

/// Keeps how far the engine has come, so that a restart goes on from there.
public protocol SignalPlaces: Sendable {
  /// Everything that was kept.
  func read() throws -> [TenantID: Revision]
  /// Keeps all of it; what was kept before is replaced.
  func write(_ places: [TenantID: Revision]) throws
}

/// Computes signals as changes come in, and as days pass.
///
/// For each tenant it follows the change log from the place it came to before, looks at the changes that can mean
/// something (``ChangeDetectors``), and sweeps for what passed without a change (``SignalSweep``). A signal's id is
/// made of its cause, so that going over the same changes again writes nothing: the place is kept now and then, and
/// where it is lost the engine begins anew without harm.
public struct SignalEngine: Sendable {
  /// How often new tenants are looked for: a signal of a new tenant's first change comes within a second too.
  static let tenantsEvery = Duration.milliseconds(250)
  /// How long changes are gathered: a page for each commit would cost a read of the log each.
  static let gatherFor = Duration.milliseconds(100)
  /// How often days are looked at that passed.
  static let sweepEvery = Duration.seconds(30)
  /// How often everything is looked at whose day no index knows: silence and promises of value count in days.
  static let sweepAllEvery = Duration.seconds(86_400)
  /// How often the place is kept where it has changed.
  static let keepEvery = Duration.seconds(5)
  /// Changes that are older than this, in microseconds, are caught up with in slices: their signals are late anyway,
  /// and callers come first.
  static let catchingUp: Int64 = 10_000_000
  /// Accounts that wait to be looked at, beyond which they are looked at in slices: they come from an import.
  static let manyAccounts = 1_000
  /// Accounts looked at in a slice.
  static let accountsASlice = 50
  /// How often an account is looked at again whose signals somebody handles at the same time.
  static let registryRounds = 3
  /// How long the engine waits where the store refuses to write: the disk may be full for a while.
  static let retryAfter = Duration.seconds(1)

  private let world: ServiceWorld
  private let places: any SignalPlaces
  private let log: @Sendable (String) -> Void
  private let reached = Reached()
  private let changedAccounts = ChangedAccounts()

  /// - Parameters:
  ///   - places: where the engine's place is kept.
  ///   - log: told what an operator should know.
  public init(_ world: ServiceWorld, places: any SignalPlaces, log: @escaping @Sendable (String) -> Void) {
    self.world = world
    self.places = places
    self.log = log
  }

  /// Runs until the task is cancelled; never throws, for the server goes on without signals.
  public func run() async {
    do {
      reached.begin(try places.read())
    } catch {
      log("the signals' place cannot be read, so all changes are looked at again: \(error)")
    }
    await withDiscardingTaskGroup { group in
      group.addTask { await self.keepPlaces() }
      group.addTask { await self.lookAtAccounts() }
      var known: Set<TenantID> = []
      while !Task.isCancelled {
        for tenant in world.store.tenants where known.insert(tenant).inserted {
          group.addTask { await self.follow(tenant) }
          group.addTask { await self.sweep(tenant) }
          group.addTask { await self.sweepDaily(tenant) }
        }
        try? await Task.sleep(for: Self.tenantsEvery)
      }
      group.cancelAll()
    }
    keep()
  }

  /// Follows a tenant's changes; starts again where the store breaks off.
  private func follow(_ tenant: TenantID) async {
    let writer = SignalWriter(world, in: tenant)
    while !Task.isCancelled {
      do {
        try await follow(tenant, writer)
        return  // The store is closing.
      } catch is CancellationError {
        return
      } catch let ahead as RevisionAhead {
        // A backup was restored that is older than the place.
        reached.set(tenant, to: ahead.head)
      } catch let compacted as Compacted {
        reached.set(tenant, to: compacted.oldest)
      } catch is SlowWatcher {
        continue
      } catch {
        log("signals wait: \(error)")
        try? await Task.sleep(for: Self.retryAfter)
      }
    }
  }

  private func follow(_ tenant: TenantID, _ writer: SignalWriter) async throws {
    let filter = ChangeFilter(kinds: ChangeDetectors.kinds)
    var began = ContinuousClock.now
    for try await page in world.store.watch(in: tenant, after: reached.place(tenant), matching: filter) {
      try Task.checkCancellation()
      let now = world.clock()
      try await look(at: page.changes, in: tenant, writer, now)
      reached.set(tenant, to: page.through)
      if page.through >= page.head {
        try await Task.sleep(for: Self.gatherFor)
      } else if let oldest = page.changes.first?.time, now.rawValue &- oldest.rawValue > Self.catchingUp {
        try await Pace.rest(after: began)
      }
      began = .now
    }
  }

  private func look(at changes: [StoredChange], in tenant: TenantID, _ writer: SignalWriter, _ now: Moment)
    async throws
  {
    let today = Today(now.seconds)
    let found =
      try ChangeDetectors.signals(in: changes, world.catalog, today)
      + CommitteeSignals(world, in: tenant).signals(in: changes, today)
    if !found.isEmpty { try await writer.write(found, at: now) }
    try await writer.settle(ChangeDetectors.ended(by: changes, world.catalog), at: now)
    try await followRegistries(RegistrySignals.accounts(in: changes), in: tenant, writer, now)
    let touched = Set(
      changes.lazy.map(\.key).filter { $0.kind == NounCatalog.interactionKind }.compactMap(\.account))
    if !touched.isEmpty { changedAccounts.note(touched, in: tenant, at: now) }
  }

  /// Looks at accounts that registries say something otherwise of; again where somebody handled a signal meanwhile.
  private func followRegistries(
    _ accounts: Set<String>, in tenant: TenantID, _ writer: SignalWriter, _ now: Moment
  ) async throws {
    guard !accounts.isEmpty else { return }
    let registries = RegistrySignals(world, in: tenant)
    for _ in 0..<Self.registryRounds {
      let plan = try registries.plan(accounts)
      try await writer.write(plan.raised, at: now)
      if try await writer.settle(plan.settled, at: now) == plan.settled.count { return }
    }
  }

  private func sweep(_ tenant: TenantID) async {
    let sweep = SignalSweep(world, in: tenant)
    var last: Moment?
    while !Task.isCancelled {
      let now = world.clock()
      do {
        try await sweep.sweep(since: last, until: now)
        last = now
      } catch {
        if !Task.isCancelled { log("signals of days that passed wait: \(error)") }
      }
      try? await Task.sleep(for: Self.sweepEvery)
    }
  }

  /// Looks once a day at what no index knows the day of.
  private func sweepDaily(_ tenant: TenantID) async {
    let sweep = DailySweep(world, in: tenant)
    while !Task.isCancelled {
      do {
        try await sweep.sweep(at: world.clock())
      } catch {
        if !Task.isCancelled { log("signals of silence wait for a day: \(error)") }
      }
      try? await Task.sleep(for: Self.sweepAllEvery)
    }
  }

  /// Looks at accounts whose interactions changed, once nothing more comes.
  private func lookAtAccounts() async {
    while !Task.isCancelled {
      let now = world.clock()
      let due = changedAccounts.due(at: now)
      var began = ContinuousClock.now
      for (number, (tenant, account)) in due.enumerated() where !Task.isCancelled {
        if due.count > Self.manyAccounts, number % Self.accountsASlice == Self.accountsASlice - 1 {
          try? await Pace.rest(after: began)
          began = .now
        }
        do {
          let found = try await AccountDetectors(world, in: tenant).signals(of: account, at: now)
          if !found.isEmpty { try await SignalWriter(world, in: tenant).write(found, at: now) }
        } catch {
          // The daily sweep looks at it again.
          if !Task.isCancelled { log("signals of an account's interactions wait for a day: \(error)") }
        }
      }
      try? await Task.sleep(for: Self.gatherFor)
    }
  }

  private func keepPlaces() async {
    while !Task.isCancelled {
      try? await Task.sleep(for: Self.keepEvery)
      keep()
    }
  }

  private func keep() {
    guard let changed = reached.changed() else { return }
    do {
      try places.write(changed)
    } catch {
      reached.markChanged()
      log("the signals' place cannot be kept, so some changes will be looked at again: \(error)")
    }
  }
}

/// How far each tenant was followed.
private final class Reached: Sendable {
  private struct State {
    var places: [TenantID: Revision] = [:]
    var hasChanged = false
  }

  private let state = Mutex(State())

  func begin(_ places: [TenantID: Revision]) { state.withLock { $0.places = places } }

  func place(_ tenant: TenantID) -> Revision { state.withLock { $0.places[tenant] ?? .zero } }

  func set(_ tenant: TenantID, to place: Revision) {
    state.withLock { state in
      if state.places.updateValue(place, forKey: tenant) != place { state.hasChanged = true }
    }
  }

  func markChanged() { state.withLock { $0.hasChanged = true } }

  /// All places, where one has changed since the last call.
  func changed() -> [TenantID: Revision]? {
    state.withLock { state in
      guard state.hasChanged else { return nil }
      state.hasChanged = false
      return state.places
    }
  }
}
