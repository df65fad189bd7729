import FieldFormats
import ProtobufBridge
public import PunosMessages
public import Store

/// What contacts ask beyond the schema, and how an account sees them.
public struct ContactRules: NounRules {
  public static let kind = NounCatalog.contactKind

  public init() {}

  public func canonicalise(_ value: inout Contact) {
    // Written is only what changes: nearly nothing does, and the first write copies a contact.
    for (index, email) in value.emails.enumerated() {
      let address = FieldFormat.email.canonical(email.address)
      if let address, address != email.address { value.emails[index].address = address }
    }
    for (index, phone) in value.phones.enumerated() {
      let number = FieldFormat.phone.canonical(phone.number)
      if let number, number != phone.number { value.phones[index].number = number }
    }
    let language = FieldFormat.language.canonical(value.language)
    if let language, language != value.language { value.language = language }
  }

  public func problems(of value: Contact, _ world: RecordWorld) throws -> [FieldProblem] {
    var problems = Dates.problems(of: value.employments.map { ($0.validFrom, $0.validTo) }, in: "employments")
    for (index, phone) in value.phones.enumerated() where phone.number.isEmpty && phone.asWritten.isEmpty {
      problems.append(
        FieldProblem(
          path: "phones[\(index)].number", description: "a number was expected; nothing came",
          reason: "REQUIRED"))
    }
    return problems + overlaps(in: value.employments)
  }

  /// Two times at one account in the same title that overlap: the same fact told twice.
  private func overlaps(in employments: [Employment]) -> [FieldProblem] {
    var problems: [FieldProblem] = []
    for (index, employment) in employments.enumerated() {
      let clash = employments.prefix(index).firstIndex { earlier in
        earlier.account == employment.account && earlier.title == employment.title
          && (earlier.validTo.isEmpty || employment.validFrom < earlier.validTo)
          && (employment.validTo.isEmpty || earlier.validFrom < employment.validTo)
      }
      if let clash {
        problems.append(
          FieldProblem(
            path: "employments[\(index)]",
            description:
              "it overlaps employments[\(clash)] at the same account in the same title; end one of the two",
            reason: "OVERLAPPING_TENURES"))
      }
    }
    return problems
  }

  public func externalIDs(of value: Contact) -> [ExternalId] { value.externalIds }

  public func identities(of value: Contact) -> [Identity] {
    value.emails.map { Identity(index: "email", values: [.text($0.address)]) }
  }

  public func references(of value: Contact) -> [String] { value.employments.map(\.account) }

  public func replaceReferences(in value: inout Contact, _ replace: (String) -> String) {
    for index in value.employments.indices {
      value.employments[index].account = replace(value.employments[index].account)
    }
  }

  public func unite(_ incoming: Contact, into current: Contact) -> Contact {
    var result = current
    Unite.text(incoming.displayName, into: &result.displayName)
    Unite.text(incoming.givenName, into: &result.givenName)
    Unite.text(incoming.familyName, into: &result.familyName)
    Unite.text(incoming.language, into: &result.language)
    Unite.text(incoming.profession, into: &result.profession)
    Unite.text(incoming.ageGroup, into: &result.ageGroup)
    Unite.text(incoming.description, into: &result.description)
    if incoming.preferredChannel != .unspecified { result.preferredChannel = incoming.preferredChannel }
    // A source without a title speaks of the employment that is known, not of a second one.
    let untitled = incoming.employments.filter { employment in
      employment.title.isEmpty && result.employments.contains { $0.account == employment.account }
    }
    let told = incoming.employments.filter { !untitled.contains($0) }
      .map { Self.completed($0, from: current.employments) }
    Unite.list(told, into: &result.employments) { "\($0.account)|\($0.title)|\($0.validFrom)" }
    Unite.list(incoming.emails, into: &result.emails, by: \.address) { email, known in
      Unite.complete(&email.label, from: known.label)
    }
    Unite.list(
      incoming.phones, into: &result.phones, by: { $0.number.isEmpty ? $0.asWritten : $0.number }
    ) { phone, known in
      Unite.complete(&phone.label, from: known.label)
    }
    Unite.list(incoming.addresses, into: &result.addresses) { $0.label }
    Unite.list(incoming.tags, into: &result.tags) { $0 }
    Unite.list(incoming.externalIds, into: &result.externalIds) { $0.system }
    Unite.list(incoming.sources, into: &result.sources) { "\($0.path)|\($0.source)" }
    result.attributes.merge(incoming.attributes) { _, new in new }
    return result
  }

  /// An employment as a source tells it that does not say since when: it speaks of the one that goes on in the same title,
  /// and what it leaves out is known of that.
  private static func completed(_ told: Employment, from known: [Employment]) -> Employment {
    guard told.validFrom.isEmpty,
      let same = known.last(where: {
        $0.account == told.account && $0.title == told.title && $0.validTo.isEmpty
      })
    else { return told }
    var told = told
    told.validFrom = same.validFrom
    Unite.complete(&told.department, from: same.department)
    Unite.complete(&told.role, from: same.role)
    return told
  }

  public func consequences(
    of key: RecordKey, before: Contact?, after: Contact?, _ world: RecordWorld
  ) throws -> [CommitOperation] {
    let old = before.map { Set($0.employments.map(\.account)) } ?? []
    let new = after.map { Set($0.employments.map(\.account)) } ?? []
    var operations: [CommitOperation] = []
    for account in old.subtracting(new).sorted() {
      guard let projection = projectionKey(of: key, at: account, world) else { continue }
      // An account may have been deleted meanwhile with its shard still there: only a live projection goes.
      if try world.read(projection) != nil { operations.append(.delete(projection, expecting: .any)) }
    }
    operations += try CommitteeNames.following(before, after, world)
    guard let after else { return operations }
    for account in new.sorted() {
      guard let projection = projectionKey(of: key, at: account, world) else { continue }
      let seen = AccountContact(after, at: account, named: world.catalog.resourceName(of: projection))
      operations.append(.put(projection, body: seen.serialized(), expecting: .any))
    }
    return operations
  }

  private func projectionKey(of key: RecordKey, at account: String, _ world: RecordWorld) -> RecordKey? {
    guard let accountKey = world.catalog.key(of: account), accountKey.kind == NounCatalog.accountKind else {
      return nil
    }
    return RecordKey(account: accountKey.id, kind: NounCatalog.accountContactKind, id: key.id)
  }
}

extension AccountContact {
  /// A person as an account sees them.
  init(_ contact: Contact, at account: String, named name: String) {
    self.init()
    self.name = name
    self.contact = contact.name
    displayName = contact.displayName
    employments = contact.employments.filter { $0.account == account }
      .sorted { ($0.validTo.isEmpty ? 1 : 0, $0.validFrom) > ($1.validTo.isEmpty ? 1 : 0, $1.validFrom) }
    email = contact.emails.first?.address ?? ""
    phone = contact.phones.first.map { $0.number.isEmpty ? $0.asWritten : $0.number } ?? ""
    language = contact.language
    preferredChannel = contact.preferredChannel
  }
}
