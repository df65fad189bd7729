import ProtobufBridge

/// What is to be read out of one kind's bodies, worked out once from the schema: a tree along the field paths, so
/// that one walk over the wire bytes finds everything, whatever the number of indexes and columns.
final class ExtractionPlan: Sendable {
  /// Where a leaf's values go.
  enum Target: Sendable, Hashable {
    /// Values of an index field or a column.
    case slot(Int)
    /// Text that search reads.
    case search(Int)
  }

  /// How a leaf's bytes become a value.
  enum LeafType: Sendable {
    case boolean, signed, zigzag32, zigzag64, unsigned, signed32, fixed32, fixed64, float, double, text, timestamp
    case duration
  }

  struct Leaf: Sendable {
    var type: LeafType
    var targets: [Target]
  }

  /// An index whose entries are complete when a message of this node has been read.
  struct Emission: Sendable {
    var index: Int
    var slots: [Int]
    /// For each slot the place before it that is of the same path: its value must be greater than that one's.
    var twins: [Int?]
    /// Whether only those entries are made in which every value is set.
    var isWhole: Bool
    /// How many entries there may be; with more there are none.
    var most: Int

    var hasTwins: Bool { twins.contains { $0 != nil } }
  }

  /// What to look for in one message along the way.
  final class Node: @unchecked Sendable {
    // @unchecked Sendable: written only while the plan is built, by the one thread that builds it.
    var fields = FieldTable<Field>()
    var emissions: [Emission] = []
    /// Slots that hold the values of one element of this node: emptied before each element.
    var ownSlots: [Int] = []
  }

  /// What is to be read of one field: its own value, or what lies in it.
  final class Field: @unchecked Sendable {
    // @unchecked Sendable: as its node's.
    var leaf: Leaf?
    var child: Node?
  }

  /// A field that search reads.
  struct SearchField: Sendable {
    var name: String
    var weight: Float
    var language: String?
    var isVerbatim: Bool
  }

  let root: Node
  let slotCount: Int
  let indexCount: Int
  /// Slot of each column.
  let columnSlots: [Int]
  /// Slots whose texts are resource names of persons.
  let subjectSlots: [Int]
  let searchFields: [SearchField]
  let momentSlot: Int?
  let confidenceSlot: Int?

  /// - Throws: ``BindingError`` where an option names a field that is not there or cannot be read so.
  init(_ message: MessageDescriptor, _ rule: RecordRule) throws(BindingError) {
    var builder = ExtractionPlanBuilder(message: message)
    for (position, index) in rule.indexes.enumerated() {
      try builder.add(index, at: position)
    }
    let columns = message.fields.filter { $0.rule?.column == true }
    columnSlots = try columns.map { field throws(BindingError) in try builder.slot(for: field.name) }
    subjectSlots = try PersonEraser.subjectPaths(message).map { path throws(BindingError) in try builder.slot(for: path) }
    momentSlot = rule.moment.isEmpty ? nil : try builder.slot(for: rule.moment)
    confidenceSlot = rule.confidence.isEmpty ? nil : try builder.slot(for: rule.confidence)
    try builder.addSearchFields()
    root = builder.root
    slotCount = builder.slotCount
    indexCount = rule.indexes.count
    searchFields = builder.searchFields
  }
}

/// The schema's options of a record contradict its fields.
public struct BindingError: Error, CustomStringConvertible {
  /// The message's full name.
  public var message: String
  /// The path or option, and what is wrong with it.
  public var problem: String

  public var description: String { "\(message): \(problem)" }
}

/// Grows the tree of an ``ExtractionPlan``.
struct ExtractionPlanBuilder {
  let message: MessageDescriptor
  let root = ExtractionPlan.Node()
  var slotCount = 0
  var searchFields: [ExtractionPlan.SearchField] = []

  init(message: MessageDescriptor) { self.message = message }

  mutating func add(_ index: IndexRule, at position: Int) throws(BindingError) {
    let paths = index.fields.map { $0.split(separator: ".").map(String.init) }
    guard let first = paths.first, !first.isEmpty else { throw error("index \(index.name) has no fields") }
    // The deepest message that holds all of the index's fields: its elements give the entries.
    var shared = first.count - 1
    for path in paths.dropFirst() {
      var same = 0
      while same < min(shared, path.count - 1), path[same] == first[same] { same += 1 }
      shared = same
    }
    var slots: [Int] = []
    for path in paths { slots.append(try newSlot(for: path)) }
    let anchor = try node(for: first.prefix(shared))
    let twins = paths.indices.map { place in paths[..<place].lastIndex(of: paths[place]) }
    anchor.emissions.append(
      .init(
        index: position, slots: slots, twins: twins, isWhole: index.whole,
        most: index.most == 0 ? .max : Int(clamping: index.most)))
    anchor.ownSlots.append(contentsOf: slots)
  }

