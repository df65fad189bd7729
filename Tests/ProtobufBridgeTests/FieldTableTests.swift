import ProtobufBridge
import Testing

@Suite struct FieldTableTests {
  @Test func fieldsOfAnyNumberAreFoundAndOthersAreNot() {
    var table = FieldTable<String>()
    #expect(table.isEmpty)
    let numbers: [UInt32] = [1, 15, 16, 255, 256, 19_999, 536_870_911]
    for number in numbers { table[number] = "field \(number)" }
    for number in numbers { #expect(table[number] == "field \(number)") }
    for number: UInt32 in [0, 2, 254, 257, 536_870_910] { #expect(table[number] == nil) }
    #expect(Set(table.values) == Set(numbers.map { "field \($0)" }) && !table.isEmpty)
  }

  @Test func whatIsTakenOutIsGone() {
    var table = FieldTable<Int>()
    table[3] = 1
    table[3_000] = 2
    table[3] = nil
    table[3_000] = nil
    #expect(table[3] == nil && table[3_000] == nil && table.isEmpty)
  }
}
