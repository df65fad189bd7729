import Foundation
import Store

/// Questions of one sort.
struct QuerySet {
  var name: String
  var queries: [SearchQuery]
  /// Whether plain FTS5 can answer them, and how many of them it is asked.
  var isPlain = false
  var plainCount = 20

  /// All sorts: words are taken by rank, evenly on a logarithmic scale, so that frequent and rare ones both
  /// come.
  static func all(_ zipf: ZipfText) -> [QuerySet] {
    var random = SeededRandom(seed: 11)
    func word(_ low: Int, _ high: Int) -> String {
      let spread = log(Double(high)) - log(Double(low))
      return zipf.word(rank: Int(exp(log(Double(low)) + random.unit() * spread)))
    }
    func set(
      _ name: String, plain: Bool = false, count: Int = 300, _ make: () -> SearchQuery
    ) -> QuerySet {
      let queries = (0..<count).map { _ in
        var query = make()
        query.now = BenchNote.now
        return query
      }
      return QuerySet(name: name, queries: queries, isPlain: plain)
    }
    let since = Moment(seconds: BenchNote.now.seconds - 500 * 86_400)
    let until = Moment(seconds: BenchNote.now.seconds - 410 * 86_400)
    return [
      set("warming up", count: 50) { SearchQuery(text: word(1, 1_000)) },
      set("one common word (rank 1-50)", plain: true) { SearchQuery(text: word(1, 50)) },
      set("one word (rank 1-100,000)") { SearchQuery(text: word(1, 100_000)) },
      set("two words (rank 10-10,000)", plain: true) {
        SearchQuery(text: word(10, 10_000) + " " + word(10, 10_000))
      },
      set("two common words (rank 10-100)", plain: true) {
        SearchQuery(text: word(10, 100) + " " + word(10, 100))
      },
      set("three words (rank 10-1,000)") {
        SearchQuery(text: word(10, 1_000) + " " + word(10, 1_000) + " " + word(10, 1_000))
      },
      set("common word in an account") {
        SearchQuery(text: word(1, 50), accounts: ["account-\(random.next() % BenchNote.accounts)"])
      },
      set("common word of a kind") { SearchQuery(text: word(1, 50), kinds: [BenchNote.kinds[1]]) },
      set("common word of a team") { SearchQuery(text: word(1, 50), teams: ["team-3"]) },
      set("common word in a quarter") { SearchQuery(text: word(1, 50), since: since, until: until) },
      set("three letters of a word") { SearchQuery(text: String(word(1, 1_000).prefix(3)), isTyping: true) },
      set("a phrase of common words") { SearchQuery(text: "\"" + word(1, 50) + " " + word(1, 50) + "\"") },
    ]
  }
}
