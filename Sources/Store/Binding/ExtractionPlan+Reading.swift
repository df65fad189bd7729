import ProtobufBridge

/// What one walk over a body found.
struct Extraction {
  var slots: [SlotValues]
  var entries: [[[FieldValue]]]
  var searchTexts: [(field: Int, text: String)] = []
}

/// The values that one walk found for a slot: hardly ever more than one, for which no array is made.
struct SlotValues {
  private(set) var first: FieldValue?
  private var others: [FieldValue] = []

  var isRepeated: Bool { !others.isEmpty }
  var last: FieldValue? { others.last ?? first }
  var all: [FieldValue] { first.map { [$0] + others } ?? [] }

  mutating func append(_ value: FieldValue) {
    if first == nil {
      first = value
    } else {
      others.append(value)
    }
  }

  mutating func removeAll() {
    first = nil
    if !others.isEmpty { others = [] }
  }

  func forEach(_ body: (FieldValue) -> Void) {
    guard let first else { return }
    body(first)
    for other in others { body(other) }
  }
}

/// The entries of an index of several fields: each value of one with each of the others'.
private struct EntryProduct {
  private let emission: ExtractionPlan.Emission
  private let values: [[FieldValue]]
  private var made: [[FieldValue]] = []

  init(_ emission: ExtractionPlan.Emission, values: [[FieldValue]]) {
    self.emission = emission
    self.values = values
  }

  /// - Returns: none where they are more than the index wants of a record.
  mutating func entries() -> [[FieldValue]] {
    grow([])
    return made.count > emission.most ? [] : made
  }

  private mutating func grow(_ entry: [FieldValue]) {
    // One more than wanted is enough to know that there are more.
    guard made.count <= emission.most else { return }
    guard entry.count < values.count else {
      if entry.contains(where: { $0 != .null }) { made.append(entry) }
      return
    }
    for value in values[entry.count].isEmpty ? [.null] : values[entry.count] {
      if let twin = emission.twins[entry.count], !isAscending(entry[twin], value) { continue }
      grow(entry + [value])
    }
  }

  /// Whether two values of one field are a pair in this order. Only texts pair.
  private func isAscending(_ one: FieldValue, _ other: FieldValue) -> Bool {
    guard case .text(let one) = one, case .text(let other) = other else { return false }
    return one < other
  }
}

extension ExtractionPlan {
  /// Reads a body.
  ///
  /// - Parameter wantsSearch: whether search's texts are wanted too.
  /// - Throws: ``UnreadableBody`` where the bytes are not a message.
  func read(_ body: [UInt8], wantsSearch: Bool) throws(UnreadableBody) -> Extraction {
    var extraction = Extraction(
      slots: Array(repeating: SlotValues(), count: slotCount),
      entries: Array(repeating: [], count: indexCount))
    // `withUnsafeBytes` rethrows untyped; the result carries the type across.
    let result: Result<Void, WireFault> = body.withUnsafeBytes { buffer in
      do throws(WireFault) {
        return .success(try walk(buffer, root, wantsSearch, &extraction))
      } catch {
        return .failure(error)
      }
    }
    if case .failure(let fault) = result { throw UnreadableBody(fault: String(describing: fault)) }
    return extraction
  }

  private func walk(
    _ bytes: UnsafeRawBufferPointer, _ node: Node, _ wantsSearch: Bool, _ extraction: inout Extraction
  ) throws(WireFault) {
    for slot in node.ownSlots { extraction.slots[slot].removeAll() }
    var reader = WireReader(bytes)
    while let field = try reader.next() {
      guard let wanted = node.fields[field.number] else { continue }
      if let leaf = wanted.leaf { try take(field, leaf, wantsSearch, &extraction) }
      if let child = wanted.child, field.type == .lengthDelimited {
        try walk(field.bytes, child, wantsSearch, &extraction)
      }
    }
    for emission in node.emissions { emit(emission, &extraction) }
  }

  private func emit(_ emission: Emission, _ extraction: inout Extraction) {
    if emission.isWhole, emission.slots.contains(where: { extraction.slots[$0].first == nil }) { return }
    if emission.slots.count == 1 {
      extraction.slots[emission.slots[0]].forEach { extraction.entries[emission.index].append([$0]) }
    } else if emission.hasTwins || emission.slots.contains(where: { extraction.slots[$0].isRepeated }) {
      var product = EntryProduct(emission, values: emission.slots.map { extraction.slots[$0].all })
      extraction.entries[emission.index].append(contentsOf: product.entries())
    } else if emission.slots.contains(where: { extraction.slots[$0].first != nil }) {
      let entry = emission.slots.map { extraction.slots[$0].first ?? .null }
      if entry.contains(where: { $0 != .null }) { extraction.entries[emission.index].append(entry) }
    }
  }

  private func take(
    _ field: WireField, _ leaf: Leaf, _ wantsSearch: Bool, _ extraction: inout Extraction
  ) throws(WireFault) {
    // Read once, however many want it: a text is copied out of the body.
    var read: FieldValue?
    var isRead = false
    for target in leaf.targets {
      switch target {
      case .slot(let slot):
        if !isRead { read = try value(of: field, leaf.type) }
        isRead = true
        if let read { extraction.slots[slot].append(read) }
      case .search(let search):
        guard wantsSearch, field.type == .lengthDelimited else { continue }
        extraction.searchTexts.append((search, String(decoding: field.bytes, as: UTF8.self)))
      }
    }
  }

  private func value(of field: WireField, _ type: LeafType) throws(WireFault) -> FieldValue? {
    let raw = field.scalar
    switch type {
    case .text:
      return field.type == .lengthDelimited ? .text(String(decoding: field.bytes, as: UTF8.self)) : nil
    case .timestamp, .duration:
      guard field.type == .lengthDelimited else { return nil }
      let (seconds, nanos) = try secondsAndNanos(field.bytes)
      return type == .timestamp
        ? .moment(Moment(seconds: seconds, nanoseconds: nanos)) : .integer(seconds)
    case .boolean: return .boolean(raw != 0)
    case .signed: return .integer(Int64(bitPattern: raw))
    case .unsigned, .fixed64: return .integer(Int64(truncatingIfNeeded: raw))
    case .fixed32: return .integer(Int64(raw))
    case .signed32: return .integer(Int64(Int32(truncatingIfNeeded: raw)))
    case .zigzag32, .zigzag64: return .integer(Int64(bitPattern: (raw >> 1)) ^ -Int64(bitPattern: raw & 1))
    case .float:
      let value = Double(Float(bitPattern: UInt32(truncatingIfNeeded: raw)))
      return value.isNaN ? .null : .real(value)
    case .double:
      let value = Double(bitPattern: raw)
      return value.isNaN ? .null : .real(value)
    }
  }

  private func secondsAndNanos(_ bytes: UnsafeRawBufferPointer) throws(WireFault) -> (Int64, Int32) {
    var seconds: Int64 = 0
    var nanos: Int32 = 0
    var reader = WireReader(bytes)
    while let field = try reader.next() {
      if field.number == 1 { seconds = Int64(bitPattern: field.scalar) }
      if field.number == 2 { nanos = Int32(truncatingIfNeeded: field.scalar) }
    }
    return (seconds, nanos)
  }
}

/// A stored body is not a message of its kind.
public struct UnreadableBody: StoreError, Hashable {
  /// What is wrong with the bytes; nothing of their content.
  public var fault: String

  public var description: String { "a record's body cannot be read: \(fault)" }
}
