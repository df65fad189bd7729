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
    "registry_claims": Term(en: "registries say", fi: "rekisterit kertovat"),
    "title": Term(en: "title", fi: "otsikko"), "direction": Term(en: "whose", fi: "kenen"),
    "team": Term(en: "team", fi: "tiimi"), "owner": Term(en: "answers for it", fi: "vastaa"),
    "promised_date": Term(en: "promised", fi: "luvattu"), "due_date": Term(en: "due", fi: "määräpäivä"),
    "settled_date": Term(en: "settled", fi: "ratkennut"), "settlement": Term(en: "outcome", fi: "lopputulos"),
    "evidence": Term(en: "evidence", fi: "perusteet"),
    "claim": Term(en: "claim", fi: "väite"), "dimension": Term(en: "about", fi: "aihe"),
    "topic": Term(en: "topic", fi: "osa-alue"), "source_kind": Term(en: "known from", fi: "lähde"),
    "confidence": Term(en: "how sure", fi: "varmuus"), "half_life_days": Term(en: "half-life, days", fi: "puoliintuu, pv"),
    "impact": Term(en: "impact", fi: "merkitys"), "serves": Term(en: "serves", fi: "hyödyttää"),
    "observed_time": Term(en: "seen or heard", fi: "havaittu"),
    "confirmations": Term(en: "confirmed by", fi: "vahvistaneet"),
    "disputes": Term(en: "disputed by", fi: "kiistäneet"), "review_time": Term(en: "reviewed", fi: "tarkistettu"),
    "stale_time": Term(en: "to be reviewed", fi: "tarkistettava"),
    "withholding": Term(en: "withheld", fi: "rajattu"), "withheld": Term(en: "withheld from you", fi: "rajattu sinulta"),
    "kind": Term(en: "kind", fi: "laji"), "severity": Term(en: "matters", fi: "vakavuus"),
    "explanation": Term(en: "why", fi: "miksi"), "dedup_key": Term(en: "key", fi: "avain"),
    "raised_time": Term(en: "raised", fi: "nostettu"), "computed": Term(en: "found by the server", fi: "palvelimen löytämä"),
    "state": Term(en: "state", fi: "tila"), "handled_by": Term(en: "handled by", fi: "käsitteli"),
    "handled_team": Term(en: "their team", fi: "käsittelijän tiimi"),
    "handled_time": Term(en: "handled", fi: "käsitelty"), "handling": Term(en: "what was done", fi: "toimet"),
    "valid_from": Term(en: "since", fi: "alkaen"), "valid_to": Term(en: "until", fi: "asti"),
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
    "DIMENSION_BUSINESS": Term(en: "business", fi: "liiketoiminta"),
    "DIMENSION_DECISION": Term(en: "decision", fi: "päätöksenteko"),
    "DIMENSION_EXPERIENCE": Term(en: "experience", fi: "asiakaskokemus"),
    "DIMENSION_END_CUSTOMERS": Term(en: "end customers", fi: "asiakkaan asiakkaat"),
    "DIMENSION_VALUE": Term(en: "value", fi: "asiakasarvo"),
    "TOPIC_STRATEGY": Term(en: "strategy", fi: "strategia"), "TOPIC_GOAL": Term(en: "goal", fi: "tavoite"),
    "TOPIC_PRESSURE": Term(en: "pressure", fi: "paine"), "TOPIC_MARKET": Term(en: "market", fi: "markkina"),
    "TOPIC_COMPETITOR": Term(en: "competitor", fi: "kilpailija"),
    "TOPIC_REGULATION": Term(en: "regulation", fi: "sääntely"),
    "TOPIC_RHYTHM": Term(en: "rhythm of the year", fi: "vuoden rytmi"),
    "TOPIC_BUYING_PROCESS": Term(en: "buying process", fi: "ostoprosessi"),
    "TOPIC_DECISION_MAKER": Term(en: "decision maker", fi: "päättäjä"),
    "TOPIC_STAKEHOLDERS": Term(en: "stakeholders", fi: "osalliset"),
    "TOPIC_CRITERIA": Term(en: "criteria", fi: "valintaperusteet"),
    "TOPIC_TIMELINE": Term(en: "timeline", fi: "aikataulu"),
    "TOPIC_EXPECTATION": Term(en: "expectations", fi: "odotukset"),
    "TOPIC_SATISFACTION": Term(en: "satisfaction", fi: "tyytyväisyys"),
    "TOPIC_TOUCHPOINTS": Term(en: "touchpoints", fi: "kohtaamiset"),
    "TOPIC_PROMISES": Term(en: "promises", fi: "lupaukset"), "TOPIC_SEGMENTS": Term(en: "segments", fi: "segmentit"),
    "TOPIC_END_CUSTOMER_EXPECTATION": Term(en: "what their customers expect", fi: "asiakkaiden odotukset"),
    "TOPIC_END_CUSTOMER_EXPERIENCE": Term(en: "what their customers experience", fi: "asiakkaiden kokemukset"),
    "TOPIC_END_CUSTOMER_TREND": Term(en: "how their customers change", fi: "asiakkaiden muutos"),
    "TOPIC_VALUE_DRIVERS": Term(en: "value drivers", fi: "arvotekijät"),
    "TOPIC_VALUE_WEIGHTS": Term(en: "what weighs most", fi: "painotukset"),
    "TOPIC_VALUE_BASELINE": Term(en: "baseline", fi: "lähtötaso"),
    "TOPIC_VALUE_REALISED": Term(en: "value realised", fi: "toteutunut arvo"),
    "TOPIC_DIFFERENTIATION": Term(en: "what sets us apart", fi: "erottautuminen"),
    "PURPOSE_SALES": Term(en: "sales", fi: "myynti"), "PURPOSE_DELIVERY": Term(en: "delivery", fi: "toimitus"),
    "PURPOSE_PRODUCT": Term(en: "product", fi: "tuotekehitys"),
    "IMPACT_MINOR": Term(en: "minor", fi: "vähäinen"), "IMPACT_USEFUL": Term(en: "useful", fi: "hyödyllinen"),
    "IMPACT_DECISIVE": Term(en: "decisive", fi: "ratkaiseva"), "STATUS_RETIRED": Term(en: "retired", fi: "poistunut"),
    "STATE_OPEN": Term(en: "open", fi: "avoin"), "STATE_ACKNOWLEDGED": Term(en: "taken care of", fi: "hoidossa"),
    "STATE_DISMISSED": Term(en: "dismissed", fi: "ohitettu"),
    "SEVERITY_INFO": Term(en: "good to know", fi: "tiedoksi"), "SEVERITY_NOTICE": Term(en: "notice", fi: "huomio"),
    "SEVERITY_WARNING": Term(en: "warning", fi: "varoitus"), "SEVERITY_CRITICAL": Term(en: "critical", fi: "vakava"),
    "KIND_CONTACT_LEFT": Term(en: "contact left", fi: "yhteyshenkilö lähti"),
    "KIND_DECISION_MAKER_CHANGED": Term(en: "decision maker changed", fi: "päättäjä vaihtui"),
    "KIND_SILENCE": Term(en: "silence", fi: "hiljaisuus"),
    "KIND_SENTIMENT_TURNED": Term(en: "tone turned", fi: "sävy muuttui"),
    "KIND_COVERAGE_LOST": Term(en: "coverage lost", fi: "kattavuus katosi"),
    "KIND_VALUE_PROMISE_MISSED": Term(en: "value promise missed", fi: "arvolupaus jäi täyttymättä"),
    "KIND_REGISTRY_DIFFERENCE": Term(en: "registry differs", fi: "rekisteri poikkeaa"),
    "KIND_COMMITMENT_OVERDUE": Term(en: "promise overdue", fi: "lupaus myöhässä"),
    "KIND_INSIGHT_STALE": Term(en: "insight stale", fi: "havainto vanhentunut"),
    "KIND_STRATEGY": Term(en: "strategy", fi: "strategia"), "KIND_GROWTH": Term(en: "growth", fi: "kasvu"),
    "KIND_DECLINE": Term(en: "decline", fi: "supistuminen"), "KIND_COMPETITOR": Term(en: "competitor", fi: "kilpailija"),
    "KIND_REGULATION": Term(en: "regulation", fi: "sääntely"), "KIND_ANOMALY": Term(en: "anomaly", fi: "poikkeama"),
    "KIND_PERSON": Term(en: "person", fi: "henkilö"),
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
    "commitment": Term(en: "promise", fi: "lupaus"), "insight": Term(en: "insight", fi: "havainto"),
    "signal": Term(en: "signal", fi: "muutos"),
    "business_claim": Term(en: "business claim", fi: "liiketoimintatieto"),
  ]

  /// A field's path with its first part translated: `addresses[0].city` becomes `osoitteet`, `attributes.legal_form`
  /// `lisätiedot · legal form`.
  static func title(of path: String, _ language: Language) -> String {
    let first = String(path.prefix { $0 != "." && $0 != "[" })
    let title = titles[first]?(in: language) ?? first
    guard let key = key(in: path) else { return title }
    return "\(title) · \(RegistryWords.attribute(key, language) ?? key)"
  }

  /// The key of a map's element: `sector` of `attributes.sector.text`, `x y` of ``attributes.`x y` ``.
  private static func key(in path: String) -> String? {
    guard path.hasPrefix("attributes.") else { return nil }
    let rest = path.dropFirst("attributes.".count)
    let key = rest.hasPrefix("`") ? rest.dropFirst().prefix { $0 != "`" } : rest.prefix { $0 != "." }
    return key.isEmpty ? nil : String(key)
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
