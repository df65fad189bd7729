import DataFiles
import Testing

private func parse(_ text: String) throws(JSONProblem) -> JSONValue { try JSONParser.parse(Array(text.utf8)) }

@Test(
  arguments: [
    "null", "true", "[]", "{}", "0", "-0.0", "123456789012345678901234567890", "1.10", "1e400",
    "[1,[2,[3]],{\"a\":{\"b\":[]}}]", "\"ä€😀\"", "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\"", "{\"z\":1,\"a\":2}",
  ])
func valuesComeOutAsTheyWentIn(_ text: String) throws {
  #expect(try String(decoding: parse(text).serialized(), as: UTF8.self) == text)
}

@Test func escapesAreUnderstood() throws {
  #expect(try parse("\"\\u00e4\\ud83d\\ude00\\/\"") == .string("ä😀/"))
  #expect(try parse(" { \"a\" : [ 1 , 2.50 ] } ")["a"]?.arrayValue == [.number("1"), .number("2.50")])
}

@Test(
  arguments: [
    "", "{", "[1,]", "{\"a\":1,}", "01", "1.", ".5", "+1", "1e", "nul", "'a'", "\"a", "\"\\x\"", "\"\\ud800\"",
    "\"\\ud800\\u0041\"", "\"\\udc00\"", "[1 2]", "{\"a\" 1}", "{a:1}", "1 2", "\"\t\"", "{\"a\":1,\"a\":2}", "-",
    "NaN", "\u{FEFF}1",
  ])
func whatIsNotJSONIsRefusedWithItsPlace(_ text: String) {
  #expect(throws: JSONProblem.self) { try parse(text) }
}

@Test func aNameThatComesTwiceIsRefusedInLargeObjectsToo() throws {
  let members = (0..<200).map { "\"k\($0)\":\($0)" }
  #expect(throws: Never.self) { try parse("{" + members.joined(separator: ",") + "}") }
  for repeated in [0, 7, 8, 150] {
    let text = "{" + (members + ["\"k\(repeated)\":0"]).joined(separator: ",") + "}"
    #expect(throws: JSONProblem.self) { try parse(text) }
  }
}

@Test func nestingWithoutEndIsRefusedAndDoesNotCrash() {
  #expect(throws: JSONProblem.self) { try parse(String(repeating: "[", count: 1_000_000)) }
  #expect(throws: JSONProblem.self) { try parse(String(repeating: "{\"a\":", count: 1_000_000)) }
}

@Test func problemsNameLineAndCharacter() {
  let problem = #expect(throws: JSONProblem.self) { try parse("{\n  \"ä\": x\n}") }
  #expect(problem?.line == 2)
  #expect(problem?.character == 8)
}

@Test func aBadLineOfJSONLinesNeverStopsTheRest() throws {
  let reader = try JSONLinesReader(ByteSource(bytes: Array("\u{FEFF}{\"a\":1}\n\n{oops}\r\n[2]\n\"last\"".utf8)))
  var lines: [Int] = []
  var problems: [RecordProblem] = []
  while let line = try reader.next() {
    switch line.value {
    case .success: lines.append(line.line)
    case .failure(let failure): problems.append(failure.problem)
    }
  }
  #expect(lines == [1, 4, 5])
  #expect(problems.map(\.position) == [FilePosition(line: 3, character: 2)])
}

@Test func anOverlongLineIsNamedAndTheRestGoesOn() throws {
  let long = "\"" + String(repeating: "x", count: JSONLinesReader.longestLine) + "\""
  let reader = try JSONLinesReader(ByteSource(bytes: Array("1\n\(long)\n3\n".utf8)))
  var seen: [Bool] = []
  while let line = try reader.next() { seen.append((try? line.value.get()) != nil) }
  #expect(seen == [true, false, true])
}
