/// Why an import writes, for the history. For kinds of record that have no field for where their values came from and
/// what was done to them, it is told here.
enum ImportReason {
  /// Characters of a reason that the server takes at most.
  private static let longest = 500

  /// The reason that goes with records.
  ///
  /// - Parameters:
  ///   - given: what the person said; empty for nothing.
  ///   - provenance: where the records came from, where it is kept nowhere else.
  static func text(_ given: String, _ provenance: String) -> String {
    if provenance.isEmpty { return given }
    let text = given.isEmpty ? provenance : "\(given) · \(provenance)"
    guard text.unicodeScalars.count > longest else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(longest - 1))) + "…"
  }
}
