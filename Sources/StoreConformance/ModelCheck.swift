internal import Store

/// Random operations on a store and on a plain model of it in memory, side by side.
///
/// Each history is a tenant of its own. A failure names the seed that gives it again.
public struct ModelCheck: Sendable {
  public var histories: Int
  public var stepsPerHistory: Int
  public var seed: UInt64

  /// Histories of which one has parts of it let go of: that goes through all tenants there are.
  private static let compactEvery = 8

  public init(histories: Int, stepsPerHistory: Int = 60, seed: UInt64) {
    self.histories = histories
    self.stepsPerHistory = stepsPerHistory
    self.seed = seed
  }

  /// - Parameter reopenEvery: closes and opens the store after so many histories.
  public func run(_ maker: StoreMaker, reopenEvery: Int = 25) async throws {
    var store = try await maker.open(SampleSchema.schema())
    for number in 0..<histories {
      let seed = self.seed &+ UInt64(number)
      do {
        var history = try History(store, seed: seed, isCompacted: number % Self.compactEvery == 0)
        for step in 0..<stepsPerHistory {
          // In the middle of some, everything is closed and opened again.
          if number % reopenEvery == 3, step == stepsPerHistory / 2 {
            store = try await maker.reopen(store, SampleSchema.schema())
            history.store = store
          }
          try await history.step()
        }
        try await history.checkEverything()
      } catch {
        throw PromiseBroken("history with seed \(seed): \(error)")
      }
    }
    await store.close()
  }
}

/// One history: random operations on a tenant, and the model of it.
struct History {
  var store: any MaintainedStore
  let tenant: TenantID
  var random: SeededGenerator
  var model = Model()
  var watched: Int64 = 0
  private var requestCount = 0
  /// Whether parts of it are let go of.
  private let isCompacted: Bool
  /// When the next commit is, in microseconds.
  private var clock: Int64

  init(_ store: any MaintainedStore, seed: UInt64, isCompacted: Bool) throws {
    self.store = store
    self.isCompacted = isCompacted
    clock = Self.beginning
    tenant = try TenantID("model-\(seed)")
    random = SeededGenerator(seed)
  }

  /// Ahead of any machine's clock, so that no commit is later than it says, and no request id is forgotten.
  private static let beginning: Int64 = 4_000_000_000_000_000

  mutating func chance(_ one: UInt64, in of: UInt64) -> Bool { random.next() % of < one }

  mutating func pick(_ count: Int) -> Int { Int(random.next() % UInt64(max(1, count))) }

  mutating func key() -> RecordKey {
    if chance(1, in: 4) { return Desk.person("p\(pick(5))") }
    return Desk.note("a\(pick(3))", "n\(pick(6))")
  }

  private mutating func body(_ key: RecordKey) -> SampleBody {
    if key.kind == SampleKind.person {
      return SampleBody([("name", "p\(pick(9))"), ("email", "mail\(pick(4))@x.fi")])
    }
    return SampleBody(
      name: "n\(pick(20))", tags: (0..<pick(3)).map { "t\($0)" },
      amount: chance(1, in: 3) ? nil : Int64(pick(300)),
      when: Int64(pick(1_000)))
  }

  mutating func step() async throws {
    switch pick(20) {
    case 0, 1: try checkRead()
    case 2, 3: try checkScan()
    case 4, 5: try await checkIndex()
    case 6, 7: try await checkPast()
    case 8: try await checkChanges()
    case 9: try await letGo()
    default: try await write()
    }
  }

  /// A moment of this history: of a commit, or between two.
  mutating func moment() -> Int64 { Self.beginning + Int64(pick(Int(clock - Self.beginning) + 2)) }

  private mutating func letGo() async throws {
    guard isCompacted else { return }
    let moment = moment()
    let oldest = try await store.compact(before: Moment(rawValue: moment))
    guard model.head > 0 else { return }
    model.compact(before: moment)
    try expectEqual(oldest[tenant]?.rawValue, model.compacted, "compacted before \(moment)")
  }

  // MARK: Writing

