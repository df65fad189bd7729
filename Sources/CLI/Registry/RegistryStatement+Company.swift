internal import DataFiles
internal import FieldFormats
internal import ProtobufBridge
internal import PunosMessages

extension RegistryStatement {
  /// Longest name that an account takes, in letters: a longer one is left to the registry.
  private static let longestName = 200

  /// All that a registry's entry says.
  static func all(of company: RegistryCompany) -> [RegistryStatement] {
    var all: [RegistryStatement] = []
    for name in company.names where name.text.unicodeScalars.count <= longestName {
      all.append(
        .name(
          AccountName.with {
            $0.type = type(name.kind)
            $0.text = name.text
            // A span that ends on the day it begins says nothing.
            $0.validFrom = name.validFrom.flatMap { $0 < name.validTo ?? "9999" ? $0 : nil } ?? ""
            $0.validTo = name.validTo ?? ""
          }))
    }
    if let id = company.businessID {
      all.append(.identifier(Identifier.with { ($0.type, $0.value) = (.yTunnus, id) }))
    }
    if let lei = company.lei {
      all.append(.identifier(Identifier.with { ($0.type, $0.value) = (.lei, lei) }))
    }
    if let line = company.businessLine {
      all.append(
        .industry(
          Industry.with {
            $0.scheme = scheme(line.scheme) ?? .own
            $0.code = line.code
            $0.title = line.title ?? ""
          }))
    }
    all += company.addresses.map { .address(address($0)) }
    if let country = company.addresses.first?.country { all.append(.country(country)) }
    if let domain = domain(company) { all.append(.domain(domain)) }
    if let form = company.legalForm { all.append(.attribute("legal_form", attribute("legal_form", form))) }
    if let day = company.registrationDate {
      all.append(.attribute("registration_date", attribute("registration_date", day)))
    }
    if let day = company.endDate {
      all.append(.attribute("end_date", attribute("end_date", day)))
      all.append(.status(.former))
    }
    return all
  }

  private static func type(_ kind: RegistryCompany.Name.Kind) -> AccountName.Type_ {
    switch kind {
    case .legal: .legal
    case .trading: .trading
    case .former: .former
    }
  }

  private static func address(_ address: RegistryCompany.Address) -> PostalAddress {
    PostalAddress.with {
      $0.label = address.label
      $0.lines = address.lines
      $0.postalCode = address.postalCode ?? ""
      $0.city = address.city ?? ""
      $0.region = address.region ?? ""
      $0.country = address.country ?? ""
    }
  }

  /// The domain of the website, without the `www` that belongs to the website alone.
  private static func domain(_ company: RegistryCompany) -> String? {
    for field in company.fields where field.path == "domains" {
      if case .text(let text) = field.value {
        return text.hasPrefix("www.") ? String(text.dropFirst(4)) : text
      }
    }
    return nil
  }

  // MARK: Against an account

  /// What the account says about the same thing.
  func judgement(in account: Account) -> Judgement {
    switch self {
    case .name(let name): Self.judge(name, account)
    case .identifier(let identifier):
      Self.judge(
        identifier.value, among: account.identifiers.filter { $0.type == identifier.type }.map(\.value))
    case .industry(let industry): Self.judge(industry, account)
    case .address(let address): Self.judge(address, account)
    case .domain(let domain): Self.judge(domain: domain, account)
    case .country(let country): Self.judge(country, among: account.country.isEmpty ? [] : [account.country])
    case .attribute(let name, let value):
      Self.judge(Self.text(value), among: account.attributes[name].map { [Self.text($0)] } ?? [])
    case .status(let status):
      // Who never was a customer contradicts nothing.
      account.status == .unspecified || account.status == status
        ? .same : .differs(ours: Self.words(of: account.status))
    }
  }

  private static func judge(_ text: String, among ours: [String]) -> Judgement {
    guard let first = ours.first else { return .missing }
    return ours.contains { DataText.folded($0) == DataText.folded(text) } ? .same : .differs(ours: first)
  }

