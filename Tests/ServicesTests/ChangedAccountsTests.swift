import Store
import Testing

@testable import Services

/// When an account's interactions are looked at.
@Suite struct ChangedAccountsTests {
  private static let began = Moment(seconds: 1_780_000_000)

  private func tenant() throws -> TenantID { try TenantID("acme") }

  private func after(_ microseconds: Int64) -> Moment { Moment(rawValue: Self.began.rawValue + microseconds) }

  @Test func anAccountIsLookedAtOnceNothingMoreComes() throws {
    let accounts = ChangedAccounts()
    accounts.note(["kuura"], in: try tenant(), at: Self.began)
    #expect(accounts.due(at: after(200_000)).isEmpty)
    #expect(accounts.due(at: after(300_000)).map(\.account) == ["kuura"])
    #expect(accounts.due(at: after(900_000)).isEmpty)
  }

  @Test func anAccountThatIsNeverQuietIsLookedAtWithinASecondToo() throws {
    let accounts = ChangedAccounts()
    var looks: [Int64] = []
    for time in stride(from: Int64(0), through: 3_000_000, by: 100_000) {
      accounts.note(["kuura"], in: try tenant(), at: after(time))
      if !accounts.due(at: after(time)).isEmpty { looks.append(time) }
    }
    let gaps = zip([-100_000] + looks, looks).map { $1 - $0 }
    // Changes are gathered before, and looked at after, for a tenth of a second each.
    #expect(gaps.count >= 4 && gaps.allSatisfy { $0 <= 800_000 })
  }
}
