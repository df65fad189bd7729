internal import DataFiles
internal import ProtobufBridge
internal import PunosMessages

/// Puts an account together from a row.
struct AccountAssembler {
  private(set) var account = Account()
  /// What must be found before the account can be sent: the owner's place in `parents`, and what is known of it.
  private(set) var references: [(place: Int, lookup: ImportedValue.Lookup, column: String?)] = []
  private var addressLabels: [Substring?] = []
  private var ownerLabels: [Substring?] = []
  private var parentLabels: [Substring?] = []
  private let options: AssemblyOptions

  /// - Parameter sources: where its fields came from, where that has been found out.
  /// - Throws: ``AssemblyProblem`` for a value that does not fit its field.
  init(_ row: ImportedRow, _ options: AssemblyOptions, sources: [FieldSource]? = nil) throws(AssemblyProblem)
  {
    self.options = options
    (account.name, account.externalIds) = RecordAssembly.identity(row, options)
    for field in row.fields {
      let path = ElementPath(field.path)
      switch field.value {
      case .text(let text): try write(text, path, field)
      case .reference(_, let lookup):
        let place = RecordAssembly.place(of: path.label, in: &account.parents, &parentLabels) { _ in
          AccountParent()
        }
        references.append((place, lookup, field.column))
      }
    }
    for place in account.owners.indices where account.owners[place].team.isEmpty {
      account.owners[place].team = options.team
    }
    if hasAmount, let revenue = account.revenue, revenue.amount?.currency.isEmpty ?? true {
      throw AssemblyProblem(
        column: nil,
        reason: "revenue has no currency: add to the mapping “constant revenue.amount.currency = EUR”")
    }
    account.sources = sources ?? RecordAssembly.sources(row, options)
  }

  private mutating func write(_ text: String, _ path: ElementPath, _ field: ImportedField)
    throws(AssemblyProblem)
  {
    switch path.field {
    case "display_name": account.displayName = text
    case "names":
      account.names.append(AccountName.with { ($0.type, $0.text) = (Self.nameType(path.rest), text) })
    case "status": account.status = Self.status(text)
    case "identifiers":
      account.identifiers.append(
        Identifier.with {
          $0.type = Self.identifierType(path.rest)
          $0.value = text
          if $0.type == .other { $0.issuer = String(path.label ?? "") }
        })
    case "industries":
      let scheme = Self.scheme(path.rest)
      account.industries.append(
        Industry.with {
          $0.scheme = scheme
          if scheme == .own { $0.title = text } else { $0.code = text }
        })
    case "employees": account.employees = try RecordAssembly.number(field, text)
    case "founded_year": account.foundedYear = try RecordAssembly.number(field, text)
    case "revenue": try writeRevenue(text, path.rest, field)
    case "country": account.country = text
    case "domains": if !account.domains.contains(text) { account.domains.append(text) }
    case "phones": if !account.phones.contains(text) { account.phones.append(text) }
    case "tags": if !account.tags.contains(text) { account.tags.append(text) }
    case "description": account.description += (account.description.isEmpty ? "" : "\n") + text
    case "attributes": account.attributes[String(path.rest)] = AttributeValue.with { $0.value = .text(text) }
    case "external_ids":
      account.externalIds.append(
        ExternalId.with { ($0.system, $0.id) = (String(path.label ?? path.rest), text) })
    case "addresses":
      let place = RecordAssembly.place(of: path.label, in: &account.addresses, &addressLabels) { label in
        PostalAddress.with { $0.label = label }
      }
      RecordAssembly.write(text, path.rest, to: &account.addresses[place])
    case "owners":
      let place = RecordAssembly.place(of: path.label, in: &account.owners, &ownerLabels) { label in
        AccountOwner.with { $0.team = label }
      }
      if path.rest == "team" {
        account.owners[place].team = text
      } else {
        account.owners[place].principal = text
      }
    case "parents":
      let place = RecordAssembly.place(of: path.label, in: &account.parents, &parentLabels) { _ in
        AccountParent()
      }
      switch path.rest {
      case "share": account.parents[place].share = Double(text)
      case "valid_from": account.parents[place].validFrom = text
      default: account.parents[place].account = text
      }
    default: throw AssemblyProblem(column: field.column, reason: "accounts have no field \(field.path)")
    }
  }

  private mutating func writeRevenue(
    _ text: String, _ part: Substring, _ field: ImportedField
  ) throws(AssemblyProblem) {
    var revenue = account.revenue ?? Revenue()
    var amount = revenue.amount ?? Money()
    switch part {
    case "year": revenue.year = try RecordAssembly.number(field, text)
    case "amount.currency": amount.currency = text
    default:
      guard let (units, nanos) = AmountText.decimal(text) else {
        throw AssemblyProblem(column: field.column, reason: "an amount of money was expected")
      }
      amount.units = units
      amount.nanos = nanos
    }
    revenue.amount = amount
    account.revenue = revenue
    if part == "amount" { hasAmount = true }
  }

  /// A currency or a year alone is no revenue: the column with the amount was empty in this row.
  private var hasAmount = false

  /// The account, with what its references were found to be.
  func finished(_ names: [String]) -> Account {
    var account = account
    for (reference, name) in zip(references, names) where reference.place < account.parents.count {
      account.parents[reference.place].account = name
    }
    if !hasAmount { account.revenue = nil }
    return account
  }

  private static func nameType(_ word: Substring) -> AccountName.Type_ {
    switch word {
    case "legal": .legal
    case "trading": .trading
    case "former": .former
    default: .unspecified
    }
  }

  private static func status(_ word: String) -> Account.Status {
    switch word {
    case "potential": .potential
    case "current": .current
    case "former": .former
    default: .unspecified
    }
  }

  private static func identifierType(_ word: Substring) -> Identifier.Type_ {
    switch word {
    case "y_tunnus": .yTunnus
    case "vat": .vat
    case "lei": .lei
    case "duns": .duns
    default: .other
    }
  }

  private static func scheme(_ word: Substring) -> Industry.Scheme {
    switch word {
    case "tol_2008": .tol2008
    case "tol_2025": .tol2025
    case "nace_2": .nace2
    case "nace_2_1": .nace21
    default: .own
    }
  }
}
