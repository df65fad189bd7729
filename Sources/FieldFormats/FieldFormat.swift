/// A named format that a string field may be required to have.
///
/// One library decides what a well-formed value is, for the server that checks a write, the client that cleans
/// an import and the tests of both. A check looks at the value's bytes once and allocates nothing unless there
/// is something to say, so that it can stand in the path of every write.
public enum FieldFormat: String, CaseIterable, Sendable {
  /// An e-mail address: at most 254 bytes, one `@`, a domain name behind it in lower case.
  case email
  /// A telephone number in E.164: plus and 7 to 15 digits.
  case phone
  /// A country: ISO 3166-1 alpha-2, upper case.
  case country
  /// A currency: ISO 4217, upper case.
  case currency
  /// A language tag: BCP 47, such as `fi` or `sv-FI`.
  case language
  /// A DNS domain name, lower case, ASCII (an international name in its `xn--` form), without a trailing dot.
  case domain
  /// An `http` or `https` URL without credentials in it.
  case url
  /// A Finnish business id, `NNNNNNN-N`, with its check digit.
  case yTunnus = "y_tunnus"
  /// A Legal Entity Identifier, ISO 17442, with its check digits.
  case lei
  /// A D-U-N-S number: nine digits.
  case duns
  /// A VAT number with its country prefix, by the shape and, where it is published, the check digit of its country.
  case vat
  /// A calendar date, `YYYY-MM-DD`.
  case date
  /// A resource id: 1 to 63 of `a-z`, `0-9` and hyphen, not beginning or ending with a hyphen.
  case resourceID = "resource_id"

  /// What is wrong with a value, if anything.
  ///
  /// - Parameter value: the value in the form that is stored (see ``canonical(_:)``); any text at all may be given.
  /// - Returns: nil for a well-formed value, otherwise what was expected, as the rest of a sentence that begins
  ///   with "expected". The value itself is never repeated: it may be personal data.
  public func problem(in value: String) -> String? {
    problem(in: value.utf8.span)
  }

  /// What is wrong with a part of a text, if anything; as ``problem(in:)`` for a `String`.
  public func problem(in value: Substring) -> String? {
    problem(in: value.utf8.span)
  }

  /// What is wrong with UTF-8 bytes, if anything; as ``problem(in:)`` for a `String`.
  public func problem(in bytes: Span<UInt8>) -> String? {
    switch self {
    case .email: EmailFormat.problem(in: bytes)
    case .phone: PhoneFormat.problem(in: bytes)
    case .country: CountryFormat.problem(in: bytes)
    case .currency: CurrencyFormat.problem(in: bytes)
    case .language: LanguageFormat.problem(in: bytes)
    case .domain: DomainFormat.problem(in: bytes)
    case .url: URLFormat.problem(in: bytes)
    case .yTunnus: YTunnusFormat.problem(in: bytes)
    case .lei: LEIFormat.problem(in: bytes)
    case .duns: DUNSFormat.problem(in: bytes)
    case .vat: VATFormat.problem(in: bytes)
    case .date: DateFormat.problem(in: bytes)
    case .resourceID: ResourceIDFormat.problem(in: bytes)
    }
  }

  /// The one form in which a value is stored, so that equal things compare equal.
  ///
  /// Blanks around and decoration inside are removed (`FI 0112038-9` as a business id is `0112038-9`,
  /// `+358 (0)40 123` loses its brackets and its trunk zero, `https://Example.COM` its capitals, `Åland.ax`
  /// becomes the `xn--` name that DNS knows).
  ///
  /// - Parameter value: what a person or a file wrote.
  /// - Returns: the stored form, or nil when the value cannot be made well-formed without guessing.
  public func canonical(_ value: String) -> String? {
    guard value.utf8.count <= Self.longestInput else { return nil }
    // Most of what comes is in its form already, by the hundred thousand where a file is imported.
    if hasOneForm, problem(in: value) == nil { return value }
    let candidate =
      switch self {
      case .email: EmailFormat.canonical(value)
      case .phone: PhoneFormat.canonical(value)
      case .country, .currency: ASCIIText.uppercased(ASCIIText.trimmed(value))
      case .language: LanguageFormat.canonical(value)
      case .domain: DomainFormat.canonical(value)
      case .url: URLFormat.canonical(value)
      case .yTunnus: YTunnusFormat.canonical(value)
      case .lei: ASCIIText.uppercased(ASCIIText.removing(value) { $0 == UInt8(ascii: "-") })
      case .duns: ASCIIText.removing(value) { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
      case .vat: VATFormat.canonical(value)
      case .date: ASCIIText.trimmed(value)
      case .resourceID: ASCIIText.lowercased(ASCIIText.trimmed(value))
      }
    guard let candidate, problem(in: candidate) == nil else { return nil }
    return candidate
  }

  /// Whether a text of this format that has no problem is in canonical form.
  private var hasOneForm: Bool { self == .phone || self == .language || self == .email }

  /// Longest text ``canonical(_:)`` looks at, in bytes: twice the longest value of any format (a URL), so that
  /// decoration fits and a megabyte is refused without work.
  static let longestInput = 4096
}
