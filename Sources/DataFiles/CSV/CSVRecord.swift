/// One record of a table: its fields as bytes, made into strings only when asked for.
///
/// Made to be used again and again, so that reading a million records allocates a handful of buffers.
public struct CSVRecord: Sendable {
  /// The fields' bytes, one after the other, unquoted.
  var storage: [UInt8] = []
  /// Where each field ends in ``storage``.
  var ends: [Int] = []

  /// The line the record begins on, from 1.
  public internal(set) var line = 0
  /// How many records came before this one, the header not counted.
  public internal(set) var index = 0
  /// What is wrong with the record; nil when its fields can be trusted.
  public internal(set) var problem: RecordProblem?

  /// An empty record, to be filled by ``CSVReader/next(_:)``.
  public init() {}

  /// How many fields there are.
  public var count: Int { ends.count }

  /// A field's text; empty for a field that the record does not have.
  public subscript(index: Int) -> String {
    guard let range = range(of: index) else { return "" }
    return storage.withUnsafeBufferPointer { String(decoding: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self) }
  }

  /// Whether a field has no bytes at all, without making a string of it.
  public func isEmpty(_ index: Int) -> Bool { range(of: index)?.isEmpty ?? true }

  /// All fields as text.
  public var fields: [String] { ends.indices.map { self[$0] } }

  /// Calls a function with a field's bytes; they are not valid outside it.
  public func withBytes<R>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    let range = range(of: index) ?? 0..<0
    return storage.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
  }

  private func range(of index: Int) -> Range<Int>? {
    guard index >= 0, index < ends.count else { return nil }
    return (index == 0 ? 0 : ends[index - 1])..<ends[index]
  }

  mutating func clear(line: Int) {
    storage.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    problem = nil
    self.line = line
  }
}
