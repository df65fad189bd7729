/// What a move out of a journey loses in other currencies than its main one, as one text of its record: "90000000 EUR, 120000
/// SEK", hundredths and currency. Few moves have any, and they are counted by it.
public enum MoveLosses {
  /// Currencies that are told: a customer who buys in more is none.
  public static let mostCurrencies = 20

  /// The text of some sums, by currency; empty for none.
  public static func text(of sums: [String: Int64]) -> String {
    sums.filter { $0.value > 0 }.sorted { $0.key < $1.key }.prefix(mostCurrencies)
      .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }

  /// The sums of a text; what is none of them is left out.
  public static func parts(of text: String) -> [(hundredths: Int64, currency: String)] {
    text.split(separator: ",").compactMap { part in
      let words = part.split(separator: " ")
      guard words.count == 2, let hundredths = Int64(words[0]), hundredths > 0 else { return nil }
      return (hundredths, String(words[1]))
    }
  }
}
