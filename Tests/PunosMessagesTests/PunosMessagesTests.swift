import InteropMessages
import ProtobufBridge
import PunosMessages
import Testing

@Suite struct GeneratedValues {
  @Test func anErrorWithDetailsSurvivesTheWire() throws {
    let info = GoogleRPCErrorInfo.with {
      $0.reason = "STALE_ETAG"
      $0.domain = "punos.v1"
      $0.metadata = ["etag": "17", "å": "ä\u{0}ö", "": "empty key"]
    }
    let status = GoogleRPCStatus.with {
      $0.code = 10
      $0.message = "a name much longer than what Swift keeps inline"
      $0.details = [
        ProtoAny.with {
          $0.typeUrl = "type.googleapis.com/google.rpc.ErrorInfo"
          $0.value = info.serialized()
        }
      ]
    }
    let back = try GoogleRPCStatus(serialized: status.serialized())
    #expect(back == status)
    #expect(try GoogleRPCErrorInfo(serialized: back.details[0].value) == info)
  }

  @Test func fieldsOfANewerSchemaSurvive() throws {
    var writer = WireWriter()
    writer.field(1, "acme")
    writer.field(999, "from the future")
    writer.scalar(1000, .fixed32, 7)
    writer.field(1001, 1 << 63)
    let link = try GoogleRPCHelp.Link(serialized: writer.bytes)
    #expect(link.description == "acme")
    #expect(link.serialized() == writer.bytes)
  }

  @Test func anUnknownEnumNumberSurvives() throws {
    let response = GRPCHealthHealthCheckResponse.with { $0.status = .init(rawValue: -77) }
    let back = try GRPCHealthHealthCheckResponse(serialized: response.serialized())
    #expect(back.status.rawValue == -77)
    #expect(!back.status.isKnown)
  }

  @Test func bothSchemasAreRead() {
    #expect(Schema.shared.service("grpc.health.v1.Health")?.methods.count == 3)
    #expect(Schema.interop.service("grpc.testing.TestService")?.methods.count == 8)
  }

  @Test func badTextIsNamedByItsPath() throws {
    var violation = WireWriter()
    violation.tag(2, .lengthDelimited)
    violation.varint(2)
    violation.bytes += [0xC3, 0x28]
    var request = WireWriter()
    request.field(1, [UInt8]())
    request.field(1, violation.bytes)
    #expect(throws: DecodingError(.invalidUTF8, at: "field_violations[1].description")) {
      try GoogleRPCBadRequest(serialized: request.bytes)
    }
  }

  @Test func badTextIsRefusedAlsoWhereALaterOccurrenceReplacesIt() {
    let bad: [UInt8] = [0xC3, 0x28]
    var link = WireWriter()
    link.field(2, bad)
    link.field(2, "https://punos.example")
    #expect(throws: DecodingError(.invalidUTF8, at: "url")) { try GoogleRPCHelp.Link(serialized: link.bytes) }
    var help = WireWriter()
    help.field(1, link.bytes)
    #expect(throws: DecodingError(.invalidUTF8, at: "links[0].url")) {
      try GoogleRPCHelp(serialized: help.bytes)
    }
    // Of a oneof the last member counts: here a number after the text.
    var request = WireWriter()
    request.field(3, bad)
    request.field(7, "")
    #expect(throws: DecodingError(.invalidUTF8, at: "file_by_filename")) {
      try GRPCReflectionServerReflectionRequest(serialized: request.bytes)
    }
  }

  @Test func theLastOfGoodTextsCounts() throws {
    var link = WireWriter()
    link.field(2, "first")
    link.field(2, "last")
    #expect(try GoogleRPCHelp.Link(serialized: link.bytes).url == "last")
  }

  @Test func aWrongWireTypeIsNamedByItsPath() throws {
    var violation = WireWriter()
    violation.field(2, 5)
    var request = WireWriter()
    request.field(1, violation.bytes)
    #expect(
      throws: DecodingError(
        .wrongWireType(expected: .lengthDelimited, came: .varint), at: "field_violations[0].description")
    ) {
      try GoogleRPCBadRequest(serialized: request.bytes)
    }
  }

  @Test func manyEmptySubmessagesStopAtTheMemoryLimit() throws {
    let bytes = Array(repeatElement([0x0A, 0x00] as [UInt8], count: 1 << 20).joined())
    #expect(throws: DecodingError(.tooMuchMemory(limit: 32 << 20))) {
      try GoogleRPCBadRequest(serialized: bytes)
    }
    let fewer = Array(bytes.prefix(300_000))
    #expect(throws: DecodingError(.tooManyElements(limit: 100_000), at: "field_violations")) {
      try GoogleRPCBadRequest(serialized: fewer)
    }
  }
}
