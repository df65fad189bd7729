internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import RPC
internal import Terminal

/// A kind of record on the command line. Its commands, its page and its export come from the schema; what a kind says
/// itself is what it is called, and which columns its list has.
protocol CLINoun: Sendable {
  associatedtype Client: StandardClient where Client.Record == Record
  associatedtype Record: NamedRecord

  /// The command, singular: "commitment".
  static var command: String { get }
  /// One of them: "promise", "lupaus".
  static var one: Term { get }
  /// What the command's help says first.
  static var abstract: Term { get }
  /// The columns of its lists; the record's id comes behind them.
  static var columns: [NounColumn<Record>] { get }
  /// Several of them: "promises", "lupaukset".
  static var many: Term { get }
  /// The ids that other systems know a record by.
  static func externalIDs(_ record: Record) -> [ExternalId]
  /// Those of an account's records that its page shows, most telling first.
  static func shown(in view: AccountView) -> [Record]
  /// What people call a record.
  static func title(_ record: Record) -> String
  /// Names of other records that its columns show by what people call them.
  static func named(in record: Record) -> [String]
  /// Whether lists show the id whole, in a line of its own where there is no other room.
  static var idIsWhole: Bool { get }
  /// The page of `show`; the usual one tells every field that is set.
  static func page(_ record: Record, _ writing: Writing) -> Page
}

/// What every record has.
protocol NamedRecord: Message {
  var name: String { get set }
  var etag: String { get set }
  var deleteTime: ProtoTimestamp? { get }
  var updateTime: ProtoTimestamp? { get }
}

/// A column of a list.
struct NounColumn<Record: Message>: Sendable {
  /// Heading and layout.
  let column: Listing.Column
  /// Whether the page of an account shows it too; what is the same in all of its records it does not.
  let isOnAccountPage: Bool
  /// A record's text.
  let text: @Sendable (Record, Writing) -> String

  init(
    _ column: Listing.Column, isOnAccountPage: Bool = true,
    _ text: @escaping @Sendable (Record, Writing) -> String
  ) {
    self.column = column
    self.isOnAccountPage = isOnAccountPage
    self.text = text
  }
}

extension CLINoun {
  static func externalIDs(_ record: Record) -> [ExternalId] { [] }
  static func shown(in view: AccountView) -> [Record] { [] }
  static func named(in record: Record) -> [String] { [] }
  static var idIsWhole: Bool { false }

  /// The kind's name in the schema.
  static var kind: String { Record.descriptor?.record?.kind ?? "" }
  /// The segment of its resource names.
  static var collection: String { Record.descriptor?.record?.collection ?? "" }
  /// The field that is its title; empty where there is none.
  static var titleField: String { Record.descriptor?.record?.title ?? "" }
  /// Whether its records lie in accounts.
  static var isInAccount: Bool { Record.descriptor?.record?.scope == .account }

  /// The schema's description of its records.
  static var descriptor: MessageDescriptor? { Record.descriptor }

  static func page(_ record: Record, _ writing: Writing) -> Page {
    RecordPage(record: record, title: title(record), writing: writing).page()
  }
}

/// A kind's records in rows.
struct NounRows<Noun: CLINoun>: RecordRows {
  private var writing: Writing
  let columns: [Listing.Column]

  init(_ language: Language) {
    writing = Writing(language)
    let id = Listing.Column(
      "name", en: "Id", fi: "Id", expendability: Noun.idIsWhole ? 0 : 5, minimum: 26,
      goesBelow: Noun.idIsWhole)
    columns = Noun.columns.map(\.column) + [id]
  }

  func naming(_ records: [Noun.Record], _ session: Session) async throws -> Self {
    var rows = self
    rows.writing.titles = try await RecordTitles(session).adding(
      records.flatMap(Noun.named), to: writing.titles)
    return rows
  }

  func row(_ record: Noun.Record) -> [String] {
    var row = Noun.columns.map { $0.text(record, writing) }
    if record.deleteTime != nil, !row.isEmpty {
      row[0] += writing.language.say(en: " (deleted)", fi: " (poistettu)")
    }
    return row + [RecordNames.short(record.name)]
  }
}

extension ProtoEnum {
  /// The value in words; empty where it is not set, its number where this version does not know it.
  func title(_ language: Language) -> String {
    if rawValue == 0 { return "" }
    guard let name = Schema.shared.enumeration(Self.fullName)?.name(of: rawValue) else {
      return "(\(rawValue))"
    }
    return FieldNames.enumTitle(name, language) ?? name.lowercased()
  }
}

/// Names of records as the command line shows and takes them.
enum RecordNames {
  /// `ACCOUNT/ID` for `accounts/ACCOUNT/collection/ID`, the id for a record outside accounts.
  static func short(_ name: String) -> String {
    let parts = name.split(separator: "/")
    switch parts.count {
    case 4: return "\(parts[1])/\(parts[3])"
    case 2: return String(parts[1])
    default: return name
    }
  }

  /// `accounts/ACCOUNT` of a record that lies in it.
  static func account(of name: String) -> String {
    name.split(separator: "/").prefix(2).joined(separator: "/")
  }
}
