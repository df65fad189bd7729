import ProtobufBridge
import ShapeMessages
import Testing

/// Schemas written by hand, as protoc would encode them.
private enum Handmade {
  static let package = "t.v1"
  static let path = "t/v1/t.proto"
  /// `FieldDescriptorProto.Type` of a message and of a string.
  static let message: UInt64 = 11
  static let string: UInt64 = 9
  /// Our option of a field, and the format in it.
  static let fieldOption: UInt32 = 50702
  static let format: UInt32 = 8

  static func field(
    _ name: String, _ number: UInt64, type: UInt64, of typeName: String = "", format: UInt64 = 0
  )
    -> [UInt8]
  {
    var writer = WireWriter()
    writer.field(1, name)
    writer.field(3, number)
    writer.field(4, UInt64(1))
    writer.field(5, type)
    if !typeName.isEmpty { writer.field(6, ".\(package).\(typeName)") }
    if format != 0 {
      var rule = WireWriter()
      rule.field(Self.format, format)
      var options = WireWriter()
      options.field(fieldOption, rule.bytes)
      writer.field(8, options.bytes)
    }
    writer.field(10, name)
    return writer.bytes
  }

  static func message(_ name: String, _ fields: [[UInt8]]) -> [UInt8] {
    var writer = WireWriter()
    writer.field(1, name)
    for field in fields { writer.field(2, field) }
    return writer.bytes
  }

  static func schema(_ messages: [[UInt8]]) throws -> Schema {
    var file = WireWriter()
    file.field(1, path)
    file.field(2, package)
    for message in messages { file.field(4, message) }
    file.field(12, "proto3")
    var set = WireWriter()
    set.field(1, file.bytes)
    return try set.bytes.withUnsafeBytes { try Schema(descriptorSet: $0) }
  }
}

@Suite struct Schemas {
  @Test func aMessageThatContainsItselfIsRefusedAndTheWayRoundIsNamed() throws {
    let direct = try Handmade.schema([
      Handmade.message("A", [Handmade.field("again", 1, type: Handmade.message, of: "A")])
    ])
    let error = #expect(throws: SchemaError.self) { try direct.refuseRecursion { _ in true } }
    #expect(error?.description.contains("t.v1.A → t.v1.A") == true)
    let round = try Handmade.schema([
      Handmade.message("A", [Handmade.field("b", 1, type: Handmade.message, of: "B")]),
      Handmade.message("B", [Handmade.field("c", 1, type: Handmade.message, of: "C")]),
      Handmade.message("C", [Handmade.field("a", 1, type: Handmade.message, of: "A")]),
    ])
    let long = #expect(throws: SchemaError.self) { try round.refuseRecursion { _ in true } }
    // Told from the last message on, in which it is found first.
    #expect(long?.description.contains("t.v1.C → t.v1.A → t.v1.B → t.v1.C") == true)
    // Files that are not asked about are not ours to judge.
    try round.refuseRecursion { $0 != Handmade.path }
  }

  @Test func aMessageUsedTwiceIsNoRecursion() throws {
    let schema = try Handmade.schema([
      Handmade.message(
        "A",
        [
          Handmade.field("one", 1, type: Handmade.message, of: "B"),
          Handmade.field("two", 2, type: Handmade.message, of: "B"),
        ]),
      Handmade.message("B", [Handmade.field("text", 1, type: Handmade.string)]),
    ])
    try schema.refuseRecursion { _ in true }
  }

  @Test(arguments: [
    (UInt64(3), "FI", "SE"), (3, "FI", "AX"), (8, "0112038-9", "1927400-1"),
  ])
  func whatHasItsFormatIsTaken(_ format: UInt64, _ one: String, _ other: String) throws {
    #expect(try reasons(format, [one, other]) == [])
  }

  @Test(arguments: [
    (UInt64(3), "XX"), (3, "fi"), (3, "FIN"), (3, "Suomi"), (8, "0112038-8"), (8, "01120389"),
    (8, "112038-9"),
    (8, "FI0112038-9"), (8, "abcdefg-h"),
  ])
  func whatHasNotItsFormatIsNamed(_ format: UInt64, _ text: String) throws {
    #expect(try reasons(format, [text]) == ["value FORMAT"])
  }

  private func reasons(_ format: UInt64, _ texts: [String]) throws -> [String] {
    let schema = try Handmade.schema([
      Handmade.message("T", [Handmade.field("value", 1, type: Handmade.string, format: format)])
    ])
    let message = try #require(schema.message("t.v1.T"))
    let validator = Validator(schema)
    return texts.flatMap { text in
      var value = WireWriter()
      value.field(1, text)
      return validator.violations(in: value.bytes, of: message).map { "\($0.path) \($0.reason.rawValue)" }
    }
  }

  @Test func aMessageLongerThanItsLimitIsRefusedBeforeItIsRead() throws {
    let bytes = Ruled.with { $0.title = String(repeating: "a", count: 100) }.serialized()
    var limits = DecodingLimits.standard
    limits.size = bytes.count
    #expect(try Ruled(serialized: bytes, limits: limits).title.count == 100)
    limits.size = bytes.count - 1
    #expect(throws: DecodingError(.tooLarge(limit: bytes.count - 1))) {
      try Ruled(serialized: bytes, limits: limits)
    }
  }
}
