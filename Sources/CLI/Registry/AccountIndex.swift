internal import FieldFormats
internal import PunosAPI
internal import PunosMessages

/// Which accounts have a business id or LEI: a registry has millions of companies, we have thousands of accounts, so
/// the accounts are kept and the registry is read past them.
struct AccountIndex {
  private var names: [String: [String]] = [:]

  /// How many accounts can be found.
  private(set) var count = 0

  /// Asks the server for all accounts and their identifiers.
  init(_ session: Session) async throws {
    let pages = Pages(limit: 0) { size, token in
      var request = ListAccountsRequest()
      request.pageSize = size
      request.pageToken = token
      var mask = ProtoFieldMask()
      mask.paths = ["name", "identifiers"]
      request.readMask = mask
      // Records do not move while pages are read, whatever happens to their names.
      request.orderBy = "create_time"
      let answer = try await session.accounts.listAccounts(request, session.call)
      return (answer.accounts, answer.nextPageToken, answer.totalSize)
    }
    var all: [Account] = []
    _ = try await pages.forEach { all += $0 }
    for account in all { add(account) }
  }

  /// An index of accounts that are at hand.
  init(_ accounts: [Account]) {
    for account in accounts { add(account) }
  }

  private mutating func add(_ account: Account) {
    let keys = Set(account.identifiers.compactMap(Self.key))
    for key in keys { names[key, default: []].append(account.name) }
    if !keys.isEmpty { count += 1 }
  }

  /// What registries know a company by; a Finnish VAT number is its business id in other letters.
  private static func key(_ identifier: Identifier) -> String? {
    switch identifier.type {
    case .yTunnus, .lei: identifier.value
    case .vat where identifier.value.hasPrefix("FI"): FieldFormat.yTunnus.canonical(identifier.value)
    default: nil
    }
  }

  /// The accounts that a company is, by either of its ids; an id that two accounts share means both.
  func accounts(businessID: String?, lei: String?) -> [String] {
    var found: [String] = []
    for id in [businessID, lei].compactMap(\.self) {
      for name in names[id] ?? [] where !found.contains(name) { found.append(name) }
    }
    return found
  }
}
