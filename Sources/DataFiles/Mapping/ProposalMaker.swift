internal import FieldFormats

/// Puts a mapping together column by column, from what a column is called and what its values look like.
struct ProposalMaker {
  let header: [String]
  let samples: [[String]]
  let locale: DataLocale
  private(set) var reasons: [String: String] = [:]

  init(header: [String], samples: [[String]], locale: DataLocale) {
    self.header = header
    self.samples = samples
    self.locale = locale
  }

  /// Folded names of columns that say what is in them, in English, Finnish and Swedish: of the company, then of the
  /// person.
  private static let accountNames: [(String, String)] = [
    ("account|account name|company|company name|companyname|customer|customer name|organization|organisation"
      + "|organization name|yritys|yrityksen nimi|asiakas|asiakkaan nimi|nimi|foretag|foretagsnamn|kund|kundnamn|name",
      "display_name"),
    ("y tunnus|ytunnus|business id|businessid|company business id|yrityksen y tunnus|fo nummer", "identifiers.y_tunnus"),
    ("vat|vat number|vat id|alv numero|alv tunnus|momsnummer|vat nro", "identifiers.vat"),
    ("lei|lei code|lei koodi", "identifiers.lei"), ("duns|d u n s|duns number", "identifiers.duns"),
    ("sector|industry|toimiala|bransch", "attributes.sector"),
    ("employees|number of employees|henkilosto|henkilostomaara|tyontekijoita|anstallda|antal anstallda", "employees"),
    ("revenue|annual revenue|turnover|liikevaihto|omsattning", "revenue.amount"),
    ("legal name|virallinen nimi|registered name", "names.legal"),
    ("currency|valuutta|valuta", "revenue.amount.currency"),
    ("revenue year|vuosi|tilikausi|rakenskapsar", "revenue.year"), ("owner|account owner|vastuuhenkilo|omistaja", "owners.principal"),
    ("year established|founded|founded year|year founded|perustettu|perustamisvuosi|grundat|grundad", "founded_year"),
    ("office location|country|maa|land|countryname|kotimaa", "country"),
    ("website|web|domain|domains|verkkosivu|kotisivu|www|url|webbplats", "domains"),
    ("subsidiary of|parent|parent account|parent company|emoyhtio|konserni|moderbolag", "parents.account"),
    ("status|tila|asiakkuuden tila", "status"), ("tags|tunnisteet|labels", "tags"),
    ("description|notes|note|kuvaus|muistiinpanot|lisatiedot|beskrivning|anteckningar", "description"),
    ("address|street|street address|katuosoite|osoite|lahiosoite|adress|gatuadress|address1", "addresses.lines"),
    ("postal code|postalcode|zip|zip code|postcode|postinumero|postnummer", "addresses.postal_code"),
    ("city|town|kaupunki|postitoimipaikka|kunta|ort|stad|postort", "addresses.city"),
    ("region|state|province|maakunta|laani|lan", "addresses.region"),
    ("phone|phones|telephone|phone number|puhelin|puhelinnumero|puh|telefon|tel|vaihde", "phones"),
  ]

  private static let contactNames: [(String, String)] = [
    ("contact|contact name|contactname|contact person|full name|fullname|yhteyshenkilo|henkilo|kontaktperson|person",
      "display_name"),
    ("first name|firstname|first|given name|etunimi|fornamn", "given_name"),
    ("last name|lastname|last|surname|family name|sukunimi|efternamn", "family_name"),
    ("title|job title|contact title|contacttitle|titteli|tehtavanimike|nimike|titel|befattning", "employments.title"),
    ("department|osasto|avdelning", "employments.department"), ("role|rooli|roll", "employments.role"),
    ("email|emails|e mail|email address|sahkoposti|sahkopostiosoite|e post|epost", "emails.address"),
    ("mobile|mobile phone|cell|matkapuhelin|gsm|kannykka|mobil|mobiltelefon", "phones[mobile].number"),
    ("direct phone|work phone|tyopuhelin", "phones[work].number"),
    ("language|kieli|sprak", "language"), ("profession|ammatti|yrke", "profession"),
  ]

  private static func table(_ names: [(String, String)]) -> [String: String] {
    var table: [String: String] = [:]
    for (list, target) in names { for name in list.split(separator: "|") { table[String(name)] = target } }
    return table
  }

  private static let accountTable = table(accountNames)
  private static let contactTable = table(contactNames)

  /// The field that a column's name alone says; nil when it says none of the kind's.
  static func target(named name: String, kind: String) -> String? {
    let folded = withoutUnit(folded(name))
    return kind == "contact" ? contactTable[folded] ?? accountTable[folded].flatMap(personal) : accountTable[folded]
  }

  private static func folded(_ name: String) -> String { DataText.folded(spaced(name)) }

