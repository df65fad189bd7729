internal import PunosMessages
internal import Terminal

/// Names of fields and of their values in both languages.
enum FieldNames {
  private static let titles: [String: Term] = [
    "display_name": Term(en: "name", fi: "nimi"), "names": Term(en: "other names", fi: "muut nimet"),
    "status": Term(en: "status", fi: "tila"), "identifiers": Term(en: "identifiers", fi: "tunnukset"),
    "industries": Term(en: "industry", fi: "toimiala"), "employees": Term(en: "employees", fi: "henkilöstö"),
    "revenue": Term(en: "revenue", fi: "liikevaihto"), "founded_year": Term(en: "founded", fi: "perustettu"),
    "country": Term(en: "country", fi: "maa"), "addresses": Term(en: "addresses", fi: "osoitteet"),
    "domains": Term(en: "web", fi: "verkko"), "phones": Term(en: "phones", fi: "puhelimet"),
    "parents": Term(en: "owners of the company", fi: "emoyhtiöt"),
    "owners": Term(en: "responsible", fi: "vastuuhenkilöt"), "tags": Term(en: "tags", fi: "tunnisteet"),
    "attributes": Term(en: "attributes", fi: "lisätiedot"),
    "external_ids": Term(en: "ids elsewhere", fi: "tunnukset muualla"),
    "description": Term(en: "description", fi: "kuvaus"), "sources": Term(en: "sources", fi: "lähteet"),
    "given_name": Term(en: "given name", fi: "etunimi"),
    "family_name": Term(en: "family name", fi: "sukunimi"),
    "employments": Term(en: "works at", fi: "työpaikat"),
    "employment": Term(en: "employment", fi: "työsuhde"),
    "emails": Term(en: "e-mail", fi: "sähköposti"), "email": Term(en: "e-mail", fi: "sähköposti"),
    "phone": Term(en: "phone", fi: "puhelin"), "language": Term(en: "language", fi: "kieli"),
    "preferred_channel": Term(en: "reach by", fi: "tavoittaa"),
    "profession": Term(en: "profession", fi: "ammatti"),
    "age_group": Term(en: "age group", fi: "ikäryhmä"), "delete_time": Term(en: "deleted", fi: "poistettu"),
    "contact": Term(en: "person", fi: "henkilö"),
    "title": Term(en: "title", fi: "otsikko"), "direction": Term(en: "whose", fi: "kenen"),
    "team": Term(en: "team", fi: "tiimi"), "owner": Term(en: "answers for it", fi: "vastaa"),
    "promised_date": Term(en: "promised", fi: "luvattu"), "due_date": Term(en: "due", fi: "määräpäivä"),
    "settled_date": Term(en: "settled", fi: "ratkennut"), "settlement": Term(en: "outcome", fi: "lopputulos"),
    "evidence": Term(en: "evidence", fi: "perusteet"),
  ]