  /// A slot for a path that stands by itself.
  mutating func slot(for path: String) throws(BindingError) -> Int {
    let parts = path.split(separator: ".").map(String.init)
    let slot = try newSlot(for: parts)
    root.ownSlots.append(slot)
    return slot
  }

  private mutating func newSlot(for path: [String]) throws(BindingError) -> Int {
    let slot = slotCount
    slotCount += 1
    try addLeaf(path, target: .slot(slot))
    return slot
  }

  private func addLeaf(_ path: [String], target: ExtractionPlan.Target) throws(BindingError) {
    guard let last = path.last else { throw error("an empty path") }
    let parent = try node(for: path.dropLast())
    guard let field = try descriptor(for: path.dropLast()).field(named: last) else {
      throw error("there is no field \(path.joined(separator: "."))")
    }
    let type = try leafType(of: field, path)
    let wanted = parent.fields[field.number] ?? ExtractionPlan.Field()
    wanted.leaf = wanted.leaf ?? ExtractionPlan.Leaf(type: type, targets: [])
    wanted.leaf?.targets.append(target)
    parent.fields[field.number] = wanted
  }

  private func descriptor(for path: some Sequence<String>) throws(BindingError) -> MessageDescriptor {
    var current = message
    for part in path {
      guard let next = current.field(named: part)?.message else { throw error("\(part) is not a message") }
      current = next
    }
    return current
  }

  private func node(for path: some Sequence<String>) throws(BindingError) -> ExtractionPlan.Node {
    var current = root
    var descriptor = message
    for part in path {
      guard let field = descriptor.field(named: part), let next = field.message else {
        throw error("\(part) is not a message")
      }
      if let child = current.fields[field.number]?.child {
        current = child
      } else {
        let child = ExtractionPlan.Node()
        let wanted = current.fields[field.number] ?? ExtractionPlan.Field()
        wanted.child = child
        current.fields[field.number] = wanted
        current = child
      }
      descriptor = next
    }
    return current
  }

  private func leafType(
    of field: FieldDescriptor, _ path: [String]
  ) throws(BindingError) -> ExtractionPlan.LeafType {
    switch field.type {
    case .bool: return .boolean
    case .int32, .int64, .enum: return .signed
    case .uint32, .uint64: return .unsigned
    case .sint32: return .zigzag32
    case .sint64: return .zigzag64
    case .sfixed32: return .signed32
    case .fixed32: return .fixed32
    case .fixed64, .sfixed64: return .fixed64
    case .float: return .float
    case .double: return .double
    case .string: return .text
    case .message where field.message?.fullName == "google.protobuf.Timestamp": return .timestamp
    case .message where field.message?.fullName == "google.protobuf.Duration": return .duration
    case .message, .group, .bytes:
      throw error("\(path.joined(separator: ".")) cannot be a value of an index or column")
    }
  }

  mutating func addSearchFields() throws(BindingError) {
    var found: [([String], FieldRule.Search)] = []
    visit(message, prefix: []) { field, path in
      if let search = field.rule?.search, field.type == .string { found.append((path, search)) }
    }
    for (path, search) in found {
      try addLeaf(path, target: .search(searchFields.count))
      searchFields.append(
        .init(
          name: path.joined(separator: "."), weight: search.weight == 0 ? 1 : search.weight,
          language: search.language.isEmpty ? nil : search.language, isVerbatim: search.verbatim))
    }
  }

  private func visit(
    _ descriptor: MessageDescriptor, prefix: [String], _ body: (FieldDescriptor, [String]) -> Void
  ) {
    for field in descriptor.fields {
      body(field, prefix + [field.name])
      // The generator refuses recursive messages, so this ends.
      if let inner = field.message, !inner.fullName.hasPrefix("google.protobuf.") {
        visit(inner, prefix: prefix + [field.name], body)
      }
    }
  }

  private func error(_ problem: String) -> BindingError {
    BindingError(message: message.fullName, problem: problem)
  }
}
