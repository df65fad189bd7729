internal import DataFiles
internal import PunosAPI
internal import PunosMessages
internal import RPC

/// Finds accounts that rows of a file refer to, by what the file knows of them.
struct ReferenceResolver {
  /// What came of a reference.
  enum Finding: Sendable, Hashable {
    /// The name to send.
    case name(String)
    /// No account is known by that; perhaps a later row of the file is it.
    case unknown
    /// More than one fits.
    case ambiguous
  }

  /// How many answers are remembered: names of employers in a large file; forgetting some only costs asking again.
  private static let remembered = 200_000

  private let session: Session
  private var found: [String: Finding] = [:]
  /// Accounts of this run by their names, folded: a file's own rows refer to each other by name.
  private var ownNames: [String: Finding] = [:]
  /// The same by names whose legal form is spelt the usual way: one column has `Kuura OY`, the next `Kuura Oy`.
  private var ownUsualNames: [String: Finding] = [:]

  init(_ session: Session) { self.session = session }

  /// Tells of an account that this run sends.
  mutating func note(_ account: Account) {
    let name = account.externalIds.first.map { "accounts/ext:\($0.system):\($0.id)" } ?? account.name
    guard ownNames.count < Self.remembered, !name.isEmpty else { return }
    Self.remember(DataText.folded(account.displayName), .name(name), in: &ownNames)
    Self.remember(Self.usual(account.displayName), .name(name), in: &ownUsualNames)
  }

  private static func remember(_ key: String, _ finding: Finding, in names: inout [String: Finding]) {
    guard !key.isEmpty else { return }
    names[key] = names[key].map { $0 == finding ? finding : .ambiguous } ?? finding
  }

  /// What spellings of a company's name have in common.
  private static func usual(_ name: String) -> String { DataText.folded(LegalForms.usual(name)) }

  /// The account that a lookup means.
  mutating func resolve(_ lookup: ImportedValue.Lookup) async throws -> Finding {
    switch lookup {
    case .externalID(let system, let id): return .name("accounts/ext:\(system):\(id)")
    case .identifier("domain", let value): return .name("accounts/domain:\(value)")
    case .identifier(_, let value): return .name("accounts/id:\(value)")
    case .name(let text):
      if let certain = AccountFinder.certainName(text) { return .name(certain) }
      let folded = DataText.folded(text)
      if let own = ownNames[folded] ?? ownUsualNames[Self.usual(text)] { return own }
      if let known = found[folded] { return known }
      let finding = try await ask(text, folded)
      // What is unknown now may be created by a later row.
      if finding != .unknown {
        if found.count >= Self.remembered { found = [:] }
        found[folded] = finding
      }
      return finding
    }
  }

  private func ask(_ text: String, _ folded: String) async throws -> Finding {
    var request = SearchRequest()
    request.query = String(text.prefix(400))
    request.kinds = ["account"]
    request.pageSize = 10
    let hits = try await session.searching.search(request, session.call).hits
    // The very name counts for more than one whose legal form is spelt another way.
    let same = hits.filter { DataText.folded($0.title) == folded }
    let exact = same.isEmpty ? hits.filter { Self.usual($0.title) == Self.usual(text) } : same
    if exact.count == 1 { return .name(exact[0].record) }
    if exact.count > 1 { return .ambiguous }
    var list = ListAccountsRequest()
    list.filter = "display_name = \"\(text.filter { $0 != "\"" && $0 != "\\" && $0 != "*" })\""
    list.pageSize = 2
    let accounts = try await session.accounts.listAccounts(list, session.call).accounts
    switch accounts.count {
    case 0: return .unknown
    case 1: return .name(accounts[0].name)
    default: return .ambiguous
    }
  }
}