  private static let values: [String: Term] = [
    "STATUS_POTENTIAL": Term(en: "potential", fi: "potentiaalinen"),
    "STATUS_CURRENT": Term(en: "current", fi: "nykyinen"), "STATUS_FORMER": Term(en: "former", fi: "entinen"),
    "TYPE_Y_TUNNUS": Term(en: "Y-tunnus", fi: "Y-tunnus"), "TYPE_VAT": Term(en: "VAT", fi: "ALV-tunnus"),
    "TYPE_LEI": Term(en: "LEI", fi: "LEI"), "TYPE_DUNS": Term(en: "D-U-N-S", fi: "D-U-N-S"),
    "TYPE_OTHER": Term(en: "number", fi: "numero"),
    "TYPE_LEGAL": Term(en: "legal name", fi: "virallinen nimi"),
    "TYPE_TRADING": Term(en: "trading as", fi: "aputoiminimi"),
    "TYPE_FORMER": Term(en: "formerly", fi: "aiemmin"),
    "SCHEME_TOL_2008": Term(en: "TOL 2008", fi: "TOL 2008"),
    "SCHEME_TOL_2025": Term(en: "TOL 2025", fi: "TOL 2025"),
    "SCHEME_NACE_2": Term(en: "NACE 2", fi: "NACE 2"),
    "SCHEME_NACE_2_1": Term(en: "NACE 2.1", fi: "NACE 2.1"),
    "SCHEME_OWN": Term(en: "", fi: ""), "CHANNEL_EMAIL": Term(en: "e-mail", fi: "sähköposti"),
    "CHANNEL_PHONE": Term(en: "phone", fi: "puhelin"),
    "CHANNEL_TEXT_MESSAGE": Term(en: "text message", fi: "tekstiviesti"),
    "CHANNEL_VIDEO": Term(en: "video", fi: "video"),
    "CHANNEL_IN_PERSON": Term(en: "in person", fi: "tapaaminen"),
    "CHANNEL_LETTER": Term(en: "letter", fi: "kirje"),
    "DIRECTION_OURS": Term(en: "ours", fi: "meidän"), "DIRECTION_THEIRS": Term(en: "theirs", fi: "heidän"),
    "STATUS_OPEN": Term(en: "open", fi: "avoin"), "STATUS_KEPT": Term(en: "kept", fi: "pidetty"),
    "STATUS_BROKEN": Term(en: "broken", fi: "rikottu"), "STATUS_WITHDRAWN": Term(en: "withdrawn", fi: "peruttu"),
    "KIND_FEEDBACK": Term(en: "feedback", fi: "palaute"), "KIND_SURVEY": Term(en: "survey", fi: "kysely"),
    "KIND_DATABASE": Term(en: "database", fi: "tietokanta"), "KIND_TACIT": Term(en: "experience", fi: "hiljainen tieto"),
    "KIND_DISCUSSION": Term(en: "discussion", fi: "keskustelu"), "KIND_WEB": Term(en: "web", fi: "verkko"),
    "KIND_REGISTRY": Term(en: "registry", fi: "rekisteri"), "KIND_DOCUMENT": Term(en: "document", fi: "asiakirja"),
  ]

  private static let labels: [String: Term] = [
    "work": Term(en: "work", fi: "työ"), "mobile": Term(en: "mobile", fi: "matka"),
    "fax": Term(en: "fax", fi: "faksi"),
    "home": Term(en: "home", fi: "koti"), "visiting": Term(en: "visiting", fi: "käynti"),
    "postal": Term(en: "postal", fi: "posti"), "invoicing": Term(en: "invoicing", fi: "laskutus"),
    "billing": Term(en: "billing", fi: "laskutus"), "shipping": Term(en: "shipping", fi: "toimitus"),
    "sales": Term(en: "Sales", fi: "Myynti"), "delivery": Term(en: "Delivery", fi: "Toimitus"),
    "service": Term(en: "Service", fi: "Palvelu"), "account": Term(en: "account", fi: "asiakkuus"),
    "contact": Term(en: "contact", fi: "yhteyshenkilö"),
    "account_contact": Term(en: "person at an account", fi: "henkilö asiakkuudessa"),
    "commitment": Term(en: "promise", fi: "lupaus"),
  ]

  /// A field's path with its first part translated: `addresses[0].city` becomes `addresses · city`.
  static func title(of path: String, _ language: Language) -> String {
    let first = String(path.prefix { $0 != "." && $0 != "[" })
    let title = titles[first]?(in: language) ?? first
    guard let key = key(in: path) else { return title }
    return "\(title) · \(key)"
  }

  /// The key of a map's element: `sector` of `attributes["sector"].text`.
  private static func key(in path: String) -> String? {
    guard path.hasPrefix("attributes"), let open = path.firstIndex(of: "["),
      let close = path.firstIndex(of: "]"),
      open < close
    else { return nil }
    let key = path[path.index(after: open)..<close].filter { $0 != "\"" }
    return key.isEmpty ? nil : key
  }

  /// A value of an enum in words; nil for text that is none.
  static func enumTitle(_ name: String, _ language: Language) -> String? { values[name]?(in: language) }

  /// A label, team or kind in words; as it is where it is not known.
  static func label(_ label: String, _ language: Language) -> String { labels[label]?(in: language) ?? label }
}

extension FieldNames {
  /// A preferred channel in words.
  static func channel(_ channel: Contact.Channel, _ language: Language) -> String {
    let name: String =
      switch channel {
      case .email: "CHANNEL_EMAIL"
      case .phone: "CHANNEL_PHONE"
      case .textMessage: "CHANNEL_TEXT_MESSAGE"
      case .video: "CHANNEL_VIDEO"
      case .inPerson: "CHANNEL_IN_PERSON"
      case .letter: "CHANNEL_LETTER"
      default: ""
      }
    return enumTitle(name, language) ?? ""
  }
}
