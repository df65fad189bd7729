import ArgumentParser
import DataFiles
import Terminal
import Testing

@testable import CLI

@Suite struct HelpTests {
  /// Every text of every command's help, by where it stands.
  private func texts(_ language: Language) throws -> [String: String] {
    let dump = HelpLanguage.$chosen.withValue(language) { PunosCLI._dumpHelp() }
    var texts: [String: String] = [:]
    collect(try JSONParser.parse(Array(dump.utf8)), "", into: &texts)
    return texts
  }

  private func collect(_ value: JSONValue, _ path: String, into texts: inout [String: String]) {
    switch value {
    case .object(let members):
      for member in members {
        let place = "\(path)/\(member.name)"
        if ["abstract", "discussion"].contains(member.name), let text = member.value.stringValue {
          texts[place] = text
        } else {
          collect(member.value, place, into: &texts)
        }
      }
    case .array(let elements):
      for (index, element) in elements.enumerated() {
        let name = element["commandName"]?.stringValue ?? element["valueName"]?.stringValue ?? ""
        collect(element, "\(path)/\(index) \(name)", into: &texts)
      }
    default: break
    }
  }

  /// Texts that are the same in both languages: names, and commands to copy.
  private func isTheSameInBoth(_ text: String) -> Bool { text.hasPrefix("punos ") }

  @Test func everyHelpTextIsThereInFinnish() throws {
    let english = try texts(.english)
    let finnish = try texts(.finnish)
    #expect(english.count > 150)
    #expect(english.keys.sorted() == finnish.keys.sorted())
    // The parser's own words are translated where they are printed.
    let parsers = ["Show help information.", "Show the version.", "Show subcommand help information."]
    for (place, text) in english where !parsers.contains(text) && !isTheSameInBoth(text) {
      #expect(finnish[place] != text, "not in Finnish: \(place): \(text)")
    }
  }

  @Test func aWholeHelpPageSpeaksFinnish() {
    let page = HelpLanguage.$chosen.withValue(.finnish) {
      ParserWords.help(PunosCLI.helpMessage(for: UpdateAccount.self, columns: 80), .finnish)
    }
    #expect(page.hasPrefix("KUVAUS: "))
    for english in [
      "OVERVIEW", "USAGE", "ARGUMENTS", "OPTIONS:", "SUBCOMMANDS", "default:", "values:", "Show ", "<options>",
    ] {
      #expect(!page.contains(english), "\(english) is left in the Finnish help")
    }
  }

  @Test(arguments: [
    (["account", "shw"], "punos account show"), (["acount", "show"], "punos account"),
    (["registry", "imprt", "x.json"], "punos registry import"),
  ])
  func aMisspeltCommandIsNamedWithTheOneThatIsMeant(_ words: [String], _ meant: String) throws {
    let problem = try #require(UnknownCommand.problem(in: words))
    #expect(problem.exit == .usage)
    #expect(problem.remedy?.english == "Did you mean: \(meant)")
    #expect(problem.what.finnish.contains("ei ole"))
  }

  @Test(arguments: [
    [], ["--help"], ["help", "account"], ["account", "--help"], ["account", "show", "Kuura"], ["watch", "nonsense"],
    ["--generate-completion-script", "bash"],
  ])
  func aCommandLineThatNamesACommandIsLeftToTheParser(_ words: [String]) {
    #expect(UnknownCommand.problem(in: words) == nil)
  }

  @Test func theLanguageOfHelpIsReadFromTheWordsBeforeTheyAreParsed() {
    #expect(HelpLanguage.asked(in: ["account", "--lang", "fi", "--help"]) == .finnish)
    #expect(HelpLanguage.asked(in: ["account", "--lang=en"]) == .english)
    #expect(HelpLanguage.asked(in: ["account", "--lang"]) == nil)
    #expect(HelpLanguage.asked(in: ["search", "--", "--lang", "fi"]) == nil)
  }
}
