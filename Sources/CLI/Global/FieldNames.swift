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
    "needed_date": Term(en: "needed by", fi: "tarvitaan"),
    "decided_date": Term(en: "decided", fi: "päätetty"),
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
    "backwards": Term(en: "backwards", fi: "taaksepäin"),
    "confirmed": Term(en: "confirmed", fi: "vahvistettu"),
    "principal": Term(en: "by", fi: "tekijä"), "reverted": Term(en: "taken back", fi: "peruttu"),
    "left_time": Term(en: "until", fi: "päättyi"), "latest": Term(en: "there now", fi: "siellä nyt"),
    "other_losses": Term(en: "lost in other currencies", fi: "menetetty muissa valuutoissa"),
    "reverted_time": Term(en: "taken back", fi: "peruttu"),
    "reverted_by": Term(en: "taken back by", fi: "perunut"),
    "revert_reason": Term(en: "taken back because", fi: "perumisen syy"),
    "industry": Term(en: "industry", fi: "toimiala"),
    "days_in_stage": Term(en: "days before", fi: "päiviä ennen"),
    "time": Term(en: "when", fi: "milloin"), "channel": Term(en: "how", fi: "miten"),
    "setting": Term(en: "setting", fi: "ympäristö"), "contacts": Term(en: "people", fi: "henkilöt"),
    "teammates": Term(en: "of ours", fi: "meiltä"),
    "touchpoint": Term(en: "touchpoint", fi: "kohtaamispiste"),
    "activity": Term(en: "activity", fi: "toiminta"),
    "sentiment": Term(en: "how it felt", fi: "tunnelma"), "duration": Term(en: "duration", fi: "kesto"),
    "notes": Term(en: "notes", fi: "muistiinpanot"), "subject": Term(en: "about", fi: "aihe"),
    "from_contact": Term(en: "who", fi: "kuka"), "from_teammate": Term(en: "who of ours", fi: "kuka meiltä"),
    "to": Term(en: "to whom", fi: "kenelle"), "kind": Term(en: "kind", fi: "laji"),
    "strength": Term(en: "strength", fi: "vahvuus"),
    "claim": Term(en: "claim", fi: "väite"), "dimension": Term(en: "about", fi: "aihe"),
    "topic": Term(en: "topic", fi: "osa-alue"), "source_kind": Term(en: "known from", fi: "lähde"),
    "confidence": Term(en: "how sure", fi: "varmuus"),
    "half_life_days": Term(en: "half-life, days", fi: "puoliintuu, pv"),
    "impact": Term(en: "impact", fi: "merkitys"), "serves": Term(en: "serves", fi: "hyödyttää"),
    "observed_time": Term(en: "seen or heard", fi: "havaittu"),
    "confirmations": Term(en: "confirmed by", fi: "vahvistaneet"),
    "disputes": Term(en: "disputed by", fi: "kiistäneet"),
    "review_time": Term(en: "reviewed", fi: "tarkistettu"),
    "stale_time": Term(en: "to be reviewed", fi: "tarkistettava"),
    "withholding": Term(en: "withheld", fi: "rajattu"),
    "withheld": Term(en: "withheld from you", fi: "rajattu sinulta"),
    "severity": Term(en: "matters", fi: "vakavuus"),
    "explanation": Term(en: "why", fi: "miksi"), "dedup_key": Term(en: "key", fi: "avain"),
    "raised_time": Term(en: "raised", fi: "nostettu"),
    "computed": Term(en: "found by the server", fi: "palvelimen löytämä"),
    "state": Term(en: "state", fi: "tila"), "handled_by": Term(en: "handled by", fi: "käsitteli"),
    "handled_team": Term(en: "their team", fi: "käsittelijän tiimi"),
    "handled_time": Term(en: "handled", fi: "käsitelty"), "handling": Term(en: "what was done", fi: "toimet"),
    "from_team": Term(en: "from", fi: "keneltä"),
    "to_team": Term(en: "to", fi: "kenelle"), "from_people": Term(en: "who hands over", fi: "luovuttajat"),
    "to_people": Term(en: "who takes over", fi: "vastaanottajat"),
    "summary": Term(en: "summary", fi: "tiivistelmä"),
    "template": Term(en: "template", fi: "pohja"),
    "items": Term(en: "items", fi: "kohdat"),
    "offered_time": Term(en: "offered", fi: "tarjottu"), "offered_by": Term(en: "offered by", fi: "tarjoaja"),
    "first_offered_time": Term(en: "first offered", fi: "ensi kerran tarjottu"),
    "accepted_time": Term(en: "accepted", fi: "hyväksytty"),
    "accepted_by": Term(en: "accepted by", fi: "hyväksyjä"),
    "closed_time": Term(en: "closed", fi: "suljettu"),
    "closed_by": Term(en: "closed by", fi: "sulkija"),
    "closed_team": Term(en: "closed by team", fi: "sulkenut tiimi"),
    "outcome": Term(en: "outcome", fi: "lopputulos"),
    "returns": Term(en: "returned", fi: "palautukset"),
    "rung": Term(en: "rung", fi: "porras"),
    "position": Term(en: "beside competitors", fi: "kilpailussa"),
    "sharing": Term(en: "shown to the customer", fi: "näkyy asiakkaalle"),
    "customer_weights": Term(en: "what it weighs for them", fi: "painot heillä"),
    "guesses": Term(en: "what we guessed", fi: "arviomme"),
    "metric": Term(en: "measured by", fi: "mittari"),
    "unit": Term(en: "unit", fi: "yksikkö"),
    "baseline": Term(en: "before us", fi: "lähtötaso"),
    "promised": Term(en: "promised", fi: "luvattu"),
    "realised": Term(en: "measured since", fi: "mitattu"),
    "commitment": Term(en: "promise", fi: "lupaus"),
    "yearly_worth": Term(en: "worth a year", fi: "arvo vuodessa"),
    "statement": Term(en: "what matters", fi: "mikä on tärkeää"),
    "measure": Term(en: "measure", fi: "mittari"),
    "voice": Term(en: "who speaks", fi: "kuka puhuu"),
    "score": Term(en: "score", fi: "arvosana"),
    "expected_score": Term(en: "expected", fi: "odotus"),
    "text": Term(en: "words", fi: "sanoin"),
    "expectation": Term(en: "expectation", fi: "odotus sanoin"),
    "respondent": Term(en: "who answered", fi: "vastaaja"),
    "segment": Term(en: "segment", fi: "segmentti"),
    "survey": Term(en: "survey", fi: "kysely"),
    "about": Term(en: "about", fi: "koskee"),
    "share": Term(en: "share", fi: "osuus"),
    "expectations": Term(en: "they expect", fi: "odotukset"),
    "experiences": Term(en: "they get", fi: "kokemukset"),
    "trend": Term(en: "heading", fi: "suunta"),
    "trend_note": Term(en: "what changes", fi: "muutos"),
    "value_drivers": Term(en: "bears on", fi: "vaikuttaa arvoihin"),
    "value_driver": Term(en: "value driver", fi: "arvotekijä"),
    "cycle_days": Term(en: "days to the decision", fi: "päiviä päätökseen"),
    "feedback": Term(en: "feedback", fi: "palaute"),
    "end_customer_segment": Term(en: "end-customer segment", fi: "asiakkaan asiakassegmentti"),
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
