/// Mappings for the exports of well-known systems.
public enum MappingProfile: String, Sendable, CaseIterable {
  /// Salesforce's accounts, by report or data export.
  case salesforceAccounts = "salesforce-accounts"
  /// Salesforce's contacts, by report or data export.
  case salesforceContacts = "salesforce-contacts"
  /// HubSpot's companies.
  case hubspotCompanies = "hubspot-companies"
  /// HubSpot's contacts.
  case hubspotContacts = "hubspot-contacts"
  /// Pipedrive's organizations.
  case pipedriveOrganizations = "pipedrive-organizations"
  /// Pipedrive's people.
  case pipedrivePeople = "pipedrive-people"
  /// Accounts of Dynamics 365.
  case dynamicsAccounts = "dynamics-accounts"
  /// Contacts of Dynamics 365.
  case dynamicsContacts = "dynamics-contacts"

  /// Columns by which a table without the profile's key is known for one of its exports.
  private static let fewestColumns = 2

  /// The mapping, of the columns that the table has.
  ///
  /// - Parameters:
  ///   - header: the table's columns. Those the profile does not know are left out; the caller can say which.
  ///   - locale: how the export writes numbers and dates: that of the person who made it.
  ///   - country: of rows that do not say one.
  /// - Returns: nil when the table has no column for the name, or nothing else of the profile: many tables have a
  ///   column called Name.
  public func mapping(header: [String], locale: DataLocale, country: String?) -> Mapping? {
    var mapping = Mapping()
    mapping.locale = locale
    mapping.country = country
    mapping.source = rawValue
    var section = Mapping.Section(kind: kind)
    let known = Dictionary(
      columns.map { (DataText.folded($0.0), $0) }, uniquingKeysWith: { first, _ in first })
    var written: Set<String> = []
    for name in header {
      let folded = DataText.folded(name)
      if keyColumns.contains(folded), section.keyColumn == nil {
        section.keySystem = system
        section.keyColumn = name
        continue
      }
      guard let (_, target, steps) = known[folded], written.insert(target).inserted else { continue }
      section.columns.append(
        Mapping.Column(
          name, targets: [target], steps: steps.isEmpty ? [] : steps.compactMap { CleaningStep(words: $0) }))
    }
    let named = section.columns.contains {
      ["display_name", "family_name", "given_name"].contains($0.targets.first)
    }
    guard named, section.keyColumn != nil || section.columns.count >= Self.fewestColumns else { return nil }
    Self.keepBareAmounts(&section)
    mapping.sections = [section]
    return mapping
  }

  /// An amount whose currency the export does not say is no amount; it is kept as it is written, so that no row is
  /// refused for it.
  private static func keepBareAmounts(_ section: inout Mapping.Section) {
    guard !section.columns.contains(where: { $0.targets == ["revenue.amount.currency"] }) else { return }
    for index in section.columns.indices where section.columns[index].targets == ["revenue.amount"] {
      section.columns[index].targets = ["attributes.annual_revenue"]
    }
  }

  /// How many of a table's columns the profile knows.
  func knownColumns(in header: [String]) -> Int {
    let known = Self.knownNames[self] ?? []
    return header.count { known.contains(DataText.folded($0)) }
  }

  private static let knownNames: [MappingProfile: Set<String>] = Dictionary(
    uniqueKeysWithValues: allCases.map { profile in
      (profile, Set(profile.columns.map { DataText.folded($0.0) }).union(profile.keyColumns))
    })

  /// Whether the table has one of the columns with the system's ids, which no other system has.
  func hasKey(in header: [String]) -> Bool { header.contains { keyColumns.contains(DataText.folded($0)) } }

  /// The external system that keys are ids in.
  public var system: String { String(rawValue.prefix { $0 != "-" }) }

  /// The kind of record.
  public var kind: String {
    switch self {
    case .salesforceAccounts, .hubspotCompanies, .pipedriveOrganizations, .dynamicsAccounts: "account"
    case .salesforceContacts, .hubspotContacts, .pipedrivePeople, .dynamicsContacts: "contact"
    }
  }

  private var keyColumns: Set<String> {
    switch self {
    case .salesforceAccounts: ["account id", "account id 18", "accountid"]
    case .salesforceContacts: ["contact id", "contactid"]
    case .hubspotCompanies: ["record id", "company id", "hs object id"]
    case .hubspotContacts: ["record id", "record id contact", "contact id", "hs object id"]
    case .pipedriveOrganizations: ["organization id", "organization organization id", "organization org id"]
    case .pipedrivePeople: ["person id", "person person id"]
    case .dynamicsAccounts: ["do not modify account", "accountid"]
    case .dynamicsContacts: ["do not modify contact", "contactid"]
    }
  }

  private typealias Known = (String, String, [[String]])

