extension Refusal {
  /// What the rules of relationships, interactions, committees, purchases, journeys and moves refuse, by the rule's name.
  static let all: [String: [Refusal]] = [anyRecord, people, purchases, journeys, moves, calls].reduce(
    into: [:]) {
      $0.merge($1, uniquingKeysWith: +)
    }

  /// Rules that several kinds have in common.
  private static let anyRecord: [String: [Refusal]] = [
    "NO_EVIDENCE": [
      Refusal(
        "", "perustelu ei osoita mihinkään: anna teksti (text), tietueen nimi (record) tai osoite (url)")
    ],
    "EMPTY_SPAN": [
      Refusal("valid_to", "loppupäivän on oltava alkupäivän (valid_from) jälkeen; korjaa jompikumpi"),
      Refusal("to_date", "loppupäivän on oltava alkupäivän (from_date) jälkeen; korjaa jompikumpi"),
      Refusal("decided_date", "päivä on ennen oston avaamista (opened_date); korjaa jompikumpi"),
      Refusal("stages.left_date", "päivä on ennen vaiheen alkua (entered_date); korjaa jompikumpi"),
    ],
    "TWICE": [
      Refusal(
        "", "sama on luettelossa jo aiemmin; nimeä kukin kerran",
        [("it is the same as {}; name each once", "sama on jo kohdassa {1}; nimeä kukin kerran")]),
      Refusal(
        "stages.id", "toisella vaiheella on sama tunnus; anna kullekin omansa",
        [("{} has the same id; give each its own", "kohdassa {1} on sama tunnus; anna kullekin omansa")]),
      Refusal("stages.title", "toisella vaiheella on sama nimi; anna kullekin omansa"),
      Refusal("stages.entry_criteria.id", criterionTwice), Refusal("stages.exit_criteria.id", criterionTwice),
    ],
    "OTHER_ACCOUNT": [
      Refusal(
        "purchase", "tämä on toisen asiakkuuden osto; nimeä saman asiakkuuden osto tai jätä tyhjäksi",
        [
          (
            "it is a purchase of another account; name one of {}, or leave it out",
            "tämä on toisen asiakkuuden osto; nimeä asiakkuuden {1} osto tai jätä tyhjäksi"
          )
        ])
    ],
    "IN_FUTURE": [Refusal("", "hetki on tulevaisuudessa; anna hetki, joka on jo ollut")],
  ]

  private static let criterionTwice =
    "polun toisella kriteerillä on sama tunnus mutta eri sisältö; anna tälle oma tunnus"

