import ProtobufBridge
import PunosMessages
import ShapeMessages
import Testing

@Suite struct Validation {
  static let validator = Validator(.shapes)
  let good = Ruled.with {
    $0.title = "Title"
    $0.when = ProtoTimestamp.with { $0.seconds = 1 }
    $0.numbers = [1]
  }

  func problems(_ change: (inout Ruled) -> Void) -> [String] {
    var value = good
    change(&value)
    return Self.validator.violations(in: value).map { "\($0.path) \($0.reason.rawValue): \($0.description)" }
  }

  @Test func aGoodValueBreaksNoRule() {
    #expect(Self.validator.faults.isEmpty)
    #expect(problems { _ in } == [])
    #expect(
      problems {
        $0.code = "AB-12"
        $0.email = "aino@example.fi"
        $0.note = "two\nlines"
        $0.share = 1
        $0.tone = .high
        $0.labels = ["ab", "c"]
        $0.entries = [
          .with {
            $0.system = "crm"
            $0.id = "7"
          }
        ]
        $0.attributes = ["k": "v"]
        $0.other = "accounts/acme/ruleds/r1"
        $0.howLong = ProtoDuration.with { $0.seconds = 60 }
        $0.person = .with { $0.phone = "+358401234567" }
        $0.name = "the server's own, however long"
      } == [])
  }

  @Test func allFaultyFieldsAreNamedAtOnce() {
    #expect(
      problems {
        $0.title = ""
        $0.when = nil
        $0.code = "nonsense"
        $0.note = "bell\u{7}"
        $0.share = 1.5
        $0.tone = .init(rawValue: 9)
        $0.labels = ["abcd", "", "c"]
        $0.entries = [
          .with {
            $0.system = "ok"
            $0.id = "1"
          }, .with { $0.system = "Not Ok" },
        ]
        $0.attributes = ["toolong": "v"]
        $0.other = "ruleds/r1"
        $0.howLong = ProtoDuration.with { $0.seconds = -1 }
        $0.numbers = [1, 2, 3, 40]
      } == [
        "code PATTERN: “nonsense” came; expected a match of ^([A-Z]{2}|x+)-[0-9]{1,3}$",
        "note CONTROL_CHARACTER: control characters came; "
          + "expected no control characters other than line breaks and tabs",
        "share RANGE: 1.5 came; expected 0 to 1",
        "tone UNKNOWN_VALUE: number 9 came; expected one of TONE_LOW, TONE_HIGH, TONE_BELOW",
        "labels[0] LENGTH: 4 characters came; expected 1 to 3",
        "entries[1].system PATTERN: “Not Ok” came; expected a match of [a-z][a-z0-9_]*",
        "entries[1].id REQUIRED: a value was expected; none came",
        "attributes.toolong LENGTH: 7 characters came; expected at most 4",
        "other REFERENCE: “ruleds/r1” came; expected accounts/{id}/ruleds/{id}",
        "how_long RANGE: -1 s came; expected 0 to 60 s",
        "numbers RANGE: 40 came; expected -5 to 5",
        "title REQUIRED: a value was expected; none came",
        "labels LENGTH: 3 elements came; expected at most 2",
        "when REQUIRED: a value was expected; none came",
        "numbers LENGTH: 4 elements came; expected 1 to 3",
      ])
  }

  @Test func personalDataIsNeverRepeated() {
    let found = problems {
      $0.email = "aino at home"
      $0.person = .with { $0.phone = "040 1234" }
    }
    #expect(found.count == 2)
    for problem in found {
      #expect(!problem.contains("aino") && !problem.contains("1234"))
      #expect(problem.contains("a text of"))
    }
  }

  @Test func lengthsCountCharactersAndNotBytes() {
    #expect(problems { $0.title = "ÄÖÅäö" } == [])
    #expect(problems { $0.title = "ÄÖÅäöå" } == ["title LENGTH: 6 characters came; expected 2 to 5"])
  }

  @Test func whatOnlyTheServerWritesIsTakenOut() throws {
    let sent = Ruled.with {
      $0.name = "mine"
      $0.title = "kept"
    }
    let kept = try OwnedFields.withoutOutputOnly(sent.serialized(), of: try #require(Ruled.descriptor))
    #expect(try Ruled(serialized: kept) == Ruled.with { $0.title = "kept" })
  }

  @Test func whatIsSetOnceMayNotChange() throws {
    let before = Ruled.with { $0.origin = "a" }
    let after = Ruled.with {
      $0.origin = "b"
      $0.title = "new"
    }
    let found = try OwnedFields.immutableChanges(
      from: before.serialized(), to: after.serialized(), of: try #require(Ruled.descriptor), in: .shapes)
    #expect(found.map { $0.path } == ["origin"])
  }

  @Test func personalDataIsLeftOutOfLogs() {
    let value = Ruled.with {
      $0.title = "shown"
      $0.email = "aino@example.fi"
      $0.person = .with { $0.phone = "+358401234567" }
    }
    #expect(value.redacted == #"{"title":"shown","email":"(personal)","person":"(personal)"}"#)
    #expect(String(reflecting: value) == value.redacted)
    #expect("\(value)" == value.redacted)
  }
}

@Suite struct Patterns {
  @Test(arguments: [
    ("", "", "a"), ("a", "a", "aa"), ("a*", "aaaa", "ab"), ("(ab)+", "abab", "aba"), ("a|bc", "bc", "abc"),
    ("[a-c]{2,3}", "abc", "abca"), ("[^0-9]", "ä", "5"), (".", "漢", ""), ("x{0,2}y", "xy", "xxxy"),
    ("\\d{2}-\\w", "12-_", "1-a"), ("(a?){3}", "aa", "aaaa"), ("[-a]]", "-]", "b]"),
    ("(?:a|b)*c", "abbac", "abba"),
    ("^[a-z]([a-z-]*[a-z])?$", "a-b", "a-"), ("a{2,}", "aaaaa", "a"), ("\\.", ".", "x"),
    ("(a*)*", "aaa", "b"),
  ])
  func wholeTextsMatch(pattern: String, match: String, other: String) throws {
    let compiled = try Pattern(pattern)
    #expect(compiled.matches(match))
    #expect(!compiled.matches(other))
  }

  @Test(arguments: [
    "(", ")", "a{3,2}", "[a", "*", "a{999}", "ä", "\\q", "a$b", "(?=a)", "(a{200}){200}", "[b-a]",
  ])
  func whatCannotBeKeptIsRefused(pattern: String) {
    #expect(throws: Pattern.Fault.self) { try Pattern(pattern) }
  }

  @Test func theWorstCaseOfBacktrackersIsLinear() throws {
    let compiled = try Pattern("(a|a|aa)*b")
    #expect(!compiled.matches(String(repeating: "a", count: 200_000)))
  }
}
