internal import FieldFormats
internal import PunosAPI
internal import PunosMessages
internal import RPC
internal import Terminal

/// Accounts as people name them on the command line: by id, external id, business id, domain, or a part of the name.
struct AccountFinder {
  let session: Session

  /// Most candidates shown: more is no choice but a list.
  private static let mostCandidates = 10

  /// The name to send for what a person wrote.
  ///
  /// - Parameter text: `accounts/…`, an account's id, `ext:SYSTEM:ID`, a Y-tunnus, LEI, VAT or D-U-N-S number, a
  ///   domain, or a part of the account's name.
  /// - Throws: ``CLIProblem`` with the candidates where more than one account fits.
  func name(of text: String) async throws -> String {
    if let certain = Self.certainName(text) { return certain }
    let hits = try await self.hits(text)
    let folded = Self.folded(text)
    let exact = hits.filter { Self.folded($0.title) == folded }
    if exact.count == 1 { return exact[0].record }
    let beginning = hits.filter { Self.folded($0.title).hasPrefix(folded) }
    if beginning.count == 1 { return beginning[0].record }
    let containing = hits.filter { Self.folded($0.title).contains(folded) }
    if containing.count == 1 { return containing[0].record }
    if hits.count == 1 { return hits[0].record }
    // What is no name may be an id; if it is not, the server says what is near.
    if hits.isEmpty {
      return "accounts/\(FieldFormat.resourceID.problem(in: text) == nil ? text : Self.asID(text))"
    }
    throw ambiguous(text, containing.isEmpty ? hits : containing)
  }

  /// The name where the text alone tells it; nil where it takes a search.
  static func certainName(_ text: String) -> String? {
    if text.hasPrefix("accounts/") { return text }
    if text.hasPrefix("ext:") || text.hasPrefix("id:") || text.hasPrefix("domain:") {
      return "accounts/\(text)"
    }
    switch FieldFormat.recognised(text) {
    case (.yTunnus, let id)?, (.lei, let id)?, (.vat, let id)?: return "accounts/id:\(id)"
    case (.domain, let domain)?: return "accounts/domain:\(domain)"
    default: break
    }
    // A sortable id as the server makes them: 26 letters and digits with at least one digit, no words.
    if text.utf8.count >= 20, text.contains(where: \.isNumber),
      FieldFormat.resourceID.problem(in: text) == nil
    {
      return "accounts/\(text)"
    }
    return nil
  }

  private func hits(_ text: String) async throws -> [SearchHit] {
    var request = SearchRequest()
    request.query = text
    request.kinds = ["account"]
    request.prefix = true
    request.pageSize = Int32(Self.mostCandidates)
    return try await session.searching.search(request, session.call).hits
  }

  private func ambiguous(_ text: String, _ hits: [SearchHit]) -> CLIProblem {
    CLIProblem(
      .conflict,
      Term(
        en: "More than one account fits “\(text)”:", fi: "Useampi kuin yksi asiakkuus sopii hakuun ”\(text)”:"
      ),
      details: hits.prefix(Self.mostCandidates).map { "\($0.title)  (\($0.record))" },
      remedy: Term(
        en: "Say more of the name, or name it by its id.", fi: "Anna nimestä enemmän, tai käytä tunnistetta.")
    )
  }

  /// Letters and digits of a text, for a lookup that will answer with the nearest names.
  private static func asID(_ text: String) -> String {
    let id = folded(text).map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    return id.isEmpty ? "-" : String(id.prefix(60))
  }

  /// Lower case, for comparisons.
  static func folded(_ text: String) -> String { text.lowercased() }
}