  /// Relationships, interactions and members of committees.
  private static let people: [String: [Refusal]] = [
    "WITH_ONESELF": [
      Refusal("to", "sama henkilö on kummassakin päässä; nimeä kaksi eri henkilöä")
    ],
    "BOTH_OURS": [
      Refusal("to", "molemmat ovat omaa väkeä; nimeä toiseksi asiakkaan yhteyshenkilö")
    ],
    "NOBODY_TO_REACH": [Refusal("to", "nimeä asiakkaan henkilö, joka ei ole sama kuin lähtökohta")],
    "OVERLAPPING_TENURES": [
      Refusal(
        "valid_from", "sama on kirjattu jo samalle ajalle; muuta sitä tietuetta tai päätä toinen (valid_to)",
        [
          (
            "{} says the same of these two for a time that overlaps; end one of the two, or change that one",
            "{1} kertoo jo näistä kahdesta saman päällekkäiselle ajalle; päätä toinen tai muuta sitä"
          ),
          (
            "the person is in this committee at that time already, as {}; change that record, or end one of the two "
              + "(valid_to)",
            "henkilö on silloin jo tässä päättäjäryhmässä ({1}); muuta sitä tietuetta tai päätä toinen (valid_to)"
          ),
        ])
    ],
    "CIRCULAR_REPORTING": [
      Refusal(
        "to",
        "tämä henkilö raportoi jo toiselle, suoraan tai muiden kautta, samaan aikaan; päätä ensin se suhde (valid_to) "
          + "tai käännä tämä toisin päin")
    ],
    "REQUIRED": [
      Refusal(
        "from_contact", "puuttuu; anna jompikumpi: asiakkaan henkilö (from_contact) tai oma (from_teammate)"),
      Refusal(
        "kind",
        "kerro, mitä toinen on toiselle: KIND_REPORTS_TO, KIND_INFLUENCES, KIND_TRUSTS, KIND_CONFLICTS_WITH, KIND_SPONSORS tai, "
          + "jos muuta ei tiedetä, KIND_KNOWS"),
      Refusal("other_role", "rooli ROLE_OTHER vaatii, että tässä kerrotaan, mikä rooli se on"),
      Refusal(
        "reason", "kerro, miksi siirrytään",
        [
          (
            "a move out of the journey says why; nothing came",
            "kerro, miksi asiakas poistuu polulta; syy puuttuu"
          ),
          ("a move backwards says why; nothing came", "kerro, miksi siirrytään taaksepäin; syy puuttuu"),
          (
            "a move to another journey says why; nothing came",
            "kerro, miksi siirrytään toiselle polulle; syy puuttuu"
          ),
          (
            "a move from {}, which the journey no longer has, says why; nothing came",
            "vaihetta {1} ei polulla enää ole; kerro, miksi siitä siirrytään; syy puuttuu"
          ),
        ]),
    ],
    "BOTH_SET": [
      Refusal(
        "from_teammate", "suhteella on yksi alkupää; jätä pois joko tämä tai asiakkaan henkilö (from_contact)"
      )
    ],
    "NOT_A_REPORTING_LINE": [
      Refusal(
        "from_teammate",
        "oma väki ei raportoi kenellekään asiakkaalla; anna asiakkaan henkilö (from_contact) tai toinen laji (kind)"
      )
    ],
    "OUT_OF_RANGE": [
      Refusal("time", "anna hetki vuosilta 1900–2199; tarkista, miten lähde kirjoittaa ajan")
    ],
    "IMMUTABLE": [
      Refusal(
        "contact",
        "päätöksentekijän henkilö ei vaihdu; päätä tämä (valid_to) ja luo toiselle henkilölle oma tietue"),
      Refusal(
        "to_stage",
        "tapahtunut siirtymä pysyy sellaisena kuin se oli: vain syytä (reason), tiimiä (team), perusteluja (evidence) "
          + "ja ulkoisia tunnuksia (external_ids) voi muuttaa. Peru se (RevertTransition) ja tee uusi"),
    ],
    "OWN_ACCESS": [Refusal("access_to", "tämä on henkilö itse; nimeä toinen yhteyshenkilö tai jätä pois")],
    "NO_EMPLOYMENT": [
      Refusal(
        "contact",
        "henkilöllä ei ole silloin työsuhdetta tässä asiakkuudessa; lisää se yhteyshenkilön työsuhteisiin, kerro, milloin "
          + "hän osallistui (valid_from), tai nimeä joku, joka on siellä töissä")
    ],
  ]

  /// Purchases.
  private static let purchases: [String: [Refusal]] = [
    "NOT_DECIDED": [
      Refusal(
        "decided_date",
        "avoimella ostolla ei ole päätöspäivää; anna tilaksi WON, LOST tai NO_DECISION tai jätä päivä pois"),
      Refusal(
        "reasons",
        "avoimella ostolla ei ole vielä lopputulosta; anna tilaksi WON, LOST tai NO_DECISION tai jätä syyt pois"
      ),
    ],
    "NOT_LOST": [
      Refusal("winner", "vain hävityllä ostolla on toinen voittaja; anna tilaksi LOST tai jätä voittaja pois")
    ],
    "BAD_AMOUNT": [
      Refusal("pains.yearly_cost", "anna rahamäärä, joka on vähintään nolla"),
      Refusal("", "anna rahamäärä, joka on vähintään nolla ja sadasosien tarkka"),
    ],
    "UNKNOWN_STAGE": [
      Refusal(
        "stage", "minkään vaiheen nimi ei ole tämä: nimeä jokin vaiheista tai lisää se vaiheisiin (stages)",
        [
          (
            "none of the stages has this title: one of {} was expected, or add it to stages",
            "minkään vaiheen nimi ei ole tämä: nimeä jokin näistä tai lisää se vaiheisiin (stages): {1}"
          )
        ])
    ],
  ]

  /// Journeys.
  private static let journeys: [String: [Refusal]] = [
    "UNKNOWN_STAGE": [
      Refusal(
        "stages.next", "nimeä polun jokin toinen vaihe",
        [
          (
            "another stage of the journey was expected: one of {}",
            "nimeä polun jokin toinen vaihe: {1}"
          )
        ])
    ],
    "NOT_A_NUMBER": [Refusal("stages.kpis.target", "tavoitteen on oltava tavallinen luku")],
    "BEGINS_WITH_END": [
      Refusal("stages.is_end", "polku ei ala lopustaan; siirrä loppu muiden vaiheiden taakse")
    ],
    "UNKNOWN_JOURNEY": [
      Refusal(
        "", "sellaista polkua ei ole; luo se ensin tai käytä valmista polkua",
        [
          (
            "there is no such journey; create it first, or name {}, which is built in",
            "sellaista polkua ei ole; luo se ensin tai käytä valmista polkua {1}"
          )
        ])
    ],
  ]

