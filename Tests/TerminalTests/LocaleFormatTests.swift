import Foundation
import Terminal
import Testing

private let finnish = LocaleFormat(.finnish)
private let english = LocaleFormat(.english)

@Test func numbersAreWrittenAsTheLanguageWritesThem() {
  #expect(finnish.number(1_234_567) == "1\u{A0}234\u{A0}567")
  #expect(english.number(1_234_567) == "1,234,567")
  #expect(finnish.number(-1234.55, decimals: 1) == "−1\u{A0}234,6")
  #expect(english.number(0.005, decimals: 2) == "0.01")
  #expect(english.number(-0.001, decimals: 1) == "0.0")
  #expect(finnish.number(999) == "999")
  #expect(finnish.number(Int64.min) == "−9\u{A0}223\u{A0}372\u{A0}036\u{A0}854\u{A0}775\u{A0}808")
  #expect(finnish.exact("-1234.50") == "−1\u{A0}234,50")
  #expect(finnish.exact("12a") == "12a")
  #expect(finnish.percent(0.456) == "46\u{A0}%")
  #expect(english.percent(1) == "100%")
  #expect(english.number(.nan, decimals: 1) == "nan")
}

@Test func datesAreWrittenAsTheLanguageWritesThem() {
  #expect(finnish.date("2026-12-31") == "31.12.2026")
  #expect(english.date("2026-12-31") == "31 Dec 2026")
  #expect(finnish.date("soon") == "soon")
}

@Test func momentsAreInTheMachinesTimeZone() {
  var calendar = Calendar(identifier: .gregorian)
  calendar.timeZone = .current
  let seconds: Int64 = 1_798_718_700
  let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: Date(timeIntervalSince1970: 1_798_718_700))
  let time = LocalTime(seconds: seconds)
  #expect(time.year == parts.year && time.month == parts.month && time.day == parts.day)
  #expect(time.hour == parts.hour && time.minute == parts.minute)
  #expect(finnish.moment(seconds).contains(" klo "))
}

private let relativeTimes: [(Int64, String, String)] = [
  (10, "just now", "juuri nyt"), (60, "1 minute ago", "1 minuutti sitten"), (7300, "2 hours ago", "2 tuntia sitten"),
  (86_400, "yesterday", "eilen"), (259_200, "3 days ago", "3 päivää sitten"),
  (1_296_000, "2 weeks ago", "2 viikkoa sitten"), (8_640_000, "3 months ago", "3 kuukautta sitten"),
  (69_120_000, "2 years ago", "2 vuotta sitten"), (-7300, "in 2 hours", "2 tunnin kuluttua"),
  (-86_400, "tomorrow", "huomenna"), (-259_200, "in 3 days", "3 päivän kuluttua"),
]

@Test(arguments: relativeTimes)
func relativeTimesAreSaidAsPeopleSayThem(_ ago: Int64, _ inEnglish: String, _ inFinnish: String) {
  #expect(english.relative(1_000_000_000 - ago, now: 1_000_000_000) == inEnglish)
  #expect(finnish.relative(1_000_000_000 - ago, now: 1_000_000_000) == inFinnish)
}

@Test func absurdMomentsDoNotTrap() {
  for seconds in [Int64.min, Int64.max, 0] {
    for now in [Int64.min, Int64.max, 0] { _ = finnish.relative(seconds, now: now) }
    _ = english.moment(seconds)
    _ = english.duration(seconds)
  }
}

@Test func theLanguageIsTheEnvironments() {
  func language(_ variables: [String: String]) -> Language { Language { variables[$0] } }
  #expect(language(["LANG": "fi_FI.UTF-8"]) == .finnish)
  #expect(language(["LANG": "fi_FI.UTF-8", "LC_ALL": "C"]) == .english)
  #expect(language(["LANG": "en_GB", "LC_MESSAGES": "fi"]) == .finnish)
  #expect(language(["LC_ALL": "", "LANG": "fi"]) == .finnish)
  #expect(language([:]) == .english)
  #expect(Language(tag: "sv") == nil)
}

@Test func phrasesTakeTypedArgumentsInTheOrderOfEachLanguage() {
  let imported = Phrase<Int, String>(en: { "\($0) rows from \($1)" }, fi: { "tiedostosta \($1) \($0) riviä" })
  #expect(imported(3, "a.csv", in: .english) == "3 rows from a.csv")
  #expect(imported(3, "a.csv", in: .finnish) == "tiedostosta a.csv 3 riviä")
  #expect(Term(en: "Name", fi: "Nimi")(in: .finnish) == "Nimi")
}

@Test func colourNeedsATerminalAndIsNeverThereWithNO_COLOR() throws {
  let pipe = Pipe()
  let output = pipe.fileHandleForWriting.fileDescriptor
  let piped = TerminalInfo(descriptor: output) { ["TERM": "xterm", "COLUMNS": "132"][$0] }
  #expect(!piped.isInteractive && !piped.usesColour)
  #expect(piped.width == 132)
  var primary: Int32 = 0
  var secondary: Int32 = 0
  var size = winsize(ws_row: 24, ws_col: 61, ws_xpixel: 0, ws_ypixel: 0)
  try #require(openpty(&primary, &secondary, nil, nil, &size) == 0)
  defer {
    close(primary)
    close(secondary)
  }
  let terminal = TerminalInfo(descriptor: secondary) { ["TERM": "xterm"][$0] }
  #expect(terminal == TerminalInfo(width: 61, isInteractive: true, usesColour: true))
  #expect(!TerminalInfo(descriptor: secondary) { ["TERM": "xterm", "NO_COLOR": "1"][$0] }.usesColour)
  #expect(TerminalInfo(descriptor: secondary) { ["TERM": "xterm", "NO_COLOR": ""][$0] }.usesColour)
  #expect(!TerminalInfo(descriptor: secondary) { ["TERM": "dumb"][$0] }.usesColour)
}

@Test func aReaderThatGoesAwayIsABrokenPipe() throws {
  signal(SIGPIPE, SIG_IGN)
  let pipe = Pipe()
  let output = OutputStream(
    descriptor: pipe.fileHandleForWriting.fileDescriptor,
    info: TerminalInfo(width: 80, isInteractive: false, usesColour: false))
  try output.write("first\n")
  try output.flush()
  #expect(pipe.fileHandleForReading.availableData == Data("first\n".utf8))
  try pipe.fileHandleForReading.close()
  #expect(throws: OutputStream.BrokenPipe.self) {
    try output.write("second\n")
    try output.flush()
  }
}