  /// Money in thousands or millions says so in the column's name: `Liikevaihto (M€)`, `Revenue, kEUR`.
  private static let units: [(String, Int, String?)] = [
    ("m€", 6, "EUR"), ("meur", 6, "EUR"), ("milj. €", 6, "EUR"), ("milj. eur", 6, "EUR"), ("milj.", 6, nil),
    ("k€", 3, "EUR"), ("keur", 3, "EUR"), ("t€", 3, "EUR"), ("teur", 3, "EUR"), ("1000 €", 3, "EUR"), ("€", 0, "EUR"),
    ("eur", 0, "EUR"), ("musd", 6, "USD"), ("usd", 0, "USD"), ("msek", 6, "SEK"), ("sek", 0, "SEK"),
  ]

  private static func unit(_ name: String) -> (power: Int, currency: String?)? {
    let lower = name.lowercased().filter { !"()[],".contains($0) }
    return units.first { lower.hasSuffix(" " + $0.0) }.map { ($0.1, $0.2) }
  }

  private static func withoutUnit(_ folded: String) -> String {
    for ending in [" milj eur", " m", " meur", " milj", " k", " keur", " t", " teur", " 1000", " eur", " musd", " usd",
      " msek", " sek"]
    where folded.hasSuffix(ending) {
      return String(folded.dropLast(ending.count))
    }
    return folded
  }

  private struct Draft {
    var account = Mapping.Section(kind: "account")
    var contact = Mapping.Section(kind: "contact")
    var rest: [String] = []
  }

  /// The mapping; ``reasons`` says for each column why.
  mutating func make(country: String?) -> Mapping {
    let names = Set(header.map(Self.folded))
    let called = { (list: String) in list.split(separator: "|").contains { names.contains(String($0)) } }
    let personNames = names.contains { name in
      ["display_name", "given_name", "family_name"].contains(Self.contactTable[name] ?? "")
    }
    // A table of names and e-mail addresses, or of first and last names, is one of people; the name is theirs unless a
    // person's whole name has a column of its own.
    let hasPersonsWhole = names.contains { Self.contactTable[$0] == "display_name" }
    let nameIsPersons =
      !hasPersonsWhole && called("name|nimi|namn")
      && (personNames || called("email|emails|e mail|sahkoposti|e post|mobile"))
    var draft = Draft()
    assign(hasPerson: personNames || nameIsPersons, nameIsPersons: nameIsPersons, &draft)
    if personNames || nameIsPersons { tie(&draft) }
    key(&draft)
    money(&draft.account)
    let toContact = draft.account.columns.isEmpty
    for (name, target) in MappingProposal.attributes(draft.rest) {
      if toContact {
        draft.contact.columns.append(Mapping.Column(name, targets: [target]))
      } else {
        draft.account.columns.append(Mapping.Column(name, targets: [target]))
      }
      reasons[name] = reasons[name] ?? "not recognised: kept as an attribute"
    }
    var mapping = Mapping()
    mapping.locale = locale
    mapping.country = country
    mapping.sections = [draft.account, draft.contact].filter { !$0.columns.isEmpty }
    return mapping
  }

  /// Each column to the company or the person, by its name or else by its values.
  private mutating func assign(hasPerson: Bool, nameIsPersons: Bool, _ draft: inout Draft) {
    var taken: Set<String> = []
    var seen: Set<String> = []
    for (index, name) in header.enumerated() where !name.isEmpty && seen.insert(name).inserted {
      let folded = Self.withoutUnit(Self.folded(name))
      let isPersonsName = nameIsPersons && ["name", "nimi", "namn"].contains(folded)
      if let target = isPersonsName ? "display_name" : Self.contactTable[folded], hasPerson,
        taken.insert("contact:\(target)").inserted
      {
        draft.contact.columns.append(Mapping.Column(name, targets: [target]))
        reasons[name] = "by its name"
      } else if let target = Self.accountTable[folded], !isPersonsName, taken.insert(target).inserted {
        draft.account.columns.append(Mapping.Column(name, targets: [target]))
        reasons[name] = "by its name"
      } else if let (target, person, why) = byValues(index), !person || hasPerson, taken.insert(target).inserted {
        if person {
          draft.contact.columns.append(Mapping.Column(name, targets: [target]))
        } else {
          draft.account.columns.append(Mapping.Column(name, targets: [target]))
        }
        reasons[name] = why
      } else {
        draft.rest.append(name)
      }
    }
  }

  /// Ties people to their companies: by the company's name in the same row, or by its business id; where there is
  /// neither, everything in the row is the person's.
  private mutating func tie(_ draft: inout Draft) {
    if let company = draft.account.columns.first(where: { $0.targets == ["display_name"] }) {
      draft.contact.columns.append(Mapping.Column(company.name, targets: ["employments.account"]))
      guard holdsOwnNames(of: company.name, "accounts") else { return }
      // They name accounts that are there: nothing of the row is about one.
      draft.account.columns.removeAll { $0.name == company.name }
    }
    var written = Set(draft.contact.columns.flatMap(\.targets))
    for column in draft.account.columns {
      guard let target = column.targets.first else { continue }
      let type = target.hasPrefix("identifiers.") ? String(target.dropFirst("identifiers.".count)) : ""
      if CleaningStep.identifierTypes.contains(type), written.insert("employments.account").inserted {
        let lookup = CleaningStep.lookup(kind: "account", system: type)
        draft.contact.columns.append(Mapping.Column(column.name, targets: ["employments.account"], steps: [lookup]))
        reasons[column.name] = "the employer, by its identifier"
      } else if let theirs = Self.personal(target), written.insert(theirs).inserted {
        draft.contact.columns.append(Mapping.Column(column.name, targets: [theirs]))
      } else {
        draft.rest.append(column.name)
      }
    }
    draft.account.columns = []
  }

