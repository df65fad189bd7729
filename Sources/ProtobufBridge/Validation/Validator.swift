internal import FieldFormats

/// Checks encoded messages against the rules of the schema, all fields at once.
///
/// The rules are turned into plans when the validator is made; checking goes over the bytes once.
public final class Validator: Sendable {
  /// More violations than this are not listed: whoever sent them will not read on.
  public static let violationLimit = 100

  private let plans: [String: ValidationPlan]
  /// Patterns of the schema that do not compile, by field. Empty for a sound schema; a test sees to that.
  public let faults: [String]

  /// Makes plans for all messages of a schema.
  public init(_ schema: Schema) {
    var builder = ValidationPlan.Builder(schema)
    for message in schema.allMessages where !message.isMapEntry { _ = builder.plan(message) }
    plans = builder.plans
    faults = builder.faults
  }

  /// All rules that a message breaks, in the order of the wire, what is missing last.
  ///
  /// - Parameters:
  ///   - bytes: an encoded message. Fields that only the server writes are passed over.
  ///   - message: its full name or descriptor's; a message that the schema does not have breaks no rule.
  public func violations(in bytes: UnsafeRawBufferPointer, of message: MessageDescriptor) -> [FieldViolation]
  {
    var found: [FieldViolation] = []
    plans[message.fullName]?.check(bytes, &found)
    return found
  }

  /// As ``violations(in:of:)-buffer`` for an array.
  public func violations(in bytes: [UInt8], of message: MessageDescriptor) -> [FieldViolation] {
    bytes.withUnsafeBytes { violations(in: $0, of: message) }
  }

  /// All rules that a message breaks.
  public func violations<M: Message>(in message: M) -> [FieldViolation] {
    guard let plan = plans[M.fullName] else { return [] }
    var found: [FieldViolation] = []
    message.serialized().withUnsafeBytes { plan.check($0, &found) }
    return found
  }
}

/// What is to be checked of one message type.
///
/// @unchecked Sendable: it changes only while `Validator.init` builds it.
final class ValidationPlan: @unchecked Sendable {
  /// What is to be checked of one field. A class: it is looked at for every field of every message that comes, and a
  /// value of so many parts would be copied each time.
  final class Field {
    let field: FieldDescriptor
    var required = false
    var items: FieldRule.Length?
    var length: FieldRule.Length?
    var range: FieldRule.Span?
    var pattern: Pattern?
    var format: FieldFormat?
    var multiline = false
    var knownEnum = false
    var references: [ResourceShape] = []
    /// Whether it, or a field around it, is personal.
    var isPersonal = false
    /// Where its occurrences are counted, if they are.
    var counter: Int?
    var inner: ValidationPlan?
    /// For a map: what is to be checked of the key and of the value.
    var key: [Field] = []
    var value: [Field] = []

    init(field: FieldDescriptor) { self.field = field }
  }

  var fields: [Field] = []
  /// Position in `fields` plus one by field number, zero where nothing is to be checked.
  var dense: [UInt16] = []
  var sparse: [UInt32: Int] = [:]
  var counters = 0

  func position(_ number: UInt32) -> Int? {
    if number < UInt32(truncatingIfNeeded: dense.count) {
      let position = Int(dense[Int(number)])
      return position == 0 ? nil : position - 1
    }
    return sparse.isEmpty ? nil : sparse[number]
  }
}

/// The resource names of one kind: `accounts/{account}/contacts/{id}`, with the collections in between.
struct ResourceShape: Sendable {
  let collections: [String]

  /// The shape in words.
  var pattern: String { collections.map { "\($0)/{id}" }.joined(separator: "/") }

  func matches(_ name: UnsafeRawBufferPointer) -> Bool {
    var rest = name[...]
    for (index, collection) in collections.enumerated() {
      guard let segment = Self.segment(&rest), segment.elementsEqual(collection.utf8), !rest.isEmpty else {
        return false
      }
      let isLast = index == collections.count - 1
      guard let id = isLast ? UnsafeRawBufferPointer(rebasing: rest) : Self.segment(&rest),
        FieldFormat.resourceID.problem(in: id.bindMemory(to: UInt8.self).span) == nil
      else { return false }
    }
    return true
  }