  private var columns: [Known] {
    switch self {
    case .salesforceAccounts: Self.salesforceAccountColumns
    case .salesforceContacts: Self.salesforceContactColumns
    case .hubspotCompanies: Self.hubspotCompanyColumns
    case .hubspotContacts: Self.hubspotContactColumns
    case .pipedriveOrganizations: Self.pipedriveOrganizationColumns
    case .pipedrivePeople: Self.pipedrivePersonColumns
    case .dynamicsAccounts: Self.dynamicsAccountColumns
    case .dynamicsContacts: Self.dynamicsContactColumns
    }
  }

  private static let salesforceAccountColumns: [Known] = [
    ("Account Name", "display_name", []), ("Name", "display_name", []), ("Type", "attributes.type", []),
    ("Account Type", "attributes.type", []), ("Industry", "attributes.industry", []),
    ("Employees", "employees", []), ("NumberOfEmployees", "employees", []),
    ("Annual Revenue", "revenue.amount", []), ("AnnualRevenue", "revenue.amount", []),
    ("Annual Revenue Currency", "revenue.amount.currency", []),
    ("Billing Street", "addresses[billing].lines", []), ("BillingStreet", "addresses[billing].lines", []),
    ("Billing City", "addresses[billing].city", []), ("BillingCity", "addresses[billing].city", []),
    ("Billing State/Province", "addresses[billing].region", []),
    ("BillingState", "addresses[billing].region", []),
    ("Billing Zip/Postal Code", "addresses[billing].postal_code", []),
    ("BillingPostalCode", "addresses[billing].postal_code", []),
    ("Billing Country", "addresses[billing].country", []),
    ("BillingCountry", "addresses[billing].country", []),
    ("Shipping Street", "addresses[shipping].lines", []), ("Shipping City", "addresses[shipping].city", []),
    ("Shipping State/Province", "addresses[shipping].region", []),
    ("Shipping Zip/Postal Code", "addresses[shipping].postal_code", []),
    ("Shipping Country", "addresses[shipping].country", []),
    ("Phone", "phones", []), ("Website", "domains", []), ("Parent Account", "parents.account", []),
    ("Parent Account ID", "parents.account", [["lookup", "account", "salesforce"]]),
    ("ParentId", "parents.account", [["lookup", "account", "salesforce"]]),
    ("Account Owner", "owners.principal", []), ("Description", "description", []),
    ("Account Description", "description", []), ("D-U-N-S Number", "identifiers.duns", []),
    ("DunsNumber", "identifiers.duns", []), ("Year Started", "founded_year", []),
    ("Account Source", "attributes.source", []),
  ]

  private static let salesforceContactColumns: [Known] = [
    ("First Name", "given_name", []), ("FirstName", "given_name", []), ("Last Name", "family_name", []),
    ("LastName", "family_name", []), ("Name", "display_name", []), ("Full Name", "display_name", []),
    ("Account Name", "employments.account", []),
    ("Account ID", "employments.account", [["lookup", "account", "salesforce"]]),
    ("AccountId", "employments.account", [["lookup", "account", "salesforce"]]),
    ("Title", "employments.title", []), ("Department", "employments.department", []),
    ("Email", "emails.address", []), ("Phone", "phones[work].number", []),
    ("Mobile", "phones[mobile].number", []),
    ("MobilePhone", "phones[mobile].number", []), ("Home Phone", "phones[home].number", []),
    ("Mailing Street", "addresses.lines", []), ("MailingStreet", "addresses.lines", []),
    ("Mailing City", "addresses.city", []), ("MailingCity", "addresses.city", []),
    ("Mailing State/Province", "addresses.region", []), ("MailingState", "addresses.region", []),
    ("Mailing Zip/Postal Code", "addresses.postal_code", []),
    ("MailingPostalCode", "addresses.postal_code", []),
    ("Mailing Country", "addresses.country", []), ("MailingCountry", "addresses.country", []),
    ("Lead Source", "attributes.source", []), ("Description", "description", []),
    ("Contact Description", "description", []), ("Language", "language", []),
  ]

  private static let hubspotCompanyColumns: [Known] = [
    ("Company name", "display_name", []), ("Name", "display_name", []),
    ("Company Domain Name", "domains", []),
    ("Website URL", "domains", []), ("Phone Number", "phones", []), ("Industry", "attributes.industry", []),
    ("Number of Employees", "employees", []), ("Annual Revenue", "revenue.amount", []),
    ("Company currency", "revenue.amount.currency", []), ("Street Address", "addresses.lines", []),
    ("Postal Code", "addresses.postal_code", []), ("City", "addresses.city", []),
    ("State/Region", "addresses.region", []), ("Country/Region", "addresses.country", []),
    ("Country", "addresses.country", []),
    ("Year Founded", "founded_year", []), ("Lifecycle Stage", "attributes.lifecycle_stage", []),
    ("Type", "attributes.type", []), ("Description", "description", []), ("About Us", "description", []),
    ("Company owner", "owners.principal", []), ("Parent Company", "parents.account", []),
    ("Parent company ID", "parents.account", [["lookup", "account", "hubspot"]]),
  ]

