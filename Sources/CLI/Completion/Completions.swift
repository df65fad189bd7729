internal import PunosAPI
internal import PunosMessages
internal import RPC
internal import Terminal

/// What shells offer behind a command.
enum Completions {
  /// How long a tab may take.
  private static let patience = Duration.milliseconds(800)
  /// How many names are offered.
  private static let mostNames: Int32 = 30

  /// Names of contexts.
  static func contexts() -> [String] {
    (try? ContextFile.load(ContextFile.path()))?.contexts.map(\.name) ?? []
  }

  /// Names of accounts for the shell that asks.
  ///
  /// - Parameters:
  ///   - word: what was typed so far of the name.
  ///   - words: the command line, which may name a context.
  static func accounts(_ word: String, in words: [String]) async -> [String] {
    let names = await accountNames(word, context: context(in: words))
    // bash takes one level of quotes off before it puts a word into the line; ArgumentParser names the shell.
    guard Environment.value("SAP_SHELL") == "bash" else { return names }
    return names.map { name in
      String(
        name.flatMap { $0.isLetter || $0.isNumber || "._-".contains($0) ? [$0] : ["\\", "\\", "\\", $0] })
    }
  }

  /// Names of accounts that begin with, or have, what was typed so far.
  ///
  /// - Parameters:
  ///   - word: what was typed so far, with or without a quote.
  ///   - context: the context to ask in; nil for the current one.
  /// - Returns: names; none where the server does not answer in time, because a tab must not complain.
  static func accountNames(_ word: String, context: String?) async -> [String] {
    let typed = String(word.filter { $0 != "'" && $0 != "\"" && $0 != "\\" })
    guard let session = try? Session(contextName: context, language: .english, format: .table, noColor: true)
    else { return [] }
    return (try? await find(typed, session)) ?? []
  }

  /// The context that a command line names; nil where it names none.
  static func context(in words: [String]) -> String? {
    for (index, word) in words.enumerated() {
      if word == "--context", index + 1 < words.count { return words[index + 1] }
      if word.hasPrefix("--context=") { return String(word.dropFirst("--context=".count)) }
    }
    return nil
  }

  private static func find(_ typed: String, _ session: Session) async throws -> [String] {
    let options = CallOptions(timeout: patience)
    if typed.isEmpty {
      var request = ListAccountsRequest()
      request.pageSize = mostNames
      return try await session.accounts.listAccounts(request, options).accounts.map(\.displayName)
    }
    var request = SearchRequest()
    request.query = typed
    request.kinds = ["account"]
    request.prefix = true
    request.pageSize = mostNames
    return try await session.searching.search(request, options).hits.map(\.title)
  }
}