  private mutating func write() async throws {
    var operations: [CommitOperation] = []
    var keys: Set<RecordKey> = []
    for _ in 0..<(1 + pick(4)) {
      let key = key()
      guard keys.insert(key).inserted else { continue }
      let expectation: Expectation
      switch pick(6) {
      case 0: expectation = .absent
      case 1: expectation = .present
      case 2: expectation = .revision(Revision(model.now(key)?.revision ?? 0))
      case 3: expectation = .revision(Revision(Int64(pick(Int(model.head) + 2))))
      default: expectation = .any
      }
      switch pick(8) {
      case 0: operations.append(.delete(key, expecting: expectation))
      case 1: operations.append(.undelete(key, expecting: expectation))
      case 2: operations.append(.check(key, expecting: expectation))
      default: operations.append(.put(key, body: body(key).bytes, expecting: expectation))
      }
    }
    var requestID = ""
    if chance(1, in: 3) {
      if chance(1, in: 4), requestCount > 0 {
        requestID = "r\(pick(requestCount))"
      } else {
        requestID = "r\(requestCount)"
        requestCount += 1
      }
    }
    clock += Int64(pick(3))
    let commit = Commit(
      operations, actor: Desk.aino, reason: "model", requestID: requestID, time: Moment(rawValue: clock))
    let predicted = try predict(commit)
    do {
      let receipt = try await store.commit(commit, in: tenant)
      guard case .revision(let revision, let isRepeat) = predicted else {
        throw PromiseBroken("\(operations) was taken, \(predicted) was predicted")
      }
      try expectEqual(receipt.revision.rawValue, revision)
      try expectEqual(receipt.isRepeat, isRepeat)
    } catch let error as any StoreError {
      guard case .refused(let type) = predicted, type == "\(Swift.type(of: error))" else {
        throw PromiseBroken("\(operations) gave \(error), \(predicted) was predicted")
      }
    }
  }

  private enum Prediction {
    case revision(Int64, isRepeat: Bool)
    case refused(String)
  }

  /// What the commit will do; does it to the model.
  private mutating func predict(_ commit: Commit) throws -> Prediction {
    if !commit.requestID.isEmpty, let known = model.requests[commit.requestID] {
      return .revision(known, isRepeat: true)
    }
    var next = model
    let revision = model.head + 1
    for operation in commit.operations {
      let key = operation.key
      let now = model.now(key)
      let isLive = now.map { !$0.isDeleted } ?? false
      switch operation.expectation {
      case .any: break
      case .absent: if isLive { return .refused("StaleRevision") }
      case .present: if !isLive { return .refused("RecordMissing") }
      case .revision(let wanted):
        if wanted.rawValue != now?.revision ?? 0 { return .refused("StaleRevision") }
      }
      var state = now
      let did: ChangeOperation
      switch operation {
      case .check: continue
      case .put(_, let body, _):
        let decoded = try SampleBody(bytes: body)
        did = isLive ? .updated : .created
        state = Model.State(
          revision: revision, body: decoded, isDeleted: false,
          created: isLive ? now?.created ?? revision : revision)
      case .delete:
        if !isLive { return .refused("RecordMissing") }
        did = .deleted
        state?.isDeleted = true
      case .undelete:
        if now == nil || isLive { return .refused("RecordMissing") }
        did = .undeleted
        state?.isDeleted = false
      }
      state?.revision = revision
      if let state { next.states[key, default: []].append(state) }
      next.changes.append((revision, key, did))
    }
    for key in next.states.keys where key.kind == SampleKind.person {
      guard let email = next.live(key)?.body["email"] else { continue }
      let sharers = next.states.keys.filter {
        $0.kind == SampleKind.person && next.live($0)?.body["email"] == email
      }
      if sharers.count > 1 { return .refused("UniqueViolation") }
    }
    next.head = revision
    next.times.append(clock)
    if !commit.requestID.isEmpty { next.requests[commit.requestID] = revision }
    model = next
    return .revision(revision, isRepeat: false)
  }
}
