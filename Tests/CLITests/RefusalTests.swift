import Foundation
import Terminal
import Testing

@testable import CLI

/// Refusals of the server's rules, as its sources write them, in Finnish.
@Suite struct RefusalTests {
  /// Folders and files whose rules are told whole in Finnish.
  private static let sources = [
    "Relationships", "Interactions", "Network", "Lifecycle", "Purchases",
    "Committees/CommitteeMemberRules.swift",
    "Records/EvidenceRules.swift",
  ]

  @Test func everyRefusalOfTheseRulesIsAWholeFinnishSentence() throws {
    let refusals = try Self.sources.flatMap(ServerRefusals.inSources)
    // The sources are read by their form: where that finds less than is there, the test would say nothing.
    #expect(refusals.count > 45)
    for refusal in refusals where refusal.reason != "BAD_FILTER" && refusal.reason != "INTERNAL" {
      let fields = refusal.field.map { [$0] } ?? (Refusal.all[refusal.reason] ?? []).map(\.field)
      let told = fields.compactMap { Refusal.finnish(refusal.sentence, reason: refusal.reason, field: $0) }
      #expect(!told.isEmpty, "\(refusal)")
      for sentence in told { #expect(Self.english(in: sentence, of: refusal.sentence) == [], "\(sentence)") }
    }
  }

  /// Words of the English sentence that stand in the Finnish one. Names of fields and methods stand in parentheses.
  private static func english(in told: String, of sentence: String) -> Set<String> {
    // The Finnish word for "is".
    let both: Set<String> = ["on"]
    return words(told).intersection(words(sentence)).subtracting(both)
  }

  private static func words(_ text: String) -> Set<String> {
    let plain = text.replacing(#/\([A-Za-z_, ]*\)|[a-z_]+(?=\[)/#, with: " ")
      .split { !($0.isLetter || $0 == "_" || $0 == "/") }
    return Set(
      plain.filter { !$0.contains("_") && !$0.contains("/") && $0 != $0.uppercased() }.map { $0.lowercased() }
    )
  }

  @Test(arguments: [
    (
      "BACKWARDS", "backwards",
      "the stage lies before delivery, where the account is; set backwards to true and say why (reason) to go back, or "
        + "name one of service, former",
      "vaihe on ennen vaihetta delivery, jossa asiakas on; palaa taaksepäin (backwards, true) ja kerro miksi (reason) "
        + "tai nimeä jokin näistä: service, former"
    ),
    (
      "OUT_OF_ORDER", "from_stage",
      "the account is in offer: name it, tell the moves in between first, or give the time of this one (moved_time) "
        + "where it came before the latest (accounts/1/stage_transitions/move-2)",
      "asiakas on vaiheessa offer: nimeä se lähtövaiheeksi (from_stage), kerro ensin siirtymät siltä väliltä tai anna "
        + "hetki (moved_time), jolloin tämä oli ennen viimeisintä (accounts/1/stage_transitions/move-2)"
    ),
    (
      "OUT_OF_ORDER", "from_stage",
      "the account is on another journey (journeys/a): leave from_stage out, tell the moves in between first, or give "
        + "the time of this one (moved_time) where it came before the latest (accounts/1/stage_transitions/move-2)",
      "asiakas on toisella polulla (journeys/a): jätä lähtövaihe (from_stage) pois, kerro ensin siirtymät siltä väliltä "
        + "tai anna hetki (moved_time), jolloin tämä oli ennen viimeisintä (accounts/1/stage_transitions/move-2)"
    ),
    (
      "NOT_BACKWARDS", "backwards", "the move does not go back; leave it out, or name an earlier stage",
      "siirtymä ei vie taaksepäin; jätä tämä pois tai nimeä aiempi vaihe"
    ),
    (
      "REQUIRED", "stage_transition.reason", "a move backwards says why; nothing came",
      "kerro, miksi siirrytään taaksepäin; syy puuttuu"
    ),
    (
      "CIRCULAR_REPORTING", "to",
      "this person already reports to the other, directly or through others, at the same time; end that line (valid_to) "
        + "first, or turn this one round",
      "tämä henkilö raportoi jo toiselle, suoraan tai muiden kautta, samaan aikaan; päätä ensin se suhde (valid_to) tai "
        + "käännä tämä toisin päin"
    ),
    // Words of the tenant stay as they were written.
    (
      "CRITERION_NOT_MET", "confirmed",
      "offer is not met: “at most 3 to 5” See to it, or confirm it by its id",
      "offer ei täyty: ”at most 3 to 5” Hoida asia tai vahvista kriteeri tunnuksellaan"
    ),
    (
      "UNKNOWN_STAGE", "journey.stages[2].next[0]", "another stage of the journey was expected: one of a, b",
      "nimeä polun jokin toinen vaihe: a, b"
    ),
  ]) func whatARefusalNamesIsInTheFinnishToo(
    _ told: (reason: String, field: String, english: String, finnish: String)
  ) {
    #expect(
      Sentences.violation(told.english, reason: told.reason, field: told.field, in: .finnish) == told.finnish)
    #expect(
      Sentences.violation(told.english, reason: told.reason, field: told.field, in: .english) == told.english)
  }

