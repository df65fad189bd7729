/// A list that the server gives a page at a time.
struct Pages<Record: Sendable>: Sendable {
  /// Most records asked for at once: what the server gives at most.
  static var largestPage: Int { 1000 }

  /// How many are wanted; 0 for all.
  let limit: Int
  /// Asks for a page of a size, after a token; gives its records, the next token, and how many there are in all.
  let fetch: @Sendable (Int32, String) async throws -> ([Record], String, Int64?)

  init(limit: Int, _ fetch: @escaping @Sendable (Int32, String) async throws -> ([Record], String, Int64?)) {
    self.limit = max(0, limit)
    self.fetch = fetch
  }

  /// Calls a function with each page until there are no more or enough.
  ///
  /// - Returns: how many there are in all where the server counted them, and whether some were left out.
  func forEach(_ body: ([Record]) async throws -> Void) async throws -> (total: Int64?, more: Bool) {
    var token = ""
    var left = limit == 0 ? Int.max : limit
    var total: Int64?
    while true {
      let (records, next, size) = try await fetch(Int32(min(left, Self.largestPage)), token)
      total = total ?? size
      try await body(Array(records.prefix(left)))
      left -= min(left, records.count)
      if next.isEmpty || next == token { return (total, false) }
      if left == 0 { return (total, true) }
      token = next
    }
  }
}
