import ProtobufBridge

/// Takes a person's data out of bodies of one kind, going by the schema's personal fields.
///
/// A record that is the person's own, or that must name the person, goes altogether. Of any other the fields that are
/// personal data of this person are dropped; an element of a list that is about the person (who took part in a
/// meeting) goes as a whole, one that merely names the person (who leads a stage of a purchase) loses the name, and of
/// a list of names only this one goes. The rest stays byte for byte.
struct PersonEraser: Sendable {
  private struct Rule: Sendable {
    /// Number of the field that names the person.
    var subjectField: UInt32
    /// Whether the message is nothing without the person.
    var isWhole: Bool
    /// Numbers of the person's fields, without the one that names the person.
    var personalFields: Set<UInt32>
  }

  /// What is personal in a message, and in the messages inside it.
  private struct Node: Sendable {
    var rules: [Rule] = []
    var children: [UInt32: Node] = [:]
    /// Inside a record, what is personal of somebody whom the record itself names (the reasons why a handover with a
    /// person in it came back): by the record's field that names them, the numbers of fields that go with them.
    var ofRecord: [UInt32: Set<UInt32>] = [:]
    var isEmpty: Bool { rules.isEmpty && children.isEmpty && ofRecord.isEmpty }
  }

  private let root: Node

  init(_ message: MessageDescriptor) { root = Self.node(message, in: nil) }

  /// - Parameter record: the record that the message lies in; nil: it is the record.
  private static func node(_ message: MessageDescriptor, in record: MessageDescriptor?) -> Node {
    let isRecord = record == nil
    var fields: [String: Set<UInt32>] = [:]
    for field in message.fields {
      guard let personal = field.rule?.personal, personal.subject == .contact else { continue }
      // Inside a record only fields that say of whom they are stand for themselves; others go with the record's.
      if personal.of.isEmpty, !isRecord { continue }
      fields[personal.of.isEmpty ? "name" : personal.of, default: []].insert(field.number)
    }
    var node = Node()
    node.rules = fields.sorted { $0.key < $1.key }.compactMap { path, numbers in
      guard let subject = message.field(named: path) else { return nil }
      let isOwn = isRecord && path == "name"
      let more = numbers.subtracting([subject.number])
      // What is inside a record and says more of a person than who it is, is about the person.
      let isAbout = !isRecord && !more.isEmpty
      return Rule(
        subjectField: subject.number, isWhole: isAbout || isOwn || subject.rule?.required == true,
        personalFields: more)
    }
    if let record {
      for (path, numbers) in fields where message.field(named: path) == nil {
        if let subject = record.field(named: path) { node.ofRecord[subject.number] = numbers }
      }
    }
    for field in message.fields {
      // The generator refuses recursive messages, so this ends.
      guard let inner = field.message, !inner.fullName.hasPrefix("google.protobuf.") else { continue }
      let child = Self.node(inner, in: record ?? message)
      if !child.isEmpty { node.children[field.number] = child }
    }
    return node
  }

  /// Paths of the fields that name persons, whose data the record holds.
  static func subjectPaths(_ message: MessageDescriptor) -> [String] {
    paths(node(message, in: nil), message, prefix: "").sorted()
  }

  private static func paths(_ node: Node, _ message: MessageDescriptor, prefix: String) -> [String] {
    let own = node.rules.compactMap { rule in message.field(rule.subjectField).map { prefix + $0.name } }
    return node.children.reduce(into: own) { found, child in
      guard let field = message.field(child.key), let inner = field.message else { return }
      found += paths(child.value, inner, prefix: prefix + field.name + ".")
    }
  }

  /// - Returns: `.removed`, or the body without the person's fields.
  func erase(_ subject: String, from body: [UInt8]) throws(UnreadableBody) -> ErasedBody {
    let result: Result<ErasedBody, WireFault> = body.withUnsafeBytes { buffer in
      do throws(WireFault) {
        let rest = try Self.rest(of: buffer, root, subject, namedBy: nil)
        return .success(rest.map { .rewritten($0) } ?? .removed)
      } catch {
        return .failure(error)
      }
    }
    switch result {
    case .success(let erased): return erased
    case .failure(let fault): throw UnreadableBody(fault: String(describing: fault))
    }
  }

  /// What is left of a message; nil where it goes altogether.
  ///
  /// - Parameter record: the record's fields that name the person; nil: the message is the record.
  private static func rest(
    of buffer: UnsafeRawBufferPointer, _ node: Node, _ subject: String, namedBy record: Set<UInt32>?
  ) throws(WireFault) -> [UInt8]? {
    var dropped = (record ?? []).reduce(into: Set<UInt32>()) { $0.formUnion(node.ofRecord[$1] ?? []) }
    var naming: Set<UInt32> = []
    var reader = WireReader(buffer)
    while let field = try reader.next() {
      for rule in node.rules
      where rule.subjectField == field.number && field.bytes.elementsEqual(subject.utf8) {
        if rule.isWhole { return nil }
        dropped.formUnion(rule.personalFields)
        naming.insert(rule.subjectField)
      }
    }
    var writer = WireWriter(reserving: buffer.count)
    reader = WireReader(buffer)
    while let field = try reader.next() {
      if dropped.contains(field.number) { continue }
      if naming.contains(field.number), field.bytes.elementsEqual(subject.utf8) { continue }
      guard let child = node.children[field.number], field.type == .lengthDelimited else {
        writer.bytes.append(contentsOf: buffer[field.range])
        continue
      }
      guard let inner = try Self.rest(of: field.bytes, child, subject, namedBy: record ?? naming) else {
        continue
      }
      if inner.count == field.bytes.count {
        writer.bytes.append(contentsOf: buffer[field.range])
      } else {
        writer.field(field.number, inner)
      }
    }
    return writer.bytes
  }
}
