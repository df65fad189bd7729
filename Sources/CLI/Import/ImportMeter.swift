internal import Glibc
internal import Synchronization
internal import Terminal

/// Shows how far an import is, on standard error where that is a terminal.
final class ImportMeter: Sendable {
  private struct State {
    var bar: ProgressBar
    var shown = 0.0
    var isVisible = false
  }

  /// Seconds between two pictures: more often nobody can read.
  private static let pause = 0.2

  private let state: Mutex<State>
  private let language: Language
  private let info: TerminalInfo
  private let began = ContinuousClock.now

  init(_ language: Language, isQuiet: Bool) {
    self.language = language
    var info = TerminalInfo(descriptor: STDERR_FILENO)
    if isQuiet { info.isInteractive = false }
    self.info = info
    state = Mutex(
      State(
        bar: ProgressBar(
          unit: language.say(en: "records", fi: "tietuetta"), total: nil, format: LocaleFormat(language))))
  }

  /// Seconds since the beginning.
  var elapsed: Double {
    let (seconds, attoseconds) = began.duration(to: .now).components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }

  /// Tells how many records are done, and how much of the file is read.
  func show(_ done: Int, _ progress: (consumed: Int, total: Int?)) {
    guard info.isInteractive else { return }
    let now = elapsed
    let share = progress.total.map { $0 > 0 ? Double(progress.consumed) / Double($0) : 1 }
    let line: String? = state.withLock { state in
      state.bar.update(count: done, share: share, seconds: now)
      guard now - state.shown >= Self.pause else { return nil }
      state.shown = now
      state.isVisible = true
      return state.bar.line(width: info.width - 1)
    }
    if let line { Output.complain(raw: "\r\u{1B}[K" + line) }
  }

  /// Says that the server is waited for.
  func waiting(_ seconds: Int) {
    clear()
    Output.complain([
      language.say(
        en: "… the server does not answer; trying again in \(seconds) s",
        fi: "… palvelin ei vastaa; yritetään \(seconds) s kuluttua")
    ])
  }

  /// Takes the bar away.
  func clear() {
    let wasVisible = state.withLock { state in
      defer { state.isVisible = false }
      return state.isVisible
    }
    if wasVisible { Output.complain(raw: "\r\u{1B}[K") }
  }
}