  private static let takenBackLater = "siirtymä perutaan vasta, kun se on tehty (RevertTransition); jätä pois"

  /// Moves from stage to stage.
  private static let moves: [String: [Refusal]] = [
    "UNKNOWN_STAGE": [
      Refusal("to_stage", noStage, [stageList]), Refusal("from_stage", noStage, [stageList]),
    ],
    "SERVER_SAYS": [
      Refusal(
        "criteria.how",
        "vain palvelin kertoo, mitä se näki; merkitse vahvistetuksi (HOW_CONFIRMED), jos joku varmisti asian, tai jätä pois"
      ),
      Refusal(
        "principal",
        "palvelin kertoo, kuka asiakkaan siirsi; jätä pois tai anna siirtymän tunnus siinä järjestelmässä, jossa joku muu "
          + "siirsi (external_ids)"),
      Refusal("reverted", takenBackLater), Refusal("reverted_time", takenBackLater),
      Refusal("reverted_by", takenBackLater), Refusal("revert_reason", takenBackLater),
    ],
    "SAME_STAGE": [Refusal("to_stage", "asiakas on jo tässä vaiheessa; nimeä toinen vaihe")],
    "OTHER_MOVE": [
      Refusal("move", "siirtymä tästä vaiheesta tuohon on toista lajia; jätä laji pois tai korjaa se")
    ],
    "OUT_OF_ORDER": [
      Refusal(
        "from_stage",
        "asiakas ei ole vaiheessa, josta siirrytään; kerro ensin siirtymät siltä väliltä tai anna hetki (moved_time), "
          + "jolloin tämä oli ennen viimeisintä",
        [
          (
            "the account is on another journey ({}): leave from_stage out, tell the moves in between first, or give the "
              + "time of this one (moved_time) where it came before the latest ({})",
            "asiakas on toisella polulla ({1}): jätä lähtövaihe (from_stage) pois, kerro ensin siirtymät siltä väliltä "
              + "tai anna hetki (moved_time), jolloin tämä oli ennen viimeisintä ({2})"
          ),
          (
            "the account is in {}: name it, tell the moves in between first, or give the time of this one (moved_time) "
              + "where it came before the latest ({})",
            "asiakas on vaiheessa {1}: nimeä se lähtövaiheeksi (from_stage), kerro ensin siirtymät siltä väliltä tai anna "
              + "hetki (moved_time), jolloin tämä oli ennen viimeisintä ({2})"
          ),
        ]),
      Refusal(
        "moved_time",
        "hetki on ennen asiakkaan viimeisintä siirtymää; anna myöhempi hetki tai peru ensin se siirtymä (RevertTransition)",
        [
          (
            "it lies before the account's latest move ({}); give a later time, or take that move back first "
              + "(RevertTransition)",
            "hetki on ennen asiakkaan viimeisintä siirtymää ({1}); anna myöhempi hetki tai peru ensin se siirtymä "
              + "(RevertTransition)"
          )
        ]),
    ],
    "BACKWARDS": [
      Refusal(
        "backwards",
        "vaihe on ennen sitä, jossa asiakas on; palaa taaksepäin (backwards, true) ja kerro miksi (reason) tai nimeä "
          + "jokin seuraavista vaiheista",
        [
          (
            "the stage lies before {}, where the account is; set backwards to true and say why (reason) to go back, or "
              + "name one of {}",
            "vaihe on ennen vaihetta {1}, jossa asiakas on; palaa taaksepäin (backwards, true) ja kerro miksi (reason) "
              + "tai nimeä jokin näistä: {2}"
          )
        ])
    ],
    "NOT_BACKWARDS": [
      Refusal("backwards", "siirtymä ei vie taaksepäin; jätä tämä pois tai nimeä aiempi vaihe")
    ],
    "CRITERION_NOT_MET": [
      Refusal(
        "confirmed", "kriteeri ei täyty; hoida asia tai vahvista kriteeri tunnuksellaan",
        [
          (
            "{} is not met: “{}” See to it, or confirm it by its id",
            "{1} ei täyty: ”{2}” Hoida asia tai vahvista kriteeri tunnuksellaan"
          )
        ])
    ],
    "UNKNOWN_CRITERION": [
      Refusal(
        "confirmed", "siirtymällä ei ole tällaista kriteeriä; jätä se pois tai nimeä siirtymän oma kriteeri",
        [
          ("the move has no criteria; leave it out", "siirtymällä ei ole kriteereitä; jätä tämä pois"),
          (
            "the move has no such criterion; one of {} was expected",
            "siirtymällä ei ole tällaista kriteeriä; nimeä jokin näistä: {1}"
          ),
        ])
    ],
  ]

