import PunosMessages
import Terminal
import Testing

@testable import CLI

@Suite struct WatchTests {
  private func change() -> Change {
    var change = Change()
    change.revision = 1234
    change.kind = "account"
    change.title = "東京精密株式会社 – A\u{0308}a\u{0308}nekosken Höyry ja Kuljetus Oy"
    change.team = "sales"
    change.principal = "maximiliana.hamalainen-korhonen"
    change.operation = .updated
    change.reason = "Laskettu uudelleen tilikauden päätteeksi, koska edellinen luku oli kahden vuoden takaa."
    var difference = FieldDifference()
    (difference.path, difference.before, difference.after) = (
      "description", "vanha teksti", "uusi teksti, joka on pitkä"
    )
    change.differences = [difference]
    return change
  }

  @Test(arguments: [60, 80, 200], Language.allCases)
  func aChangeFitsTheTerminalWholly(_ width: Int, _ language: Language) {
    let lines = ChangeText(Writing(language)).block(change(), Style(false), width: width)
    for line in lines { #expect(DisplayWidth.of(line) <= width, "\(line)") }
    // Nothing of the reason is cut away.
    let words = lines.joined(separator: " ").split(separator: " ")
    #expect(change().reason.split(separator: " ").allSatisfy { word in words.contains { $0.contains(word) } })
    #expect(lines.joined().contains("r1234"))
  }

  @Test func aWatchThatWasTooSlowIsNotToldThatTheServerIsGone() {
    for language in Language.allCases {
      let slow = WatchCommand.told(isSlow: true, 2, language)
      let gone = WatchCommand.told(isSlow: false, 2, language)
      #expect(slow != gone && slow.contains("2 s") && gone.contains("2 s"))
    }
    #expect(!WatchCommand.told(isSlow: true, 2, .english).contains("gone"))
  }
}
