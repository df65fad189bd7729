import DataFiles
import Terminal
import Testing

@testable import CLI

@Suite struct SentencesTests {
  private static let everything =
    Sentences.findingsInFinnish + Sentences.placesInFinnish + Sentences.mappingsInFinnish
    + Sentences.rowsInFinnish
    + Sentences.valuesInFinnish
    + Sentences.formatsInFinnish + Sentences.framesInFinnish

  @Test func everyHoleOfASentenceIsFilledInFinnish() {
    for (marked, finnish) in Self.everything {
      let english = marked.split(separator: "{#}", omittingEmptySubsequences: false).joined(separator: "7")
      let count = english.split(separator: "{}", omittingEmptySubsequences: false).count - 1
      let sample = (1...max(1, count)).reduce(english) { text, number in
        guard let hole = text.firstRange(of: "{}") else { return text }
        return text.replacingCharacters(in: hole, with: "<\(number)>")
      }
      let told = SentencePattern(marked, finnish).holes(in: sample).map {
        SentencePattern(marked, finnish).filled($0)
      }
      #expect(told != nil, "\(english)")
      #expect(told?.contains("{") != true || english.contains("{…}"), "\(english)")
    }
  }

  @Test func sentencesInsideSentencesAreFinnishToo() {
    #expect(
      Sentences.told(
        "line 12, column 3 (liikevaihto): left as written: not a number as en-US writes them", in: .finnish)
        == "rivi 12, sarake 3 (liikevaihto): jätettiin sellaisekseen: ei luku kieliasetuksen en-US tapaan")
    #expect(
      Sentences.told(
        "identifiers[0].value: “9000012-5” came; expected a business id as NNNNNNN-N", in: .finnish)
        == "identifiers[0].value: tuli “9000012-5”; odotettiin: Y-tunnus muodossa NNNNNNN-N")
    #expect(
      Sentences.told("line 3: the mapping file is empty", in: .english) == "line 3: the mapping file is empty"
    )
    #expect(
      Sentences.told("Windows-1252 (assumed: the bytes are not UTF-8), semicolon", in: .finnish)
        == "Windows-1252 (oletus: tavut eivät ole UTF-8:aa), puolipiste")
    #expect(Sentences.told("Kuura Konepaja", in: .finnish) == "Kuura Konepaja")
    #expect(Sentences.finnish("cannot open the file: Permission denied") == nil)
  }

  @Test func aRuleThatTheTableDoesNotSayIsToldByItsName() {
    #expect(
      Sentences.violation("another scale is needed", reason: "OFF_SCALE", in: .finnish)
        == "ei ole asteikolla (another scale is needed)")
    #expect(Sentences.violation("something new", reason: "NEW_RULE", in: .finnish) == "something new")
    #expect(Sentences.violation("something new", reason: "REQUIRED", in: .english) == "something new")
  }

  @Test(arguments: [
    "set backwards to true and say why (reason) to go back", "this person already reports to the other",
    "at least one of ours", "at most what was agreed", "Line 3 to the harbour",
  ]) func wordsThatLookLikeARangeAreNotTakenForOne(_ sentence: String) {
    #expect(Sentences.finnish(sentence) == nil)
    #expect(Sentences.violation(sentence, reason: "NEW_RULE", in: .finnish) == sentence)
  }

  @Test(arguments: [
    ("5 elements came; expected 1 to 3", "5 kohtaa; odotettiin 1–3"),
    ("-0.5 came; expected 0 to 1", "tuli -0.5; odotettiin: 0–1"),
    ("70 s came; expected 0 to 60 s", "tuli 70 s; odotettiin: 0–60 s"),
    ("5 characters came; expected at most 3", "5 merkkiä; odotettiin enintään 3"),
  ]) func rangesOfFiguresAreFinnish(_ english: String, _ finnish: String) {
    #expect(Sentences.finnish(english) == finnish)
  }

  @Test func everythingThatCanBeWrongWithAMappingIsToldInFinnish() throws {
    let mapping = """
      punos-mapping 2
      x = y
      locale xx
      country Suomi
      [acount]
      [account]
      key CRM = id
      name = display_nam
      name = display_name | txt
      name =
      other = display_name
      "open
      """
    do {
      _ = try Mapping(parsing: mapping, targets: ImportTargets.all)
      Issue.record("the mapping was taken")
    } catch {
      #expect(error.problems.count >= 9)
      for problem in error.problems {
        let told = Sentences.told("\(problem)", in: .finnish)
        #expect(told.hasPrefix("rivi \(problem.position.line): "), "\(problem)")
        #expect(Sentences.finnish(problem.reason) != nil, "\(problem)")
      }
    }
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}
