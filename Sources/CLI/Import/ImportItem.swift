internal import DataFiles
internal import PunosMessages

/// A record on its way from a file to the server.
struct ImportItem: Sendable {
  /// The record.
  enum Record: Sendable {
    case account(Account)
    case contact(Contact)
    case noun(NounRecord)
  }

  /// The record as it is sent.
  var record: Record
  /// The line of the file it comes from.
  var line: Int
  /// What must be found before it can be sent: places in `parents` or `employments`, and what is known.
  var references: [Reference] = []
  /// How it is taken where it is not there yet.
  var newRecords = NewRecords.unspecified
  /// Whether an export tells it as deleted.
  var isDeleted = false
  /// Whether it was deleted on the server, and this import has brought it back.
  var isRevived = false
  /// Where it came from and what was done to its values, for kinds that have no field for it; empty for others.
  var provenance = ""

  /// What the records of one call have in common.
  struct Manner: Hashable {
    var newRecords: NewRecords
    var provenance: String
  }

  /// How it is sent.
  var manner: Manner { Manner(newRecords: newRecords, provenance: provenance) }

  /// A reference to an account.
  struct Reference: Sendable {
    var place: Int
    var lookup: ImportedValue.Lookup
    var column: String?

    /// What the file says.
    var told: String {
      switch lookup {
      case .name(let name): name
      case .externalID(let system, let id): "\(system) \(id)"
      case .identifier(_, let value): value
      }
    }
  }

  /// Its kind's name in the schema.
  var kind: String {
    switch record {
    case .account: "account"
    case .contact: "contact"
    case .noun(let noun): noun.kind
    }
  }

  /// Its resource name; empty where it has none yet.
  var name: String {
    switch record {
    case .account(let account): account.name
    case .contact(let contact): contact.name
    case .noun(let noun): noun.name
    }
  }

  /// What tells it apart from others in one batch: the server takes each record once in a batch.
  var keys: [String] {
    switch record {
    case .account(let account):
      (account.name.isEmpty ? [] : [account.name]) + account.externalIds.map { $0.system + ":" + $0.id }
        + account.identifiers.map(\.value)
    case .contact(let contact):
      (contact.name.isEmpty ? [] : [contact.name]) + contact.externalIds.map { $0.system + ":" + $0.id }
        + contact.emails.map { $0.address.lowercased() }
    case .noun(let noun): noun.keys
    }
  }

  /// The record's title, for people.
  var title: String {
    switch record {
    case .account(let account): account.displayName
    case .contact(let contact): contact.displayName
    case .noun(let noun): noun.title
    }
  }

  /// Accounts that it refers to by name, as they are sent.
  var accountNames: [String] {
    switch record {
    case .account(let account): account.parents.map(\.account)
    case .contact(let contact): contact.employments.map(\.account)
    case .noun(let noun): noun.account.isEmpty ? [] : [noun.account]
    }
  }

  /// Writes what references were found to be.
  mutating func refer(to name: String, at place: Int) {
    switch record {
    case .account(var account):
      if place < account.parents.count { account.parents[place].account = name }
      record = .account(account)
    case .contact(var contact):
      if place < contact.employments.count { contact.employments[place].account = name }
      record = .contact(contact)
    case .noun(var noun):
      noun.account = name
      record = .noun(noun)
    }
  }

  /// Leaves out references to accounts that fit a condition.
  mutating func dropReferences(where fits: (String) -> Bool) {
    switch record {
    case .account(var account):
      account.parents.removeAll { fits($0.account) }
      record = .account(account)
    case .contact(var contact):
      contact.employments.removeAll { fits($0.account) }
      record = .contact(contact)
    // Such a record cannot do without its account: the server says that it is not there.
    case .noun: return
    }
  }
}

/// What a file gives next.
enum ImportedThing: Sendable {
  /// A record.
  case item(ImportItem)
  /// A row that cannot be imported, or part of it that was left as it was.
  case problem(RecordProblem, isWarning: Bool)

  /// The line of the file it is about.
  var line: Int {
    switch self {
    case .item(let item): item.line
    case .problem(let problem, _): problem.position.line
    }
  }

  /// Whether it is a record.
  var isItem: Bool {
    if case .item = self { true } else { false }
  }
}
