import ProtobufBridge
public import PunosAPI
public import PunosMessages
public import RPC
import Store

/// Answers `punos.v1.SearchService`.
public struct SearchHandler: SearchServiceHandler {
  private let world: ServiceWorld

  /// Hits on a page where the caller does not say: a screen.
  static let defaultPageSize = 20

  public init(_ world: ServiceWorld) { self.world = world }

  public func search(_ request: SearchRequest, _ context: CallContext) async throws -> SearchResponse {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .read, "search")
      return try await answer(request, caller)
    }
  }

  private func answer(_ request: SearchRequest, _ caller: Principal) async throws(Problem) -> SearchResponse {
    var envelope = request
    envelope.pageToken = ""
    envelope.pageSize = 0
    let identity = ["search", Hex.text(envelope.serialized())]
    var query = SearchQuery(text: request.query, isTyping: request.prefix)
    query.kinds = try kinds(request.kinds)
    query.accounts = try await accounts(request.accounts, caller)
    query.teams = request.teams
    query.since = request.since?.moment
    query.until = request.until?.moment
    query.limit = request.pageSize > 0 ? Int(request.pageSize) : Self.defaultPageSize
    query.after = try PageToken.read(request.pageToken, for: identity).map { ListPosition(bytes: $0) }
    var response = SearchResponse()
    do {
      // Hits that are withheld from the caller are left out: even that they fit would tell what they say. Another
      // page is looked at then, so that a page is short only where little else fits.
      for _ in 0..<Self.maximumPagesLookedAt {
        let answer = try await world.store.search(query, in: caller.tenant)
        let seen = try answer.hits.filter { hit in
          try world.withholding(of: hit.key, hit.record.body, from: caller, isCurrent: true) == nil
        }
        response.hits += seen.map { message($0, caller) }
        response.bounded = response.bounded || answer.isBounded
        query.after = answer.next
        query.limit -= seen.count
        if query.after == nil || query.limit <= 0 || seen.count == answer.hits.count { break }
      }
    } catch {
      throw .from(error, world.catalog)
    }
    response.nextPageToken = query.after.map { PageToken(position: $0.bytes).text(for: identity) } ?? ""
    return response
  }

  /// Pages of the store that one page of an answer is made from, where hits are withheld: then the caller pages on.
  static let maximumPagesLookedAt = 5

  private func kinds(_ names: [String]) throws(Problem) -> [RecordKind] {
    var kinds: [RecordKind] = []
    for (index, name) in names.enumerated() {
      guard let noun = world.catalog.noun(named: name) else {
        throw .unknownKind(at: "kinds[\(index)]", known: world.catalog.names)
      }
      kinds.append(noun.kind)
    }
    return kinds
  }

  private func accounts(_ names: [String], _ caller: Principal) async throws(Problem) -> [String] {
    var accounts: [String] = []
    for (index, name) in names.enumerated() {
      let resolved = try await References(world, caller).resolve(name)
      guard let account = world.catalog.key(of: resolved)?.account else {
        throw .badName(name, field: "accounts[\(index)]", expected: "accounts/{account}")
      }
      accounts.append(account)
    }
    return accounts
  }

  private func message(_ hit: StoredHit, _ caller: Principal) -> PunosMessages.SearchHit {
    var message = PunosMessages.SearchHit()
    message.record = world.catalog.resourceName(of: hit.key)
    message.score = hit.score
    if let noun = world.catalog.nouns[hit.key.kind] {
      message.kind = noun.name
      message.title = ChangeTelling(world: world).title(of: hit.record.body, noun)
    }
    if let account = hit.key.account {
      message.account = "accounts/\(account)"
      if let key = NounCatalog.accountKey(account), let noun = world.catalog.nouns[key.kind],
        let record = try? world.store.readLive(key, in: caller.tenant)
      {
        message.accountTitle = ChangeTelling(world: world).title(of: record.body, noun)
      }
    }
    message.snippets = hit.snippets.map { snippet in
      var told = Snippet()
      told.field = snippet.field
      told.text = snippet.text
      told.highlights = snippet.highlights.map { highlight($0, in: snippet.text) }
      return told
    }
    return message
  }

  /// Bytes of UTF-8 as the store counts, to Unicode scalars as clients of every language can.
  private func highlight(_ range: Range<Int>, in text: String) -> Highlight {
    var highlight = Highlight()
    highlight.start = Int32(clamping: scalars(before: range.lowerBound, in: text))
    highlight.end = Int32(clamping: scalars(before: range.upperBound, in: text))
    return highlight
  }

  private func scalars(before offset: Int, in text: String) -> Int {
    // Every scalar has exactly one byte that is not a continuation byte.
    text.utf8.prefix(offset).reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
  }
}
