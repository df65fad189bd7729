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
    ("y tunnus|ytunnus|business id|businessid|fo nummer|y tunnus ly", "identifiers.y_tunnus"),
    ("vat|vat number|vat id|alv numero|alv tunnus|momsnummer|vat nro", "identifiers.vat"),
    ("lei|lei code|lei koodi", "identifiers.lei"), ("duns|d u n s|duns number", "identifiers.duns"),
    ("sector|industry|toimiala|bransch", "attributes.sector"),
    ("employees|number of employees|henkilosto|henkilostomaara|tyontekijoita|anstallda|antal anstallda", "employees"),
    ("revenue|annual revenue|turnover|liikevaihto|omsattning", "revenue.amount"),
    ("year established|founded|year founded|perustettu|perustamisvuosi|grundat|grundad", "founded_year"),
    ("office location|country|maa|land|countryname|kotimaa", "country"),
    ("website|web|domain|verkkosivu|kotisivu|www|url|webbplats", "domains"),
    ("subsidiary of|parent|parent account|parent company|emoyhtio|konserni|moderbolag", "parents.account"),
    ("status|tila|asiakkuuden tila", "status"), ("tags|tunnisteet|labels", "tags"),
    ("description|notes|kuvaus|muistiinpanot|lisatiedot|beskrivning|anteckningar", "description"),
    ("address|street|street address|katuosoite|osoite|lahiosoite|adress|gatuadress|address1", "addresses.lines"),
    ("postal code|postalcode|zip|zip code|postcode|postinumero|postnummer", "addresses.postal_code"),
    ("city|town|kaupunki|postitoimipaikka|kunta|ort|stad|postort", "addresses.city"),
    ("region|state|province|maakunta|laani|lan", "addresses.region"),
    ("phone|telephone|phone number|puhelin|puhelinnumero|puh|telefon|tel|vaihde", "phones"),
  ]

  private static let contactNames: [(String, String)] = [
    ("contact|contact name|contactname|contact person|full name|fullname|yhteyshenkilo|henkilo|kontaktperson|person",
      "display_name"),
    ("first name|firstname|given name|etunimi|fornamn", "given_name"),
    ("last name|lastname|surname|family name|sukunimi|efternamn", "family_name"),
    ("title|job title|contact title|contacttitle|titteli|tehtavanimike|nimike|titel|befattning", "employments.title"),
    ("department|osasto|avdelning", "employments.department"), ("role|rooli|roll", "employments.role"),
    ("email|e mail|email address|sahkoposti|sahkopostiosoite|e post|epost", "emails.address"),
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

  /// The mapping; ``reasons`` says for each column why.
  mutating func make(country: String?) -> Mapping {
    var account = Mapping.Section(kind: "account")
    var contact = Mapping.Section(kind: "contact")
    var taken: Set<String> = []
    var rest: [String] = []
    func folded(_ name: String) -> String { DataText.folded(Self.spaced(name)) }
    let hasPerson = header.contains { name in
      ["display_name", "given_name", "family_name"].contains(Self.contactTable[folded(name)] ?? "")
    }
    for (index, name) in header.enumerated() where !name.isEmpty {
      if let target = Self.contactTable[folded(name)], hasPerson, taken.insert("contact:\(target)").inserted {
        contact.columns.append(Mapping.Column(name, targets: [target]))
        reasons[name] = "by its name"
      } else if let target = Self.accountTable[folded(name)], taken.insert(target).inserted {
        account.columns.append(Mapping.Column(name, targets: [target]))
        reasons[name] = "by its name"
      } else if let (target, person, why) = byValues(index), taken.insert(target).inserted {
        if person && hasPerson {
          contact.columns.append(Mapping.Column(name, targets: [target]))
        } else if !person {
          account.columns.append(Mapping.Column(name, targets: [target]))
        } else {
          rest.append(name)
          continue
        }
        reasons[name] = why
      } else {
        rest.append(name)
      }
    }
    let company = account.columns.first { $0.targets == ["display_name"] }
    if hasPerson, let company {
      contact.columns.append(Mapping.Column(company.name, targets: ["employments.account"]))
    } else if hasPerson {
      // People without companies: everything is theirs.
      for column in account.columns {
        if let target = column.targets.first, let theirs = Self.personal(target) {
          contact.columns.append(Mapping.Column(column.name, targets: [theirs]))
        } else {
          rest.append(column.name)
        }
      }
      account.columns = []
    }
    key(&account, &rest)
    let toContact = account.columns.isEmpty && hasPerson
    for (name, target) in MappingProposal.attributes(rest) {
      if toContact {
        contact.columns.append(Mapping.Column(name, targets: [target]))
      } else {
        account.columns.append(Mapping.Column(name, targets: [target]))
      }
      reasons[name] = reasons[name] ?? "not recognised: kept as an attribute"
    }
    var mapping = Mapping()
    mapping.locale = locale
    mapping.country = country
    mapping.sections = [account, contact].filter { !$0.columns.isEmpty }
    return mapping
  }

  /// A column that is called an id, and whose values all differ, is the key; else the names are, which is said.
  private mutating func key(_ section: inout Mapping.Section, _ rest: inout [String]) {
    let names = ["id", "customerid", "customer id", "account id", "accountid", "asiakasnumero", "asiakas nro", "kundnummer"]
    for (index, name) in header.enumerated() where names.contains(DataText.folded(Self.spaced(name))) || names.contains(name.lowercased()) {
      let values = samples.compactMap { $0.indices.contains(index) ? $0[index] : nil }
      guard Set(values).count == values.count, rest.contains(name), !section.columns.isEmpty else { continue }
      section.keySystem = "import"
      section.keyColumn = name
      rest.removeAll { $0 == name }
      reasons[name] = "by its name, and all values differ"
      return
    }
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