  private static let hubspotContactColumns: [Known] = [
    ("First Name", "given_name", []), ("Last Name", "family_name", []), ("Email", "emails.address", []),
    ("Phone Number", "phones[work].number", []), ("Mobile Phone Number", "phones[mobile].number", []),
    ("Job Title", "employments.title", []), ("Company Name", "employments.account", []),
    ("Primary Company", "employments.account", []), ("Associated Company", "employments.account", []),
    ("Associated Company IDs", "employments.account", [["lookup", "account", "hubspot"]]),
    ("Primary Associated Company ID", "employments.account", [["lookup", "account", "hubspot"]]),
    ("Street Address", "addresses.lines", []), ("Postal Code", "addresses.postal_code", []),
    ("City", "addresses.city", []), ("State/Region", "addresses.region", []),
    ("Country/Region", "addresses.country", []),
    ("Preferred language", "language", []), ("Lifecycle Stage", "attributes.lifecycle_stage", []),
    ("Lead Status", "attributes.lead_status", []), ("Buying Role", "employments.role", []),
  ]

  private static let pipedriveOrganizationColumns: [Known] = [
    ("Organization - Name", "display_name", []), ("Name", "display_name", []),
    ("Organization - Address", "addresses.lines", []), ("Address", "addresses.lines", []),
    ("Organization - ZIP/Postal code of Address", "addresses.postal_code", []),
    ("Organization - City/town/village/locality of Address", "addresses.city", []),
    ("Organization - Region of Address", "addresses.region", []),
    ("Organization - Country of Address", "addresses.country", []),
    ("Organization - Owner", "owners.principal", []),
    ("Organization - Label", "tags", []), ("Organization - Labels", "tags", []), ("Label", "tags", []),
    ("Organization - Website", "domains", []), ("Organization - Industry", "attributes.industry", []),
    ("Organization - Annual revenue", "revenue.amount", []),
    ("Organization - Number of employees", "employees", []),
  ]

  private static let pipedrivePersonColumns: [Known] = [
    ("Person - Name", "display_name", []), ("Name", "display_name", []),
    ("Person - First name", "given_name", []),
    ("Person - Last name", "family_name", []), ("Person - Organization", "employments.account", []),
    ("Organization", "employments.account", []), ("Person - Job title", "employments.title", []),
    ("Person - Email - Work", "emails[work].address", []),
    ("Person - Email - Home", "emails[home].address", []),
    ("Person - Email - Other", "emails[other].address", []), ("Person - Email", "emails[work].address", []),
    ("Email", "emails[work].address", []), ("Person - Phone - Work", "phones[work].number", []),
    ("Person - Phone - Home", "phones[home].number", []),
    ("Person - Phone - Mobile", "phones[mobile].number", []),
    ("Person - Phone - Other", "phones[other].number", []), ("Person - Phone", "phones[work].number", []),
    ("Phone", "phones[work].number", []), ("Person - Label", "tags", []), ("Person - Labels", "tags", []),
  ]

  private static let dynamicsAccountColumns: [Known] = [
    ("Account Name", "display_name", []), ("Name", "display_name", []), ("Main Phone", "phones", []),
    ("Website", "domains", []),
    ("Account Number", "attributes.account_number", []), ("Industry", "attributes.industry", []),
    ("Number of Employees", "employees", []), ("Annual Revenue", "revenue.amount", []),
    ("Currency", "revenue.amount.currency", [dynamicsCurrencies, ["currency"]]),
    ("Address 1: Street 1", "addresses.lines", []),
    ("Address 1: ZIP/Postal Code", "addresses.postal_code", []), ("Address 1: City", "addresses.city", []),
    ("Address 1: State/Province", "addresses.region", []),
    ("Address 1: Country/Region", "addresses.country", []),
    ("Parent Account", "parents.account", []), ("Owner", "owners.principal", []),
    ("Description", "description", []),
    ("Relationship Type", "attributes.relationship_type", []),
  ]

  /// Dynamics writes currencies by their names.
  private static let dynamicsCurrencies = [
    "replace", "Euro=EUR", "US Dollar=USD", "Pound Sterling=GBP", "British Pound=GBP", "Swedish Krona=SEK",
    "Norwegian Krone=NOK", "Danish Krone=DKK", "Swiss Franc=CHF", "Polish Zloty=PLN", "Yen=JPY",
  ]

  private static let dynamicsContactColumns: [Known] = [
    ("Full Name", "display_name", []), ("First Name", "given_name", []), ("Last Name", "family_name", []),
    ("Company Name", "employments.account", []), ("Job Title", "employments.title", []),
    ("Department", "employments.department", []), ("Email", "emails.address", []),
    ("E-mail", "emails.address", []),
    ("Business Phone", "phones[work].number", []), ("Mobile Phone", "phones[mobile].number", []),
    ("Address 1: Street 1", "addresses.lines", []),
    ("Address 1: ZIP/Postal Code", "addresses.postal_code", []),
    ("Address 1: City", "addresses.city", []), ("Address 1: State/Province", "addresses.region", []),
    ("Address 1: Country/Region", "addresses.country", []), ("Role", "employments.role", []),
    ("Preferred Method of Contact", "preferred_channel", []), ("Description", "description", []),
  ]
}
