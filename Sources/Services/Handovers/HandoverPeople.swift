import ProtobufBridge
import PunosMessages
import Store

/// Finds the people at the customer of whom the items of a handover speak, so that what was said of a person is shown
/// to them, and goes with them.
///
/// An item speaks of whoever it links to, and of whoever a linked record says something personal of (a committee member,
/// an insight about somebody), for it may repeat that. A promise that merely names to whom it was given is not about
/// that person.
struct HandoverPeople {
  private let world: RecordWorld

  init(_ world: RecordWorld) { self.world = world }

  /// Writes the people into each item, and all of them into the handover.
  func name(in handover: inout Handover) throws {
    for index in handover.items.indices {
      let item = handover.items[index]
      let records = item.links + item.evidence.map(\.record).filter { !$0.isEmpty }
      handover.items[index].contacts = Set(try records.flatMap { try people(of: $0) }).sorted()
    }
    handover.contacts = Set(handover.items.flatMap(\.contacts)).sorted()
  }

  /// Whom a record is, or is about.
  private func people(of name: String) throws -> [String] {
    guard let key = world.catalog.key(of: name), let noun = world.catalog.nouns[key.kind] else { return [] }
    if key.kind == NounCatalog.contactKind { return [name] }
    let fields = Self.subjects(of: noun)
    guard !fields.isEmpty, let record = try world.read(key) else { return [] }
    return Self.texts(in: record.body, fields, unless: Self.withholding(of: noun))
  }

  /// Numbers of the fields that name persons of whom the record says something personal besides. A tie says by itself
  /// something of both.
  private static func subjects(of noun: Noun) -> Set<UInt32> {
    var said: [String: Set<UInt32>] = [:]
    for field in noun.message.fields {
      guard let personal = field.rule?.personal, personal.subject == .contact, !personal.of.isEmpty else {
        continue
      }
      said[personal.of, default: []].insert(field.number)
    }
    return Set(
      said.compactMap { path, fields -> UInt32? in
        guard let subject = noun.message.field(named: path)?.number else { return nil }
        let isTie = noun.kind == NounCatalog.relationshipKind
        return isTie || !fields.subtracting([subject]).isEmpty ? subject : nil
      })
  }

  /// The field that narrows who may see a record. Whom a narrowed one is about is for those who may see it to say.
  private static func withholding(of noun: Noun) -> UInt32? {
    noun.message.fields.first { $0.message?.fullName == Withholding.fullName }?.number
  }

  private static func texts(in body: [UInt8], _ fields: Set<UInt32>, unless closed: UInt32?) -> [String] {
    body.withUnsafeBytes { buffer in
      var found: [String] = []
      var reader = WireReader(buffer)
      while let field = try? reader.next() {
        if field.number == closed { return [] }
        if fields.contains(field.number) { found.append(String(decoding: field.bytes, as: UTF8.self)) }
      }
      return found
    }
  }
}
