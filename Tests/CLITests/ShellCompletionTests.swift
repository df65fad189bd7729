import ArgumentParser
import Testing

@testable import CLI

@Suite struct ShellCompletionTests {
  @Test func anAccountIsOfferedWhereACommandTakesOne() {
    #expect(CommandUsage(of: ShowAccount.self).namesAccount(behind: []))
    #expect(CommandUsage(of: ShowAccount.self).namesAccount(behind: ["--as-of", "2026-01-01"]))
    #expect(!CommandUsage(of: ShowAccount.self).namesAccount(behind: ["Kuura"]))
    #expect(!CommandUsage(of: ShowAccount.self).namesAccount(behind: ["--as-of"]))
    #expect(CommandUsage(of: ShowRhythm.self).namesAccount(behind: ["--no-color"]))
    #expect(CommandUsage(of: UnderstandingCommand.self).namesAccount(behind: []))
    #expect(CommandUsage(of: WatchCommand.self).namesAccount(behind: ["Kuura"]))
    #expect(!CommandUsage(of: SearchCommand.self).namesAccount(behind: ["linja"]))
    #expect(CommandUsage(of: SearchCommand.self).namesAccount(behind: ["linja", "--account"]))
    #expect(!CommandUsage(of: CreateAccount.self).namesAccount(behind: []))
  }

  @Test func theContextOfACommandLineIsTheOneThatIsAsked() {
    #expect(Completions.context(in: ["account", "show", "--context", "b", "Kuu"]) == "b")
    #expect(Completions.context(in: ["account", "show", "--context=b"]) == "b")
    #expect(Completions.context(in: ["account", "show", "--context"]) == nil)
    #expect(Completions.context(in: ["account", "show"]) == nil)
  }
}