  /// What comes before the next slash, which is taken too; nil where there is none.
  private static func segment(_ rest: inout Slice<UnsafeRawBufferPointer>) -> UnsafeRawBufferPointer? {
    guard let slash = rest.firstIndex(of: UInt8(ascii: "/")) else { return nil }
    defer { rest = rest[(slash + 1)...] }
    return UnsafeRawBufferPointer(rebasing: rest[..<slash])
  }
}

extension ValidationPlan {
  /// Builds the plans of a schema, each once.
  struct Builder {
    let schema: Schema
    var plans: [String: ValidationPlan] = [:]
    var faults: [String] = []
    private var shapes: [String: ResourceShape] = [:]
    private var patterns: [String: Pattern] = [:]

    init(_ schema: Schema) {
      self.schema = schema
      for message in schema.records {
        guard let record = message.record else { continue }
        let isInAccount = record.scope == .account && record.collection != "accounts"
        shapes[record.kind] = ResourceShape(
          collections: isInAccount ? ["accounts", record.collection] : [record.collection])
      }
    }

    mutating func plan(_ message: MessageDescriptor) -> ValidationPlan {
      if let plan = plans[message.fullName] { return plan }
      let plan = ValidationPlan()
      // Set before the fields are looked at: a schema with a cycle ends here and not in the stack's end.
      plans[message.fullName] = plan
      for field in message.fields {
        guard let checked = self.field(field, of: message) else { continue }
        if checked.required || checked.items != nil {
          checked.counter = plan.counters
          plan.counters += 1
        }
        plan.fields.append(checked)
        let position = plan.fields.count
        if field.number < MessageDescriptor.denseLimit {
          while plan.dense.count <= Int(field.number) { plan.dense.append(0) }
          plan.dense[Int(field.number)] = UInt16(truncatingIfNeeded: position)
        } else {
          plan.sparse[field.number] = position - 1
        }
      }
      return plan
    }

    /// Nil where there is nothing to check.
    private mutating func field(_ field: FieldDescriptor, of message: MessageDescriptor) -> Field? {
      let rule = field.rule ?? FieldRule()
      if rule.outputOnly { return nil }
      let checked = Field(field: field)
      checked.required = rule.required
      checked.items = field.isRepeated ? rule.items : nil
      checked.length = rule.length
      checked.range = rule.range
      checked.multiline = rule.multiline
      checked.knownEnum = rule.knownEnum
      checked.isPersonal = rule.personal != nil
      checked.format = FieldFormat(option: rule.format)
      checked.references = rule.refersTo.compactMap { shapes[$0] }
      if !rule.pattern.isEmpty {
        checked.pattern = pattern(rule.pattern, "\(message.fullName).\(field.name)")
      }
      if field.isMap {
        checked.key = field.message?.field(1).flatMap { mapPart($0, checked) }.map { [$0] } ?? []
        checked.value = field.message?.field(2).flatMap { self.field($0, of: message) }.map { [$0] } ?? []
      } else if let inner = field.message {
        checked.inner = plan(inner)
      }
      let isText = field.type == .string
      let hasRules =
        checked.required || checked.items != nil || checked.length != nil || checked.range != nil
        || checked.knownEnum || field.type == .message
      return isText || hasRules ? checked : nil
    }

    /// Rules of a map that are about texts are about its keys.
    private func mapPart(_ key: FieldDescriptor, _ map: Field) -> Field? {
      guard key.type == .string else { return nil }
      let part = Field(field: key)
      part.length = map.length
      part.pattern = map.pattern
      part.format = map.format
      part.isPersonal = map.isPersonal
      return part
    }

    private mutating func pattern(_ text: String, _ place: String) -> Pattern? {
      if let known = patterns[text] { return known }
      do throws(Pattern.Fault) {
        let compiled = try Pattern(text)
        patterns[text] = compiled
        return compiled
      } catch {
        faults.append("\(place): \(error)")
        return nil
      }
    }
  }
}

extension FieldFormat {
  /// The format of a number of `punos.options.v1.Format`; nil for none.
  init?(option number: UInt64) {
    let all: [FieldFormat] = [
      .email, .phone, .country, .currency, .language, .domain, .url, .yTunnus, .lei, .duns, .vat, .date,
      .resourceID,
    ]
    guard number >= 1, number <= UInt64(all.count) else { return nil }
    self = all[Int(number) - 1]
  }
}