  @Test func aRefusalInOtherWordsIsKnownByItsRuleAndField() {
    #expect(
      Sentences.violation(
        "accounts/1/relationships/2 ties them already. See there.", reason: "OVERLAPPING_TENURES",
        field: "valid_from",
        in: .finnish)
        == "sama on kirjattu jo samalle ajalle; muuta sitä tietuetta tai päätä toinen (valid_to) "
        + "(accounts/1/relationships/2)")
  }
}

/// Refusals read from the server's sources: what they say of which field, by the form of the code.
struct ServerRefusals {
  /// A refusal as the code has it.
  struct Written {
    var reason: String
    /// Its field; nil where the code says it elsewhere.
    var field: String?
    /// The sentence, with a record's name in each hole.
    var sentence: String
  }

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let hole = "accounts/1/records/2"

  /// - Parameter path: a file or a folder among the services.
  static func inSources(_ path: String) throws -> [Written] {
    let url = root.appending(path: "Sources/Services").appending(path: path)
    let files =
      path.hasSuffix(".swift")
      ? [url] : try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
    return try files.flatMap { written(in: Array(try String(contentsOf: $0, encoding: .utf8))) }
  }

  private static func written(in code: [Character]) -> [Written] {
    let marker = Array("Problem(")
    return code.indices.flatMap { place -> [Written] in
      guard code[place...].starts(with: marker) else { return [] }
      let parts = arguments(code[(place + marker.count)...])
      if let description = parts.first(where: { $0.label == "description" }) {
        guard let reason = literal(parts.first { $0.label == "reason" }?.text) else { return [] }
        let field = literal(parts.first { $0.label == "path" }?.text)
        return sentences(description.text).map { Written(reason: reason, field: field, sentence: $0) }
      }
      guard parts.count > 2, parts[0].text.hasPrefix("."), let reason = literal(parts[1].text) else {
        return []
      }
      return sentences(parts[2].text).map { Written(reason: reason, field: "", sentence: $0) }
    }
  }

  /// The arguments up to the parenthesis that closes.
  private static func arguments(_ code: ArraySlice<Character>) -> [(label: String, text: String)] {
    var (parts, text, depth, index) = ([String](), "", 0, code.startIndex)
    while index < code.endIndex {
      if code[index] == "\"" {
        let end = endOfString(code, index)
        text += String(code[index..<end])
        index = end
        continue
      }
      if code[index] == ")", depth == 0 { break }
      if "([{".contains(code[index]) { depth += 1 }
      if ")]}".contains(code[index]) { depth -= 1 }
      if code[index] == ",", depth == 0 {
        parts.append(text)
        text = ""
      } else {
        text.append(code[index])
      }
      index += 1
    }
    return (parts + [text]).map { part in
      let trimmed = part.trimmingCharacters(in: .whitespacesAndNewlines)
      guard let label = trimmed.prefixMatch(of: #/([a-z]+):\s+/#) else { return ("", trimmed) }
      return (String(label.1), String(trimmed[label.range.upperBound...]))
    }
  }

  /// Behind a string that begins at a place; strings may lie in its interpolations.
  private static func endOfString(_ code: ArraySlice<Character>, _ start: Int) -> Int {
    var index = start + 1
    while index < code.endIndex, code[index] != "\"" {
      if code[index] == "\\", index + 1 < code.endIndex {
        index = code[index + 1] == "(" ? endOfInterpolation(code, index + 2) : index + 2
      } else {
        index += 1
      }
    }
    return min(index + 1, code.endIndex)
  }

  private static func endOfInterpolation(_ code: ArraySlice<Character>, _ start: Int) -> Int {
    var (index, depth) = (start, 0)
    while index < code.endIndex {
      if code[index] == "\"" {
        index = endOfString(code, index)
        continue
      }
      if code[index] == ")", depth == 0 { return index + 1 }
      if code[index] == "(" { depth += 1 }
      if code[index] == ")" { depth -= 1 }
      index += 1
    }
    return index
  }

  /// The text of a single string; nil for other code.
  private static func literal(_ code: String?) -> String? {
    guard let code, code.hasPrefix("\""), endOfString(Array(code)[...], 0) == code.count else { return nil }
    return sentences(code).first
  }

  /// The sentences that an expression may make: strings are joined, a choice makes two.
  private static func sentences(_ code: String) -> [String] {
    let code = Array(code)
    var (made, text, index, isChoice) = ([String](), "", 0, false)
    while index < code.count {
      switch code[index] {
      case "\"":
        let end = endOfString(code[...], index)
        text += filled(code[(index + 1)..<(end - 1)])
        index = end
        continue
      case "?" where index + 1 < code.count && code[index + 1] == " ": (isChoice, text) = (true, "")
      case ":" where isChoice && code[index - 1] == " ":
        made.append(text)
        text = ""
      case "+":
        // What is added without being a string is a hole.
        if let next = code[(index + 1)...].first(where: { !$0.isWhitespace }), next != "\"" {
          text += hole
          index = code.count
        }
      default: break
      }
      index += 1
    }
    return made + [text]
  }

  private static func filled(_ text: ArraySlice<Character>) -> String {
    var (result, index) = ("", text.startIndex)
    while index < text.endIndex {
      if text[index] == "\\", index + 1 < text.endIndex, text[index + 1] == "(" {
        result += hole
        index = endOfInterpolation(text, index + 2)
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result
  }
}
