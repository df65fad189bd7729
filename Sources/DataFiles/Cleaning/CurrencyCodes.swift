internal import FieldFormats

/// ISO 4217 codes as the format library knows them.
enum CurrencyCodes {
  /// The code in capitals; nil for anything that is none.
  static func canonical(_ text: String) -> String? {
    text.utf8.count == 3 ? FieldFormat.currency.canonical(text) : nil
  }
}
