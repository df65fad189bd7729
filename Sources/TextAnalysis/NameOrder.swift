/// The order of lists: case and diacritics do not part names, and *å*, *ä* and *ö* stand behind *z* in this order, as
/// Finns and Swedes expect.
///
/// It is the order of the bytes of ``form(_:)``, so that an index may hold the forms themselves. ``FinnishCollation``
/// is finer (numbers by their value, *w* with *v*), and its keys cannot be asked for what begins with a text.
public enum NameOrder {
  /// Raise it when a form changes: indexes of forms are then built anew.
  public static let version = 2

  private static let leadOfNordicLetters: UInt8 = 0xC3

  /// The folded form of a text, with bytes in the order of lists.
  public static func form(_ text: String) -> String {
    let folded = Folding.fold(text)
    guard folded.utf8.contains(leadOfNordicLetters) else { return folded }
    // In UTF-8 å stands behind ä. A folded text has no ã, whose place is before both.
    return String(String.UnicodeScalarView(folded.unicodeScalars.map { $0 == "å" ? "ã" : $0 }))
  }

  /// Compares two texts in UTF-8.
  ///
  /// - Returns: below zero where the first comes first, above where the second does, 0 where the order does not part
  ///   them.
  public static func compare(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Int32 {
    var place = 0
    while place < one.count, place < other.count {
      let (a, b) = (lower(one[place]), lower(other[place]))
      guard a < 0x80, b < 0x80 else { return compareForms(one, other) }
      if a != b {
        // A mark behind a letter makes it another one.
        guard isASCII(one, place + 1), isASCII(other, place + 1) else { return compareForms(one, other) }
        return a < b ? -1 : 1
      }
      place += 1
    }
    guard isASCII(one, place), isASCII(other, place) else { return compareForms(one, other) }
    return one.count == other.count ? 0 : one.count < other.count ? -1 : 1
  }

  /// Whether there is no byte at a place, or one that is a whole character.
  private static func isASCII(_ text: UnsafeRawBufferPointer, _ place: Int) -> Bool {
    place >= text.count || text[place] < 0x80
  }

  private static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

  private static func compareForms(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Int32 {
    let (a, b) = (form(String(decoding: one, as: UTF8.self)), form(String(decoding: other, as: UTF8.self)))
    if a.utf8.elementsEqual(b.utf8) { return 0 }
    return a.utf8.lexicographicallyPrecedes(b.utf8) ? -1 : 1
  }
}
