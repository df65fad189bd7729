extension FieldFormat {
  /// What a piece of text identifies, for places where a person names something in the shortest way.
  ///
  /// Formats with a check digit come first: text that passes one by accident is rarer than a mistyped name.
  ///
  /// - Parameter text: as a person types it.
  /// - Returns: the format and the stored form; nil for text that is none of business id, LEI, VAT number, e-mail
  ///   address or domain name.
  public static func recognised(_ text: String) -> (format: FieldFormat, canonical: String)? {
    for format in [FieldFormat.yTunnus, .lei, .email] {
      if let canonical = format.canonical(text) { return (format, canonical) }
    }
    // A VAT number needs its digits: two letters and a word (NOKIA) would be one of a country without a known shape.
    if text.utf8.count(where: ASCIIText.isDigit) >= 6, let canonical = vat.canonical(text) { return (.vat, canonical) }
    if text.contains("."), !text.contains(" "), let canonical = domain.canonical(text) { return (.domain, canonical) }
    return nil
  }
}
