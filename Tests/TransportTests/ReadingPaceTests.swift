import NIOCore
import Testing

@testable import Transport

private let limit = TimeAmount.seconds(30)

private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(1_000_000_000) + .seconds(seconds) }

@Test func aReaderThatTakesNothingHasStalled() {
  var pace = ReadingPace(at(0))
  let inTime = pace.isStalled(at(30), within: limit, least: 1024, connectionIsSlow: false)
  let late = pace.isStalled(at(31), within: limit, least: 1024, connectionIsSlow: true)
  #expect(!inTime && late)
}

@Test func aReaderThatTakesAByteNowAndThenHasStalledToo() {
  var pace = ReadingPace(at(0))
  var endedAt: Int64?
  for second in Int64(1)...300 where endedAt == nil {
    pace.sent(10, at: at(second))
    if pace.isStalled(at(second), within: limit, least: 1024, connectionIsSlow: false) { endedAt = second }
  }
  #expect(endedAt == 31)
}

@Test func aSlowReaderThatReadsOnIsNeverCutOff() {
  var pace = ReadingPace(at(0))
  for second in Int64(1)...300 {
    pace.sent(1100, at: at(second))
    let stalled = pace.isStalled(at(second), within: limit, least: 1024, connectionIsSlow: false)
    #expect(!stalled)
  }
}

@Test func aSlowNetworkIsNotItsReadersFault() {
  var pace = ReadingPace(at(0))
  for second in Int64(1)...300 {
    pace.sent(10, at: at(second))
    let stalled = pace.isStalled(at(second), within: limit, least: 1024, connectionIsSlow: true)
    #expect(!stalled)
  }
}

@Test func anAnswerThatBeginsAfterALongPauseHasItsTimeFromThere() {
  var pace = ReadingPace(at(0))
  pace.begin(at(100))
  let stalled = pace.isStalled(at(129), within: limit, least: 1024, connectionIsSlow: false)
  #expect(!stalled)
}
