import Terminal
import Testing

@Test func progressShowsShareRateAndTimeLeft() throws {
  var bar = ProgressBar(unit: "rows", total: 1000, format: LocaleFormat(.english))
  #expect(bar.rate == nil && bar.secondsLeft == nil)
  for second in 0...5 { bar.update(count: second * 100, seconds: Double(second)) }
  #expect(bar.rate == 100)
  #expect(bar.secondsLeft == 5)
  let line = bar.line(width: 100)
  #expect(line.contains("50%") && line.contains("500/1,000 rows") && line.contains("100 rows/s") && line.contains("0:05 left"))
  #expect(line.contains("█") && line.contains("░"))
}

@Test(arguments: [20, 40, 60, 80, 200])
func progressFitsTheTerminal(_ width: Int) {
  var bar = ProgressBar(unit: "riviä", total: 1_000_000, format: LocaleFormat(.finnish))
  for second in 0...90 { bar.update(count: second * 10_000, seconds: Double(second)) }
  #expect(DisplayWidth.of(bar.line(width: width)) <= width)
  #expect(bar.line(width: width).contains("90"))
}

@Test func aSlowBeginningIsForgotten() {
  var bar = ProgressBar(unit: "rows", total: 10_000, format: LocaleFormat(.english))
  bar.update(count: 0, seconds: 0)
  bar.update(count: 1, seconds: 100)
  for second in 101...110 { bar.update(count: (second - 100) * 500, seconds: Double(second)) }
  #expect(bar.rate == 500)
}

@Test func progressOfUnknownLengthIsTheShareOfBytes() {
  var bar = ProgressBar(unit: "rows", total: nil, format: LocaleFormat(.english))
  bar.update(count: 10, share: 0.25, seconds: 0)
  bar.update(count: 20, share: 0.5, seconds: 10)
  #expect(bar.line(width: 80).contains("50%"))
  bar.update(count: 30, share: .infinity, seconds: 10)
  #expect(bar.line(width: 80).contains("100%"))
  var nothing = ProgressBar(unit: "rows", total: 0, format: LocaleFormat(.english))
  nothing.update(count: 0, seconds: 0)
  #expect(nothing.line(width: 80).contains("100%"))
}
