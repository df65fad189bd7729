import ProtobufBridge

/// The fields of a kind of record that only the server writes. What a client sends in them is ignored.
struct OutputFields: Sendable {
  /// Numbers of those that not every record has.
  private let own: Set<UInt32>

  /// What every record has and ``RecordMessage/clearOutputFields()`` empties; the name stays.
  static let common: Set<String> = ["name", "etag", "revision", "create_time", "update_time", "delete_time"]

  init(_ message: MessageDescriptor) {
    own = Set(
      message.fields.filter { $0.rule?.outputOnly == true && !Self.common.contains($0.name) }.map(\.number))
  }

  /// Empties them.
  func clear<Value: RecordMessage>(_ value: inout Value) {
    value.clearOutputFields()
    guard !own.isEmpty else { return }
    // What was encoded a moment ago can be read again.
    if let cleared = try? Value(serialized: dropped(from: value.serialized()), limits: .trusted) { value = cleared }
  }

  private func dropped(from body: [UInt8]) -> [UInt8] {
    body.withUnsafeBytes { buffer in
      var kept: [UInt8] = []
      kept.reserveCapacity(buffer.count)
      var reader = WireReader(buffer)
      while let field = try? reader.next() {
        if !own.contains(field.number) { kept.append(contentsOf: buffer[field.range]) }
      }
      return kept
    }
  }
}
