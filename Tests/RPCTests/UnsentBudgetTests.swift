import Testing

@testable import RPC

/// A test that hangs fails after this instead of for ever.
private let limit = TimeLimitTrait.Duration.minutes(1)

@Suite(.timeLimit(limit)) struct UnsentBudgetTests {
  @Test func oneAnswerAlwaysFitsAndASecondOneOnlyWithinTheLimit() {
    let budget = UnsentBudget(limit: 100, startBytes: 50, messageBytes: 20)
    #expect(budget.add(300))
    #expect(!budget.add(1))
    budget.remove(300)
    #expect(budget.add(60))
    #expect(budget.add(40))
    #expect(!budget.add(1))
    #expect(budget.bytes == 100)
  }

  @Test func callsGoOnAsFastAsTheirAnswersAreRead() async {
    let budget = UnsentBudget(limit: 100, startBytes: 50, messageBytes: 20)
    #expect(budget.add(100))
    let calls = (0..<8).map { _ in Task { await budget.waitForRoom() } }
    while budget.waitingCalls < 8 { await Task.yield() }
    budget.remove(40)
    #expect(budget.waitingCalls == 8, "60 bytes still wait")
    budget.remove(20)
    #expect(
      budget.waitingCalls == 7, "beside the 40 that wait there is room for one answer of 20, not for two")
    budget.remove(40)
    #expect(budget.waitingCalls == 5, "three answers of 20 fit in an empty connection's 50 bytes, begun")
    // Whoever was let go on and says nothing makes room for the next.
    for _ in 0..<8 { budget.turnTaken() }
    for call in calls {
      let wentOn = await call.value
      #expect(wentOn)
    }
  }

  @Test func aCancelledCallWaitsNoLonger() async {
    let budget = UnsentBudget(limit: 100, startBytes: 50, messageBytes: 20)
    #expect(budget.add(100))
    let task = Task { await budget.waitForRoom() }
    while budget.waitingCalls < 1 { await Task.yield() }
    task.cancel()
    let wentOn = await task.value
    #expect(!wentOn && budget.waitingCalls == 0)
  }
}
