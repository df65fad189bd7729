/// Names of fields and of their values in both languages.
enum FieldNames {
  private static let titles: [String: Phrase] = [
    "display_name": Phrase(en: "name", fi: "nimi"), "names": Phrase(en: "other names", fi: "muut nimet"),
    "status": Phrase(en: "status", fi: "tila"), "identifiers": Phrase(en: "identifiers", fi: "tunnukset"),
    "industries": Phrase(en: "industry", fi: "toimiala"), "employees": Phrase(en: "employees", fi: "henkilöstö"),
    "revenue": Phrase(en: "revenue", fi: "liikevaihto"), "founded_year": Phrase(en: "founded", fi: "perustettu"),
    "country": Phrase(en: "country", fi: "maa"), "addresses": Phrase(en: "addresses", fi: "osoitteet"),
    "domains": Phrase(en: "web", fi: "verkko"), "phones": Phrase(en: "phones", fi: "puhelimet"),
    "parents": Phrase(en: "owners of the company", fi: "emoyhtiöt"),
    "owners": Phrase(en: "responsible", fi: "vastuuhenkilöt"), "tags": Phrase(en: "tags", fi: "tunnisteet"),
    "attributes": Phrase(en: "attributes", fi: "lisätiedot"), "external_ids": Phrase(en: "ids elsewhere", fi: "tunnukset muualla"),
    "description": Phrase(en: "description", fi: "kuvaus"), "sources": Phrase(en: "sources", fi: "lähteet"),
    "given_name": Phrase(en: "given name", fi: "etunimi"), "family_name": Phrase(en: "family name", fi: "sukunimi"),
    "employments": Phrase(en: "works at", fi: "työpaikat"), "employment": Phrase(en: "employment", fi: "työsuhde"),
    "emails": Phrase(en: "e-mail", fi: "sähköposti"), "email": Phrase(en: "e-mail", fi: "sähköposti"),
    "phone": Phrase(en: "phone", fi: "puhelin"), "language": Phrase(en: "language", fi: "kieli"),
    "preferred_channel": Phrase(en: "reach by", fi: "tavoittaa"), "profession": Phrase(en: "profession", fi: "ammatti"),
    "age_group": Phrase(en: "age group", fi: "ikäryhmä"), "delete_time": Phrase(en: "deleted", fi: "poistettu"),
    "contact": Phrase(en: "person", fi: "henkilö"),
  ]

  private static let values: [String: Phrase] = [
    "STATUS_POTENTIAL": Phrase(en: "potential", fi: "potentiaalinen"),
    "STATUS_CURRENT": Phrase(en: "current", fi: "nykyinen"), "STATUS_FORMER": Phrase(en: "former", fi: "entinen"),
    "TYPE_Y_TUNNUS": Phrase(en: "Y-tunnus", fi: "Y-tunnus"), "TYPE_VAT": Phrase(en: "VAT", fi: "ALV-tunnus"),
    "TYPE_LEI": Phrase(en: "LEI", fi: "LEI"), "TYPE_DUNS": Phrase(en: "D-U-N-S", fi: "D-U-N-S"),
    "TYPE_OTHER": Phrase(en: "number", fi: "numero"), "TYPE_LEGAL": Phrase(en: "legal name", fi: "virallinen nimi"),
    "TYPE_TRADING": Phrase(en: "trading as", fi: "aputoiminimi"),
    "TYPE_FORMER": Phrase(en: "formerly", fi: "aiemmin"),
    "SCHEME_TOL_2008": Phrase(en: "TOL 2008", fi: "TOL 2008"), "SCHEME_TOL_2025": Phrase(en: "TOL 2025", fi: "TOL 2025"),
    "SCHEME_NACE_2": Phrase(en: "NACE 2", fi: "NACE 2"), "SCHEME_NACE_2_1": Phrase(en: "NACE 2.1", fi: "NACE 2.1"),
    "SCHEME_OWN": Phrase(en: "", fi: ""), "CHANNEL_EMAIL": Phrase(en: "e-mail", fi: "sähköposti"),
    "CHANNEL_PHONE": Phrase(en: "phone", fi: "puhelin"),
    "CHANNEL_TEXT_MESSAGE": Phrase(en: "text message", fi: "tekstiviesti"),
    "CHANNEL_VIDEO": Phrase(en: "video", fi: "video"), "CHANNEL_IN_PERSON": Phrase(en: "in person", fi: "tapaaminen"),
    "CHANNEL_LETTER": Phrase(en: "letter", fi: "kirje"),
  ]

  private static let labels: [String: Phrase] = [
    "work": Phrase(en: "work", fi: "työ"), "mobile": Phrase(en: "mobile", fi: "matka"), "fax": Phrase(en: "fax", fi: "faksi"),
    "home": Phrase(en: "home", fi: "koti"), "visiting": Phrase(en: "visiting", fi: "käynti"),
    "postal": Phrase(en: "postal", fi: "posti"), "invoicing": Phrase(en: "invoicing", fi: "laskutus"),
    "billing": Phrase(en: "billing", fi: "laskutus"), "shipping": Phrase(en: "shipping", fi: "toimitus"),
    "sales": Phrase(en: "Sales", fi: "Myynti"), "delivery": Phrase(en: "Delivery", fi: "Toimitus"),
    "service": Phrase(en: "Service", fi: "Palvelu"), "account": Phrase(en: "account", fi: "asiakkuus"),
    "account_contact": Phrase(en: "person at an account", fi: "henkilö asiakkuudessa"),
  ]

  /// A field's path with its first part translated: `addresses[0].city` becomes `addresses · city`.
  static func title(of path: String, _ language: Language) -> String {
    let first = String(path.prefix { $0 != "." && $0 != "[" })
    let title = titles[first]?.text(language) ?? first
    guard let key = key(in: path) else { return title }
    return "\(title) · \(key)"
  }

  /// The key of a map's element: `sector` of `attributes["sector"].text`.
  private static func key(in path: String) -> String? {
    guard path.hasPrefix("attributes"), let open = path.firstIndex(of: "["), let close = path.firstIndex(of: "]"),
      open < close
    else { return nil }
    let key = path[path.index(after: open)..<close].filter { $0 != "\"" }
    return key.isEmpty ? nil : key
  }

  /// A value of an enum in words; nil for text that is none.
  static func enumTitle(_ name: String, _ language: Language) -> String? { values[name]?.text(language) }

  /// A label, team or kind in words; as it is where it is not known.
  static func label(_ label: String, _ language: Language) -> String { labels[label]?.text(language) ?? label }
}