  private static let noStage = "polulla ei ole tällaista vaihetta; nimeä jokin sen vaiheista"
  private static let stageList: Sentences.Entry = (
    "the journey has no such stage; one of {} was expected",
    "polulla ei ole tällaista vaihetta; nimeä jokin näistä: {1}"
  )

  /// Calls that are refused as a whole.
  private static let calls: [String: [Refusal]] = [
    "JOURNEY_IN_USE": [
      Refusal(
        "",
        "Asiakkaita on tällä polulla, ja historia tarvitsee sitä. Pidä se ja anna uusien asiakkaiden aloittaa toiselta polulta "
          + "(is_default), tai peru ensin sen siirtymät (RevertTransition) tai poista ne.")
    ],
    "NOT_LATEST": [
      Refusal(
        "",
        "Siirtymä ei ole asiakkaan viimeisin, ja myöhemmät alkoivat siitä. Peru ensin myöhemmät tai siirrä asiakas.",
        [
          (
            "{} is not the account's latest move, and the later ones began where it ended; delete {} first or take it "
              + "back (RevertTransition), or move the account back.",
            "{1} ei ole asiakkaan viimeisin siirtymä, ja myöhemmät alkoivat siitä, mihin se päättyi. Poista ensin {2} tai "
              + "peru se (RevertTransition), tai siirrä asiakas takaisin."
          ),
          (
            "{} is not the account's latest move; take {} back first, or move the account back.",
            "{1} ei ole asiakkaan viimeisin siirtymä. Peru ensin {2}, tai siirrä asiakas takaisin."
          ),
        ])
    ],
    "MOVED_SINCE": [
      Refusal(
        "", "Asiakas on siirtynyt sen jälkeen. Siirrä asiakas vaiheeseen, jossa sen on oltava (MoveStage).",
        [
          (
            "The account has moved since ({} led to {}), and {} began in no stage; move the account where it is to be "
              + "(MoveStage).",
            "Asiakas on siirtynyt sen jälkeen ({1}, vaiheeseen {2}), ja {3} alkoi polun ulkopuolelta. Siirrä asiakas "
              + "vaiheeseen, jossa sen on oltava (MoveStage)."
          ),
          (
            "The account has moved since ({} led to {}), and {} began in {}; move the account where it is to be "
              + "(MoveStage).",
            "Asiakas on siirtynyt sen jälkeen ({1}, vaiheeseen {2}), ja {3} alkoi vaiheesta {4}. Siirrä asiakas "
              + "vaiheeseen, jossa sen on oltava (MoveStage)."
          ),
        ])
    ],
    "REVERTED_ALREADY": [
      Refusal(
        "", "Siirtymä on jo peruttu.", [("{} was taken back already.", "{1} on jo peruttu.")])
    ],
    "MOVED_MEANWHILE": [
      Refusal(
        "",
        "Joku muu siirsi asiakkaan samaan aikaan. Katso, missä se nyt on (GetLifecycle), ja siirrä se uudelleen."
      )
    ],
    "TOO_MANY_GROUPS": [
      Refusal(
        "", "Siirtymiä on liian monessa ryhmässä. Kysy lyhyempää jaksoa tai ryhmittele jonkin muun mukaan.",
        [
          (
            "The moves fall into more than {#} groups; ask for a shorter period, or group them by something else.",
            "Siirtymiä on yli {1} ryhmässä. Kysy lyhyempää jaksoa tai ryhmittele jonkin muun mukaan."
          )
        ])
    ],
    "NETWORK_TOO_LARGE": [
      Refusal(
        "",
        "Ihmisten välisiä siteitä on niin paljon, ettei koko verkostoa pidetä muistissa. Kysy kahden henkilön suhteen "
          + "vahvuutta tai yhden asiakkuuden karttaa.")
    ],
  ]
}
