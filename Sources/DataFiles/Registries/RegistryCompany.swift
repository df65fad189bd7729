/// A company as a public registry knows it.
public struct RegistryCompany: Sendable, Hashable {
  /// The registry, as provenance names it: `prh-ytj`, `gleif`.
  public var registry: String
  /// The Finnish business id, where the registry has one that is well-formed.
  public var businessID: String?
  /// The Legal Entity Identifier, where the registry has one that is well-formed.
  public var lei: String?
  /// Names, the present legal one first.
  public var names: [Name] = []
  /// The legal form in words.
  public var legalForm: String?
  /// The main line of business.
  public var businessLine: BusinessLine?
  /// Addresses.
  public var addresses: [Address] = []
  /// The website, as it is written.
  public var website: String?
  /// When it was registered, `YYYY-MM-DD`.
  public var registrationDate: String?
  /// When it ended, `YYYY-MM-DD`; nil for one that exists.
  public var endDate: String?
  /// When the registry last changed the entry, `YYYY-MM-DD`.
  public var changeDate: String?
  /// The line in the file, from 1.
  public var line: Int

  /// A name.
  public struct Name: Sendable, Hashable {
    /// What kind of name.
    public enum Kind: String, Sendable {
      /// The registered name.
      case legal
      /// A parallel or auxiliary name.
      case trading
      /// A name that is no longer used.
      case former
    }

    /// The name.
    public var text: String
    /// What kind it is.
    public var kind: Kind
    /// From when, `YYYY-MM-DD`.
    public var validFrom: String?
    /// Until when, `YYYY-MM-DD`.
    public var validTo: String?
  }

  /// A line of business.
  public struct BusinessLine: Sendable, Hashable {
    /// The classification, as accounts name it: `tol_2008`, `tol_2025`.
    public var scheme: String
    /// The code.
    public var code: String
    /// The code in words.
    public var title: String?
  }

  /// An address.
  public struct Address: Sendable, Hashable {
    /// What kind: `visiting`, `postal`, `legal`, `headquarters`.
    public var label: String
    /// Street, box and the like.
    public var lines: [String]
    /// The postal code.
    public var postalCode: String?
    /// The city.
    public var city: String?
    /// The region, ISO 3166-2 where the registry writes so.
    public var region: String?
    /// The country, ISO 3166-1.
    public var country: String?
  }

  /// An entry without content.
  public init(registry: String, line: Int) {
    self.registry = registry
    self.line = line
  }

  /// The entry as fields of an account, to be compared with what teams believe.
  public var fields: [ImportedField] {
    var fields: [ImportedField] = []
    func add(_ path: String, _ value: String?) {
      guard let value, !value.isEmpty else { return }
      fields.append(ImportedField(path: path, value: .text(value), column: registry))
    }
    for name in names { add("names[\(name.text)].\(name.kind.rawValue)", name.text) }
    add("identifiers.y_tunnus", businessID)
    add("identifiers.lei", lei)
    if let businessLine {
      add("industries.\(businessLine.scheme)", businessLine.code)
      add("industries.\(businessLine.scheme).title", businessLine.title)
    }
    for address in addresses {
      for line in address.lines { add("addresses[\(address.label)].lines", line) }
      add("addresses[\(address.label)].postal_code", address.postalCode)
      add("addresses[\(address.label)].city", address.city)
      add("addresses[\(address.label)].region", address.region)
      add("addresses[\(address.label)].country", address.country)
    }
    add("domains", website.flatMap { CleaningStep.format("domain").apply($0, locale: .american, country: nil).domain })
    add("attributes.legal_form", legalForm)
    add("attributes.registration_date", registrationDate)
    add("attributes.end_date", endDate)
    return fields
  }
}

extension Cleaned {
  /// The value, unless it is in doubt.
  fileprivate var domain: String? { doubt == nil ? value : nil }
}
