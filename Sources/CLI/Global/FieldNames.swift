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
    "type": Term(en: "kind", fi: "laji"), "need": Term(en: "need", fi: "tarve"),
    "stages": Term(en: "stages", fi: "vaiheet"), "stage": Term(en: "stage", fi: "vaihe"),
    "criteria": Term(en: "criteria", fi: "kriteerit"), "paper_process": Term(en: "papers", fi: "paperit"),
    "pains": Term(en: "pains", fi: "kivut"), "value": Term(en: "value", fi: "arvo"),
    "customer_value": Term(en: "value to them", fi: "arvo heille"),
    "customer_value_basis": Term(en: "reckoned so", fi: "laskettu näin"),
    "competitors": Term(en: "may choose instead", fi: "vaihtoehdot"),
    "opened_date": Term(en: "opened", fi: "avattu"), "expected_date": Term(en: "expected", fi: "odotetaan"),
    "needed_date": Term(en: "needed by", fi: "tarvitaan"), "decided_date": Term(en: "decided", fi: "päätetty"),
    "reasons": Term(en: "because", fi: "syyt"), "winner": Term(en: "won by", fi: "voittaja"),
    "product": Term(en: "product", fi: "tuote"), "manager": Term(en: "led by", fi: "esihenkilö"),
    "region": Term(en: "region", fi: "alue"), "purchase": Term(en: "purchase", fi: "osto"),
    "role": Term(en: "role", fi: "rooli"), "more_roles": Term(en: "other roles", fi: "muut roolit"),
    "other_role": Term(en: "role in words", fi: "rooli sanoin"), "stance": Term(en: "stance", fi: "kanta"),
    "influence": Term(en: "influence", fi: "vaikutusvalta"), "coverage": Term(en: "contact", fi: "yhteys"),
    "wanted_coverage": Term(en: "contact wanted", fi: "toivottu yhteys"),
    "covered_by": Term(en: "in touch", fi: "yhteyttä pitää"),
    "last_contact_time": Term(en: "last contact", fi: "viimeksi yhteydessä"),
    "access_to": Term(en: "reaches", fi: "tavoittaa"), "wants": Term(en: "wants", fi: "haluaa"),
    "concerns": Term(en: "concerns", fi: "huolet"), "valid_from": Term(en: "from", fi: "alkaen"),
    "valid_to": Term(en: "until", fi: "asti"), "is_default": Term(en: "default", fi: "oletus"),
    "journey": Term(en: "journey", fi: "polku"), "from_stage": Term(en: "from", fi: "mistä"),
    "to_stage": Term(en: "to", fi: "mihin"), "moved_time": Term(en: "when", fi: "milloin"),
    "move": Term(en: "kind of move", fi: "siirtymän laji"), "reason": Term(en: "why", fi: "miksi"),
    "backwards": Term(en: "backwards", fi: "taaksepäin"), "confirmed": Term(en: "confirmed", fi: "vahvistettu"),
    "principal": Term(en: "by", fi: "tekijä"), "reverted": Term(en: "taken back", fi: "peruttu"),
    "reverted_time": Term(en: "taken back", fi: "peruttu"), "reverted_by": Term(en: "taken back by", fi: "perunut"),
    "revert_reason": Term(en: "taken back because", fi: "perumisen syy"),
    "industry": Term(en: "industry", fi: "toimiala"),
    "days_in_stage": Term(en: "days before", fi: "päiviä ennen"),
    "time": Term(en: "when", fi: "milloin"), "channel": Term(en: "how", fi: "miten"),
    "setting": Term(en: "setting", fi: "ympäristö"), "contacts": Term(en: "people", fi: "henkilöt"),
    "teammates": Term(en: "of ours", fi: "meiltä"), "touchpoint": Term(en: "touchpoint", fi: "kohtaamispiste"),
    "activity": Term(en: "activity", fi: "toiminta"),
    "sentiment": Term(en: "how it felt", fi: "tunnelma"), "duration": Term(en: "duration", fi: "kesto"),
    "notes": Term(en: "notes", fi: "muistiinpanot"), "subject": Term(en: "about", fi: "aihe"),
    "from_contact": Term(en: "who", fi: "kuka"), "from_teammate": Term(en: "who of ours", fi: "kuka meiltä"),
    "to": Term(en: "to whom", fi: "kenelle"), "kind": Term(en: "kind", fi: "laji"),
    "strength": Term(en: "strength", fi: "vahvuus"),
    "claim": Term(en: "claim", fi: "väite"), "dimension": Term(en: "about", fi: "aihe"),
    "topic": Term(en: "topic", fi: "osa-alue"), "source_kind": Term(en: "known from", fi: "lähde"),
    "confidence": Term(en: "how sure", fi: "varmuus"), "half_life_days": Term(en: "half-life, days", fi: "puoliintuu, pv"),
    "impact": Term(en: "impact", fi: "merkitys"), "serves": Term(en: "serves", fi: "hyödyttää"),
    "observed_time": Term(en: "seen or heard", fi: "havaittu"),
    "confirmations": Term(en: "confirmed by", fi: "vahvistaneet"),
    "disputes": Term(en: "disputed by", fi: "kiistäneet"), "review_time": Term(en: "reviewed", fi: "tarkistettu"),
    "stale_time": Term(en: "to be reviewed", fi: "tarkistettava"),
    "withholding": Term(en: "withheld", fi: "rajattu"), "withheld": Term(en: "withheld from you", fi: "rajattu sinulta"),
    "severity": Term(en: "matters", fi: "vakavuus"),
    "explanation": Term(en: "why", fi: "miksi"), "dedup_key": Term(en: "key", fi: "avain"),
    "raised_time": Term(en: "raised", fi: "nostettu"), "computed": Term(en: "found by the server", fi: "palvelimen löytämä"),
    "state": Term(en: "state", fi: "tila"), "handled_by": Term(en: "handled by", fi: "käsitteli"),
    "handled_team": Term(en: "their team", fi: "käsittelijän tiimi"),
    "handled_time": Term(en: "handled", fi: "käsitelty"), "handling": Term(en: "what was done", fi: "toimet"),
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
    "CHANNEL_MEETING": Term(en: "meeting", fi: "tapaaminen"), "CHANNEL_CHAT": Term(en: "chat", fi: "viestittely"),
    "CHANNEL_EVENT": Term(en: "event", fi: "tapahtuma"), "CHANNEL_WEB": Term(en: "web", fi: "verkko"),
    "CHANNEL_PORTAL": Term(en: "portal", fi: "portaali"), "CHANNEL_ORDER": Term(en: "order", fi: "tilaus"),
    "CHANNEL_TICKET": Term(en: "service request", fi: "palvelupyyntö"),
    "CHANNEL_DELIVERY": Term(en: "delivery", fi: "toimitus"), "CHANNEL_INVOICE": Term(en: "invoice", fi: "lasku"),
    "CHANNEL_SOCIAL": Term(en: "social media", fi: "sosiaalinen media"), "CHANNEL_OTHER": Term(en: "other", fi: "muu"),
    "SETTING_ONLINE": Term(en: "online", fi: "verkossa"), "SETTING_OFFLINE": Term(en: "offline", fi: "paikan päällä"),
    "DIRECTION_INBOUND": Term(en: "from them", fi: "heiltä"), "DIRECTION_OUTBOUND": Term(en: "from us", fi: "meiltä"),
    "DIRECTION_MUTUAL": Term(en: "both ways", fi: "molemmin puolin"),
    "KIND_REPORTS_TO": Term(en: "reports to", fi: "raportoi"),
    "KIND_INFLUENCES": Term(en: "influences", fi: "vaikuttaa"), "KIND_TRUSTS": Term(en: "trusts", fi: "luottaa"),
    "KIND_CONFLICTS_WITH": Term(en: "conflicts with", fi: "on ristiriidassa"),
    "KIND_SPONSORS": Term(en: "sponsors", fi: "puhuu puolesta"), "KIND_KNOWS": Term(en: "knows", fi: "tuntee"),
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
    "TYPE_NEW": Term(en: "new", fi: "uusi"), "TYPE_EXPANSION": Term(en: "expansion", fi: "laajennus"),
    "TYPE_RENEWAL": Term(en: "renewal", fi: "uusinta"), "TYPE_REPLACEMENT": Term(en: "replacement", fi: "korvaus"),
    "TYPE_TENDER": Term(en: "tender", fi: "tarjouskilpailu"), "TYPE_ROUTINE": Term(en: "routine", fi: "rutiini"),
    "STATUS_WON": Term(en: "won", fi: "voitettu"), "STATUS_LOST": Term(en: "lost", fi: "hävitty"),
    "STATUS_NO_DECISION": Term(en: "no decision", fi: "ei päätöstä"),
    "ROLE_ECONOMIC_BUYER": Term(en: "economic buyer", fi: "rahoista päättävä"),
    "ROLE_DECISION_MAKER": Term(en: "decision maker", fi: "päätöksentekijä"),
    "ROLE_CHAMPION": Term(en: "champion", fi: "puolestapuhuja"),
    "ROLE_INFLUENCER": Term(en: "influencer", fi: "vaikuttaja"),
    "ROLE_TECHNICAL_EVALUATOR": Term(en: "technical evaluator", fi: "tekninen arvioija"),
    "ROLE_USER": Term(en: "user", fi: "käyttäjä"), "ROLE_PROCUREMENT": Term(en: "procurement", fi: "hankinta"),
    "ROLE_LEGAL": Term(en: "legal", fi: "lakimies"), "ROLE_APPROVER": Term(en: "approver", fi: "hyväksyjä"),
    "ROLE_GATEKEEPER": Term(en: "gatekeeper", fi: "portinvartija"),
    "ROLE_EXECUTIVE_SPONSOR": Term(en: "executive sponsor", fi: "johdon tukija"),
    "ROLE_OTHER": Term(en: "other", fi: "muu"), "STANCE_AGAINST": Term(en: "against", fi: "vastaan"),
    "STANCE_SCEPTICAL": Term(en: "sceptical", fi: "epäilevä"), "STANCE_NEUTRAL": Term(en: "neutral", fi: "neutraali"),
    "STANCE_SUPPORTIVE": Term(en: "supportive", fi: "puolella"), "STANCE_MENTOR": Term(en: "mentor", fi: "mentori"),
    "COVERAGE_NONE": Term(en: "none", fi: "ei yhteyttä"), "COVERAGE_BRIEF": Term(en: "brief", fi: "lyhyt"),
    "COVERAGE_SEVERAL": Term(en: "several", fi: "useita"), "COVERAGE_DEEP": Term(en: "deep", fi: "syvä"),
    "MOVE_ENTRY": Term(en: "entry", fi: "alku"), "MOVE_FORWARD": Term(en: "forward", fi: "eteenpäin"),
    "MOVE_BACKWARD": Term(en: "back", fi: "taaksepäin"), "MOVE_DROP": Term(en: "dropped out", fi: "poistui"),
    "KIND_MISSING_ROLE": Term(en: "missing role", fi: "rooli puuttuu"),
    "KIND_NOBODY_COVERED": Term(en: "nobody covered", fi: "ei yhteyttä kehenkään"),
    "KIND_SINGLE_CONTACT": Term(en: "single contact", fi: "yhden henkilön varassa"),
    "KIND_SINGLE_TEAMMATE": Term(en: "single teammate", fi: "yhden tekijämme varassa"),
    "KIND_OPPONENT_UNCOVERED": Term(en: "opponent uncovered", fi: "vastustaja ilman yhteyttä"),
    "KIND_STALE": Term(en: "stale", fi: "vanhentunut"),
    "KIND_BELOW_WANTED": Term(en: "below wanted", fi: "toivottua vähemmän"),
    "KIND_CHAMPION_WITHOUT_ACCESS": Term(en: "champion without access", fi: "puolestapuhuja ei tavoita"),
    "KIND_LEFT": Term(en: "left", fi: "lähtenyt"),
    "KIND_PRICE": Term(en: "price", fi: "hinta"), "KIND_FIT": Term(en: "fit", fi: "sopivuus"),
    "KIND_RELATIONSHIP": Term(en: "relationship", fi: "suhde"), "KIND_TIMING": Term(en: "timing", fi: "ajoitus"),
    "KIND_PRIORITY": Term(en: "priority", fi: "painotus"),
    "KIND_DECISION_MAKER": Term(en: "decision maker", fi: "päättäjä"),
    "KIND_RISK": Term(en: "risk", fi: "riski"), "KIND_EXPERIENCE": Term(en: "experience", fi: "kokemus"),
    "KIND_OTHER": Term(en: "other", fi: "muu"),
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
    "commitment": Term(en: "promise", fi: "lupaus"), "purchase": Term(en: "purchase", fi: "osto"),
    "committee_member": Term(en: "member of a committee", fi: "päätöksentekijä"),
    "journey": Term(en: "journey", fi: "asiakaspolku"), "stage_transition": Term(en: "move", fi: "siirtymä"),
    "interaction": Term(en: "interaction", fi: "vuorovaikutus"),
    "relationship": Term(en: "relationship", fi: "suhde"),
    "insight": Term(en: "insight", fi: "havainto"),
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
