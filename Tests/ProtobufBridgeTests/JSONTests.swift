import ProtobufBridge
import PunosMessages
import ShapeMessages
import Testing

@Suite struct JSONForm {
  @Test func scalarsAreWrittenAsProto3Says() throws {
    let value = Scalars.with {
      $0.anInt64 = -9_007_199_254_740_993
      $0.aDouble = 1e20
      $0.aFloat = 0.1
      $0.someBytes = [0xFB, 0xFF, 0]
      $0.aString = "\"\\\n\u{0}å"
      $0.tone = .init(rawValue: 99)
      $0.farAway = 3
    }
    #expect(
      try value.jsonString() == #"{"aDouble":1e+20,"aFloat":0.1,"anInt64":"-9007199254740993","#
        + #""aString":"\"\\\n\u0000å","someBytes":"+/8A","tone":99,"farAway":3}"#)
  }

  @Test func numbersAreReadInEveryFormTheyMayHave() throws {
    let value = try Scalars(
      jsonString:
        #"{"an_int32": "12", "anInt64": 1e3, "aUint32": 5.0, "aDouble": "-Infinity", "aBool": true}"#)
    #expect(value.anInt32 == 12 && value.anInt64 == 1000 && value.aUint32 == 5)
    #expect(value.aDouble == -.infinity && value.aBool)
  }

  @Test(arguments: [
    (#"{"anInt32": 2147483648}"#, "anInt32: expected an integer from -2147483648 to 2147483647"),
    (#"{"anInt32": 1.5}"#, "anInt32: expected an integer from -2147483648 to 2147483647"),
    (#"{"anInt32": true}"#, "anInt32: a bool came, an integer was expected"),
    (#"{"nosuch": 1}"#, "nosuch: punos.shapes.v1.Scalars has no such field"),
    (#"{"aString": 5}"#, "aString: a number came, a string was expected"),
    (#"{"anInt32": 1, "an_int32": 2}"#, "an_int32: the field comes twice"),
    (#"{"someBytes": "*"}"#, "someBytes: a string came, a string in base 64 was expected"),
    ("{\n  \"aBool\": tru}", "line 2, column 12: a value was expected"),
    (#"{"aBool": true"#, "line 1, column 15: a comma or a closing brace was expected"),
    (#"{"aString": "\ud800"}"#, "line 1, column 20: half of a surrogate pair"),
    (#"{"aBool": true} x"#, "line 1, column 17: something follows the value"),
  ])
  func aFaultIsNamedByItsPlace(text: String, problem: String) {
    #expect {
      try Scalars(jsonString: text)
    } throws: {
      "\($0)" == problem
    }
  }

  @Test func twoChoicesOfOneOneofAreRefused() {
    #expect {
      try Choices(jsonString: #"{"text": "a", "flag": true}"#)
    } throws: {
      "\($0)" == "flag: only one of content may be set, and text is set too"
    }
  }

  @Test func deepNestingIsRefusedAndNotFollowed() {
    let text = String(repeating: "[", count: 100_000)
    #expect(throws: JSONError.self) { try JSONText(parsing: text) }
  }

  @Test func unknownNamesCanBeIgnored() throws {
    let value = try Choices(
      jsonString: #"{"future": {"x": [1]}, "tone": "TONE_FUTURE", "in": true}"#, unknown: .ignored)
    #expect(value.in && value.content == nil)
  }

  @Test func timesAreReadWithOffsetsAndWrittenInUTC() throws {
    let value = try WellKnowns(jsonString: #"{"time":"2024-02-29T12:00:00.5+02:00","duration":"-1.5s"}"#)
    #expect(value.time?.seconds == 1_709_200_800 && value.time?.nanos == 500_000_000)
    #expect(value.duration?.seconds == -1 && value.duration?.nanos == -500_000_000)
    #expect(try value.jsonString() == #"{"time":"2024-02-29T10:00:00.500Z","duration":"-1.500s"}"#)
  }

  @Test(arguments: [
    "2023-02-29T00:00:00Z", "2024-01-01T24:00:00Z", "0000-01-01T00:00:00Z", "2024-01-01T00:00:00",
    "2024-01-01T00:00:00.1234567890Z", "9999-12-31T23:59:59-01:00", "2024-1-01T00:00:00Z",
  ])
  func timesThatDoNotExistAreRefused(text: String) {
    #expect(throws: JSONError.self) { try ProtoTimestamp(jsonString: "\"\(text)\"") }
  }

  @Test(arguments: ["", ",name", "name,city", "Name", "a__b", "a_", "a_1"])
  func aFieldPathThatWouldComeBackAsAnotherHasNoJSON(path: String) {
    let mask = ProtoFieldMask.with { $0.paths = ["display_name", path] }
    #expect(throws: DecodingError.self) { try mask.jsonString() }
  }

  @Test func aMessageInAnyIsShownByItsFields() throws {
    let inner = Inner.with { $0.label = "x" }
    let value = WellKnowns.with {
      $0.anything = ProtoAny.with {
        $0.typeUrl = "type.googleapis.com/punos.shapes.v1.Inner"
        $0.value = inner.serialized()
      }
    }
    let text = #"{"anything":{"@type":"type.googleapis.com/punos.shapes.v1.Inner","label":"x"}}"#
    #expect(try value.jsonString() == text)
    #expect(try WellKnowns(jsonString: text) == value)
  }

  @Test func anyInsideAnyWithoutEndIsRefusedAndNotFollowed() throws {
    var inner = ProtoAny()
    for _ in 0..<5000 {
      let outer = inner
      inner = ProtoAny.with {
        $0.typeUrl = "a/google.protobuf.Any"
        $0.value = outer.serialized()
      }
    }
    #expect {
      try inner.jsonString()
    } throws: {
      "\($0)".hasSuffix("messages are nested deeper than 100")
    }
    var nested: [UInt8] = []
    for _ in 0..<5000 {
      var writer = WireWriter()
      writer.field(3, nested)
      nested = writer.bytes
    }
    let recursive = ProtoAny.with {
      $0.typeUrl = "a/google.protobuf.DescriptorProto"
      $0.value = nested
    }
    #expect(throws: DecodingError.self) { try recursive.jsonString() }
    #expect(recursive.redacted.contains("cannot be shown"))
  }

  @Test func defaultsAndSchemaNamesCanBeAskedFor() throws {
    var options = JSONOptions()
    options.includesDefaults = true
    options.usesSchemaNames = true
    let text = try Inner().jsonString(options: options)
    #expect(text == #"{"label":"","numbers":[]}"#)
    options.isPretty = true
    #expect(
      try Inner.with { $0.numbers = [1] }.jsonString(options: options) == """
        {
          "label": "",
          "numbers": [
            1
          ]
        }
        """)
  }
}
