import Domain
import Foundation
import ProtobufBridge
import PunosMessages
import Testing

/// What docs/committees.md tells in its tables, computed.
@Suite struct DocumentedCoverageTests {
  private typealias Samples = CommitteeSamples

  @Test func theWorkedExampleOfTheDocumentIsWhatComesOut() throws {
    let document = try Document("committees.md")
    let members = try document.rows(under: ["Person", "Role", "Influence", "Stance", "Contact"]).map(member)
    #expect(members == Samples.worked)
    let told = try document.rows(under: ["Finding", "Weight", "How"])
    let committee = Samples.committee(members)
    let findings = CoverageFindings.of(committee)
    #expect(told.count == findings.count)
    for (row, finding) in zip(told, findings) {
      let weight = try #require(Double(row[1]))
      #expect(abs(finding.weight - weight) < 0.005, "\(row) beside \(finding.weight) \(finding.sentence)")
      // Whoever the row names is named by the finding.
      for member in members where row[0].contains(member.displayName) {
        #expect(finding.sentence.contains(member.displayName), "\(row) beside \(finding.sentence)")
      }
      if finding.kind == .missingRole { #expect(row[0].hasSuffix(words(finding.role)), "\(row)") }
    }
    let score = try #require(document.text.firstMatch(of: #/The score is ([0-9.]+):/#))
    #expect(abs(CoverageScore.of(committee).score - (Double(score.1) ?? -1)) < 0.005)
  }

  @Test func theRolesThatADocumentGivesAKindOfPurchaseAreThoseThatAreMissed() throws {
    let rows = try Document("committees.md").rows(under: [
      "Kind of purchase", "Roles it has, with their weights",
    ])
    #expect(rows.count == 7)
    for row in rows {
      let type =
        row[0] == "not said"
        ? .unspecified : Purchase.Type_(rawValue: try number("TYPE", row[0], Purchase.Type_.self))
      let told = row[1].split(separator: ", ").map { part -> String in
        let words = part.split(separator: " ")
        return "\(words.dropLast().joined(separator: " ")) \(Double(words.last ?? "") ?? -1)"
      }
      // Whoever has no role that matters: each role is missed with its whole weight.
      let onlooker = Samples.member("katsoja", .gatekeeper)
      let missed = CoverageFindings.of(Samples.committee([onlooker], type: type)).filter {
        $0.kind == .missingRole
      }
      #expect(Set(missed.map { "\(words($0.role)) \($0.weight)" }) == Set(told), "\(row[0])")
    }
  }

  // MARK: Reading rows

  private func member(_ row: [String]) throws -> CommitteeMember {
    let role = CommitteeMember.Role(rawValue: try number("ROLE", row[1], CommitteeMember.Role.self))
    var member = Samples.member(row[0].lowercased(), role)
    member.influence = Double(row[2])
    if !row[3].isEmpty {
      member.stance = CommitteeMember.Stance(
        rawValue: try number("STANCE", row[3], CommitteeMember.Stance.self))
    }
    // "none", "none; several wanted", "deep, by Aino, 10 days ago".
    let parts = row[4].split(separator: "; ").map(String.init)
    if let wanted = parts.dropFirst().first?.split(separator: " ").first {
      member.wantedCoverage = try coverage(String(wanted))
    }
    if let met = parts.first?.wholeMatch(of: #/(\w+), by (\w+), (\d+) days ago/#) {
      Samples.met(
        &member, try coverage(String(met.1)), daysAgo: try #require(Int64(met.3)), by: [met.2.lowercased()])
    }
    return member
  }

  private func coverage(_ word: String) throws -> CommitteeMember.Coverage {
    CommitteeMember.Coverage(rawValue: try number("COVERAGE", word, CommitteeMember.Coverage.self))
  }

  /// The value that the document has in words: "economic buyer" is ROLE_ECONOMIC_BUYER.
  private func number<Value: ProtoEnum>(_ prefix: String, _ words: String, _: Value.Type) throws -> Int32 {
    let name = prefix + "_" + words.uppercased().replacingOccurrences(of: " ", with: "_")
    return try #require(Schema.shared.enumeration(Value.fullName)?.number(of: name), "\(name)")
  }

  private func words(_ role: CommitteeMember.Role) -> String {
    let name = Schema.shared.enumeration(CommitteeMember.Role.fullName)?.name(of: role.rawValue) ?? ""
    return name.dropFirst("ROLE_".count).lowercased().replacingOccurrences(of: "_", with: " ")
  }
}

/// A document of the folder docs.
struct Document {
  let text: String

  init(_ name: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    text = try String(contentsOf: root.appending(path: "docs/\(name)"), encoding: .utf8)
  }

  /// The rows of the table with these headings, each with a text for each heading.
  func rows(under headings: [String]) throws -> [[String]] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let place = try #require(lines.firstIndex { Self.cells($0) == headings }, "no table with \(headings)")
    // The line below the headings rules them off.
    return lines[(place + 2)...].prefix { $0.hasPrefix("|") }.map(Self.cells)
  }

  private static func cells(_ line: String) -> [String] {
    guard line.hasPrefix("|"), line.hasSuffix("|") else { return [] }
    return line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