  /// Units in the names of columns with money.
  private func money(_ account: inout Mapping.Section) {
    for index in account.columns.indices where account.columns[index].targets == ["revenue.amount"] {
      guard let unit = Self.unit(account.columns[index].name) else { continue }
      account.columns[index].steps = unit.power > 0 ? [.money, .times(power: unit.power)] : [.money]
      if let currency = unit.currency {
        account.constants.append(
          Mapping.Constant(target: "revenue.amount.currency", value: currency, line: 0))
      }
    }
  }

  /// A column that is called an id, and whose values all differ, is the key.
  private mutating func key(_ draft: inout Draft) {
    if ownKey(&draft) { return }
    let names = ["id", "customerid", "ticket user", "user id", "contact id", "person id", "customer id", "account id", "accountid", "asiakasnumero", "asiakas nro", "kundnummer"]
    for (index, name) in header.enumerated() where names.contains(Self.folded(name)) || names.contains(name.lowercased()) {
      let values = samples.compactMap { $0.indices.contains(index) ? $0[index] : nil }
      guard Set(values).count == values.count, draft.rest.contains(name) else { continue }
      if draft.account.columns.isEmpty {
        draft.contact.keySystem = "import"
        draft.contact.keyColumn = name
      } else {
        draft.account.keySystem = "import"
        draft.account.keyColumn = name
      }
      draft.rest.removeAll { $0 == name }
      reasons[name] = "by its name, and all values differ"
      return
    }
  }

  /// A column with Punos's own names of records is the key: the table is one of its exports for spreadsheets.
  private mutating func ownKey(_ draft: inout Draft) -> Bool {
    let section: WritableKeyPath<Draft, Mapping.Section> = draft.account.columns.isEmpty ? \.contact : \.account
    let collection = draft.account.columns.isEmpty ? "contacts" : "accounts"
    guard let name = draft.rest.first(where: { holdsOwnNames(of: $0, collection) }) else { return false }
    draft[keyPath: section].keySystem = MappingProposal.ownSystem
    draft[keyPath: section].keyColumn = name
    reasons[name] = "by its values: records of Punos"
    // What an export tells of several in one cell says nothing new.
    for column in draft.rest where Self.joined.contains(column) {
      draft[keyPath: section].columns.append(Mapping.Column(column, targets: []))
      reasons[column] = "several in one cell"
    }
    draft.rest.removeAll { $0 == name || Self.joined.contains($0) }
    return true
  }

  /// Columns of an export in which several things with names of their own stand in one cell.
  private static let joined: Set<String> = ["owners", "external_ids"]

  /// Whether a column's values are names of records of a collection, such as `accounts/01jz…`.
  private func holdsOwnNames(of column: String, _ collection: String) -> Bool {
    guard let index = header.firstIndex(of: column) else { return false }
    let values = samples.compactMap { $0.indices.contains(index) && !$0[index].isEmpty ? $0[index] : nil }
    return !values.isEmpty && values.allSatisfy { $0.hasPrefix("\(collection)/") }
  }

  /// The same field of a person; nil where people have none like it.
  private static func personal(_ target: String) -> String? {
    if target.hasPrefix("addresses") || target == "description" || target == "tags" { return target }
    return ["phones": "phones.number", "country": "addresses.country", "display_name": "display_name"][target]
  }

  /// `contactName` and `Phone_2` as words.
  private static func spaced(_ name: String) -> String {
    var result = ""
    var previousLower = false
    for character in name {
      if character.isUppercase, previousLower { result.append(" ") }
      previousLower = character.isLowercase
      result.append(character)
    }
    return result
  }

  /// What a column's values say it is, when nearly all of them agree.
  private func byValues(_ index: Int) -> (target: String, person: Bool, why: String)? {
    let values = samples.compactMap { row in
      row.indices.contains(index) ? Cleaning.text(row[index]).value : nil
    }
    guard values.count >= 3 else { return nil }
    let formats: [(FieldFormat, String, Bool, String)] = [
      (.email, "emails.address", true, "e-mail addresses"), (.yTunnus, "identifiers.y_tunnus", false, "business ids"),
      (.lei, "identifiers.lei", false, "LEIs"), (.url, "domains", false, "web addresses"),
    ]
    for (format, target, person, what) in formats {
      // A URL is one only when it says so: almost any text becomes one with https:// in front.
      let fitting = values.count {
        format == .url ? $0.hasPrefix("http") && format.canonical($0) != nil : format.canonical($0) != nil
      }
      if fitting * 10 >= values.count * 9 { return (target, person, "by its values: \(what)") }
    }
    return nil
  }
}