  private static func judge(_ name: AccountName, _ account: Account) -> Judgement {
    func usual(_ text: String) -> String { DataText.folded(LegalForms.usual(text)) }
    guard name.type == .legal else {
      // A name that is known already needs no second entry, whatever kind it is taken for.
      let known = account.names.map(\.text) + [account.displayName]
      return known.contains { usual($0) == usual(name.text) } ? .same : .missing
    }
    let legal = account.names.filter { $0.type == .legal && $0.validTo.isEmpty }.map(\.text)
    guard let first = legal.first else { return .missing }
    return legal.contains { usual($0) == usual(name.text) } ? .same : .differs(ours: first)
  }

  private static func judge(_ industry: Industry, _ account: Account) -> Judgement {
    func digits(_ code: String) -> String { code.filter { $0.isASCII && $0.isNumber } }
    let ours = account.industries.filter { $0.scheme == industry.scheme }
    guard let first = ours.first else { return .missing }
    if ours.contains(where: { digits($0.code) == digits(industry.code) }) { return .same }
    return .differs(ours: RegistryStatement.industry(first).value)
  }

  private static func judge(_ address: PostalAddress, _ account: Account) -> Judgement {
    if account.addresses.contains(where: { parts($0) == parts(address) }) { return .same }
    guard let ours = account.addresses.first(where: { $0.label == address.label }) else { return .missing }
    // A town alone is no other address than one in that town with its street: the rest is missing.
    let isPart = zip(parts(ours), parts(address)).allSatisfy { $0.isEmpty || $0 == $1 }
    return isPart ? .missing : .differs(ours: RegistryStatement.address(ours).value)
  }

  /// What two spellings of an address have in common: street, postal code, town.
  private static func parts(_ address: PostalAddress) -> [String] {
    [
      DataText.folded(address.lines.joined(separator: " ")), address.postalCode.filter { !$0.isWhitespace },
      DataText.folded(address.city),
    ]
  }

  private static func judge(domain: String, _ account: Account) -> Judgement {
    guard let first = account.domains.first else { return .missing }
    let isKnown = account.domains.contains { ours in
      ours == domain || ours.hasSuffix(".\(domain)") || domain.hasSuffix(".\(ours)")
    }
    return isKnown ? .same : .differs(ours: first)
  }

  /// Writes it into an account, in the place of what the account says about the same thing.
  func write(to account: inout Account) {
    switch self {
    case .name(let name):
      if name.type == .legal {
        // What it was called until now stays findable.
        for index in account.names.indices where account.names[index].type == .legal {
          account.names[index].type = .former
        }
        account.names.insert(name, at: 0)
      } else {
        account.names.append(name)
      }
    case .identifier(let identifier):
      account.identifiers.removeAll { $0.type == identifier.type }
      account.identifiers.append(identifier)
    case .industry(let industry):
      // Behind the teams' own words, or in the place of another code of the same classification.
      if let place = account.industries.firstIndex(where: { $0.scheme == industry.scheme }) {
        account.industries[place] = industry
      } else {
        account.industries.append(industry)
      }
    case .address(let address): Self.write(address, to: &account)
    case .domain(let domain): account.domains.insert(domain, at: 0)
    case .country(let country): account.country = country
    case .attribute(let name, let value): account.attributes[name] = value
    case .status(let status): account.status = status
    }
  }

  private static func write(_ address: PostalAddress, to account: inout Account) {
    guard let place = account.addresses.firstIndex(where: { $0.label == address.label }) else {
      account.addresses.append(address)
      return
    }
    let ours = account.addresses[place]
    account.addresses[place] = address
    // The same town keeps the spelling it has here: registries shout.
    if DataText.folded(ours.city) == DataText.folded(address.city) {
      account.addresses[place].city = ours.city
    }
    if address.region.isEmpty { account.addresses[place].region = ours.region }
    if address.country.isEmpty { account.addresses[place].country = ours.country }
  }
}
