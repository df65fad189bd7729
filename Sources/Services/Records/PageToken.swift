import Domain
import RPC

/// Where a list was left, bound to the question it belongs to, so that a token of another list is refused instead of
/// giving a wrong page.
struct PageToken {
  /// The store's position, or an offset.
  var position: [UInt8]

  /// - Parameter query: everything that makes the question what it is, without page size and token.
  func text(for query: [String]) -> String {
    Hex.text(StableHash.bytes(of: query) + position)
  }

  /// - Throws: ``Problem`` where the token is not one of this question's.
  static func read(_ text: String, for query: [String]) throws(Problem) -> [UInt8]? {
    guard !text.isEmpty else { return nil }
    let hash = StableHash.bytes(of: query)
    guard let bytes = Hex.bytes(text), bytes.starts(with: hash) else {
      throw .invalid([
        FieldProblem(
          path: "page_token",
          description:
            "this token belongs to another list; send the one of the page before, with the same filter "
            + "and order",
          reason: "BAD_PAGE_TOKEN")
      ])
    }
    return Array(bytes.dropFirst(hash.count))
  }
}

enum Hex {
  private static let digits = Array("0123456789abcdef".utf8)

  static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  static func bytes(_ text: String) -> [UInt8]? {
    let characters = Array(text.utf8)
    guard characters.count % 2 == 0 else { return nil }
    var result: [UInt8] = []
    for index in stride(from: 0, to: characters.count, by: 2) {
      guard let high = value(characters[index]), let low = value(characters[index + 1]) else { return nil }
      result.append(high << 4 | low)
    }
    return result
  }

  private static func value(_ character: UInt8) -> UInt8? {
    switch character {
    case 48...57: character - 48
    case 97...102: character - 87
    default: nil
    }
  }
}
