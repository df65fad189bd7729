import Store
import Synchronization
import Testing

@testable import Services

/// Writes of a kind that go one after the other.
@Suite struct WriteTurnsTests {
  private final class Inside: Sendable {
    private let counts = Mutex((now: 0, most: 0, all: 0))

    func enter() {
      counts.withLock { counts in
        counts.now += 1
        counts.all += 1
        counts.most = max(counts.most, counts.now)
      }
    }
    func leave() { counts.withLock { $0.now -= 1 } }
    var most: Int { counts.withLock { $0.most } }
    var all: Int { counts.withLock { $0.all } }
  }

  @Test func writesOfOneKindNeverOverlapAndAllGetTheirTurn() async throws {
    let turns = WriteTurns()
    let tenant = try TenantID("acme")
    let inside = Inside()
    await withDiscardingTaskGroup { group in
      for _ in 0..<200 {
        group.addTask {
          let turn = await turns.take(NounCatalog.relationshipKind, in: tenant)
          inside.enter()
          await Task.yield()
          inside.leave()
          turn.end()
        }
      }
    }
    #expect(inside.most == 1 && inside.all == 200)
  }

  @Test func otherKindsAndTenantsDoNotWait() async throws {
    let turns = WriteTurns()
    let first = await turns.take(NounCatalog.relationshipKind, in: try TenantID("acme"))
    // Neither of these returns while the first turn lasts, were they to wait for it.
    let kind = await turns.take(NounCatalog.committeeMemberKind, in: try TenantID("acme"))
    let tenant = await turns.take(NounCatalog.relationshipKind, in: try TenantID("kuura"))
    for turn in [first, kind, tenant] { turn.end() }
    let again = await turns.take(NounCatalog.relationshipKind, in: try TenantID("acme"))
    again.end()
  }
}
