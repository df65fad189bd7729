import ProtobufBridge

/// Takes a person's data out of bodies of one kind, going by the schema's personal fields.
///
/// A record that is the person's own, or that must name the person, goes altogether; of any other the fields that
/// are personal data of this person are dropped, and the rest stays byte for byte. Of a list of persons only this one
/// goes.
struct PersonEraser: Sendable {
  private struct Rule: Sendable {
    /// Number of the field that names the person.
    var subjectField: UInt32
    /// Whether the record is nothing without the person.
    var isWhole: Bool
    /// Numbers of the person's fields, without the one that names the person.
    var personalFields: Set<UInt32>
  }

  private let rules: [Rule]

  init(_ message: MessageDescriptor) {
    var fields: [String: Set<UInt32>] = [:]
    for field in message.fields {
      guard let personal = field.rule?.personal, personal.subject == .contact else { continue }
      fields[personal.of.isEmpty ? "name" : personal.of, default: []].insert(field.number)
    }
    rules = fields.sorted { $0.key < $1.key }.compactMap { path, numbers in
      guard let subject = message.field(named: path) else { return nil }
      return Rule(
        subjectField: subject.number, isWhole: path == "name" || subject.rule?.required == true,
        personalFields: numbers.subtracting([subject.number]))
    }
  }

  /// - Returns: `.removed`, or the body without the person's fields.
  func erase(_ subject: String, from body: [UInt8]) throws(UnreadableBody) -> ErasedBody {
    let result: Result<ErasedBody, WireFault> = body.withUnsafeBytes { buffer in
      do throws(WireFault) {
        return .success(try erase(subject, from: buffer))
      } catch {
        return .failure(error)
      }
    }
    switch result {
    case .success(let erased): return erased
    case .failure(let fault): throw UnreadableBody(fault: String(describing: fault))
    }
  }

  private func erase(_ subject: String, from buffer: UnsafeRawBufferPointer) throws(WireFault) -> ErasedBody {
    var dropped: Set<UInt32> = []
    var naming: Set<UInt32> = []
    var reader = WireReader(buffer)
    while let field = try reader.next() {
      for rule in rules where rule.subjectField == field.number && field.bytes.elementsEqual(subject.utf8) {
        if rule.isWhole { return .removed }
        dropped.formUnion(rule.personalFields)
        naming.insert(rule.subjectField)
      }
    }
    var rest: [UInt8] = []
    reader = WireReader(buffer)
    while let field = try reader.next() {
      let isName = naming.contains(field.number) && field.bytes.elementsEqual(subject.utf8)
      if !isName, !dropped.contains(field.number) { rest.append(contentsOf: buffer[field.range]) }
    }
    return .rewritten(rest)
  }
}
