/// How many edits lie between two words, to offer the nearest known one for one that is not.
public enum EditDistance {
  /// The optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
  ///
  /// - Parameters:
  ///   - left: a word; compared by Unicode scalars.
  ///   - right: another.
  ///   - limit: stop and answer nil above this, in edits.
  /// - Returns: the number of edits, or nil where it is more than `limit`.
  public static func between(_ left: String, _ right: String, limit: Int) -> Int? {
    let a = Array(left.unicodeScalars)
    let b = Array(right.unicodeScalars)
    guard abs(a.count - b.count) <= limit else { return nil }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in b.indices {
        let substitution = last[j] + (a[i] == b[j] ? 0 : 1)
        var best = min(substitution, last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, beforeLast[j - 1] + 1)
        }
        row.append(best)
      }
      if let least = row.min(), least > limit { return nil }
      beforeLast = last
      last = row
    }
    guard let distance = last.last, distance <= limit else { return nil }
    return distance
  }

  /// The candidate with the fewest edits; the first of several with as few.
  ///
  /// - Parameters:
  ///   - word: what came.
  ///   - candidates: what is known.
  ///   - limit: how far off a candidate may be, in edits; never more than half of the word.
  public static func nearest(to word: String, among candidates: [String], within limit: Int) -> String? {
    let reach = min(limit, max(1, word.unicodeScalars.count / 2))
    var best: (distance: Int, candidate: String)?
    for candidate in candidates {
      let bound = best.map { $0.distance - 1 } ?? reach
      guard bound >= 0, let distance = between(word, candidate, limit: bound) else { continue }
      best = (distance, candidate)
    }
    return best?.candidate
  }
}
