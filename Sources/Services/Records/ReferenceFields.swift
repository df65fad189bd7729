import ProtobufBridge
import PunosMessages

/// Where a kind of record holds the names of others, as the schema's `refers_to` says.
struct ReferenceFields: Sendable {
  /// A name in a body, and where it stands.
  struct Found: Sendable {
    /// The field's path ("employments[0].account").
    var path: String
    var name: String
    /// Kinds of record that the name may be of.
    var kinds: [String]
  }

  private struct Node: Sendable {
    var places = FieldTable<Place>()
  }

  private struct Place: Sendable {
    var field: FieldDescriptor
    /// What lies in it; nil: it is a name itself.
    var node: Node?
  }

  private let root: Node
  /// Asked for every record that is written.
  private let hasNone: Bool

  init(_ message: MessageDescriptor) { self.init(root: Self.node(message)) }

  /// The references of a type; every record of the schema is looked at once.
  static func of<Value: Message>(_: Value.Type) -> ReferenceFields { all[Value.fullName] ?? none }

  private static let none = ReferenceFields(root: Node())

  private static let all: [String: ReferenceFields] = {
    let records = Schema.shared.files.flatMap(\.messages).filter { $0.record != nil }
    return Dictionary(
      records.map { ($0.fullName, ReferenceFields($0)) }, uniquingKeysWith: { first, _ in first })
  }()

  private init(root: Node) {
    self.root = root
    hasNone = root.places.isEmpty
  }

  private static func node(_ message: MessageDescriptor) -> Node {
    var node = Node()
    for field in message.fields where field.rule?.outputOnly != true {
      if field.type == .string, field.rule?.refersTo.isEmpty == false {
        node.places[field.number] = Place(field: field)
      }
      // The generator refuses recursive messages, so this ends.
      if let inner = field.message, !inner.fullName.hasPrefix("google.protobuf.") {
        let child = Self.node(inner)
        if !child.places.isEmpty { node.places[field.number] = Place(field: field, node: child) }
      }
    }
    return node
  }

  /// Every reference that is set, in the body's order.
  func found(in body: [UInt8]) -> [Found] {
    if hasNone { return [] }
    var found: [Found] = []
    body.withUnsafeBytes { Self.walk($0, root, "", &found) }
    return found
  }

  private static func walk(
    _ bytes: UnsafeRawBufferPointer, _ node: Node, _ prefix: String, _ found: inout [Found]
  ) {
    var counts: [UInt32: Int] = [:]
    var reader = WireReader(bytes)
    while let field = try? reader.next() {
      guard field.type == .lengthDelimited, let place = node.places[field.number] else { continue }
      let index = counts[field.number, default: 0]
      counts[field.number] = index + 1
      let path = prefix + place.field.name + (place.field.isRepeated ? "[\(index)]" : "")
      if let child = place.node {
        walk(field.bytes, child, path + ".", &found)
      } else {
        let name = String(decoding: field.bytes, as: UTF8.self)
        if !name.isEmpty {
          found.append(Found(path: path, name: name, kinds: place.field.rule?.refersTo ?? []))
        }
      }
    }
  }

  /// The body with every reference replaced.
  func replaced(in body: [UInt8], _ replace: (String) -> String) -> [UInt8] {
    if hasNone { return body }
    return body.withUnsafeBytes { Self.rewritten($0, root, replace) }
  }

  private static func rewritten(
    _ bytes: UnsafeRawBufferPointer, _ node: Node, _ replace: (String) -> String
  ) -> [UInt8] {
    var writer = WireWriter(reserving: bytes.count)
    var reader = WireReader(bytes)
    while let field = try? reader.next() {
      guard field.type == .lengthDelimited, let place = node.places[field.number] else {
        writer.bytes.append(contentsOf: bytes[field.range])
        continue
      }
      if let child = place.node {
        writer.field(field.number, rewritten(field.bytes, child, replace))
      } else {
        writer.field(field.number, replace(String(decoding: field.bytes, as: UTF8.self)))
      }
    }
    return writer.bytes
  }
}
