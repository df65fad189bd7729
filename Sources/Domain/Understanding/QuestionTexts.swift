import PunosMessages

/// The questions, as people ask them, and to whom at a customer they go best.
enum QuestionTexts {
  /// What to ask about a topic, and where the answer sits.
  struct Entry: Sendable {
    let english: String
    let finnish: String
    /// What the answer changes, as the end of "… because".
    let gainEnglish: String
    let gainFinnish: String
    let seat: Seat
  }

  /// Where at a customer an answer sits.
  enum Seat: Sendable {
    case management, decision, users, customers, finance

    var english: String {
      switch self {
      case .management: "somebody of their management"
      case .decision: "whoever decides or buys there"
      case .users: "somebody who works with what we deliver"
      case .customers: "somebody of their sales or customer service"
      case .finance: "somebody who answers for their figures"
      }
    }

    var finnish: String {
      switch self {
      case .management: "joltakulta asiakkaan johdosta"
      case .decision: "siltä, joka asiakkaalla päättää tai ostaa"
      case .users: "joltakulta, joka työskentelee toimituksemme kanssa"
      case .customers: "joltakulta asiakkaan myynnistä tai asiakaspalvelusta"
      case .finance: "siltä, joka asiakkaalla vastaa luvuista"
      }
    }

    /// Parts of titles, roles and departments in the languages of our customers, folded to lower case.
    var words: [String] {
      switch self {
      case .management:
        [
          "ceo", "managing director", "toimitusjohtaja", "verkställande", "vd", "president", "strateg",
          "johtaja", "director",
        ]
      case .decision:
        [
          "decision", "päättäj", "procure", "hankinta", "inköp", "buyer", "osto", "purchas", "cio", "cto",
          "director",
          "johtaja", "chef",
        ]
      case .users:
        [
          "user", "käyttäj", "användare", "project", "projekti", "operation", "production", "tuotanto",
          "produktion",
          "service", "manager", "päällikkö",
        ]
      case .customers:
        ["sales", "myynti", "sälj", "customer", "asiakas", "kund", "marketing", "markkinointi", "marknad"]
      case .finance: ["cfo", "financ", "talous", "ekonomi", "controller", "director", "johtaja"]
      }
    }
  }

  /// Nil for what is no topic.
  static func entry(_ topic: Topic) -> Entry? { table[topic] }

  private static let table: [Topic: Entry] = [
    .strategy: Entry(
      english: "Where do you want to be in three years, and what has to change for that?",
      finnish: "Missä haluatte olla kolmen vuoden päästä, ja minkä on sitä varten muututtava?",
      gainEnglish: "an offer that does not serve their direction is cut first",
      gainFinnish: "suuntaan sopimaton tarjous karsitaan ensimmäisenä", seat: .management),
    .goal: Entry(
      english: "What must you have reached by the end of this year, and how is it measured?",
      finnish: "Mitä teidän on saavutettava tämän vuoden loppuun mennessä, ja millä sitä mitataan?",
      gainEnglish: "what we deliver is judged by their goals, not ours",
      gainFinnish: "toimitustamme arvioidaan heidän tavoitteillaan, ei meidän", seat: .management),
    .pressure: Entry(
      english: "What presses you most just now: costs, people, delivery times, something else?",
      finnish: "Mikä teitä juuri nyt painaa eniten: kustannukset, väki, toimitusajat vai jokin muu?",
      gainEnglish: "who knows the pressure knows what is urgent",
      gainFinnish: "paineen tunteva tietää, mikä on kiireellistä",
      seat: .management),
    .market: Entry(
      english: "How is your market moving, and where do you stand in it?",
      finnish: "Mihin markkinanne on menossa, ja missä te siinä olette?",
      gainEnglish: "their market decides how much they can buy",
      gainFinnish: "markkina ratkaisee, paljonko he voivat ostaa",
      seat: .management),
    .competitor: Entry(
      english: "Against whom do you lose orders, and why?",
      finnish: "Kenelle häviätte tilauksia, ja miksi?",
      gainEnglish: "we can help them only where we know what they are up against",
      gainFinnish: "voimme auttaa vain, jos tiedämme, mitä vastaan he kilpailevat", seat: .customers),
    .regulation: Entry(
      english: "Which laws or standards will bear on you in the next two years?",
      finnish: "Mitkä lait tai standardit koskevat teitä kahden seuraavan vuoden aikana?",
      gainEnglish: "what is compulsory comes before what is wished for",
      gainFinnish: "pakollinen menee toivotun edelle",
      seat: .management),
    .rhythm: Entry(
      english: "When in the year do you budget, when are you busiest, and when does everything stand still?",
      finnish: "Milloin budjetoitte, milloin on kiireisintä ja milloin kaikki seisoo?",
      gainEnglish: "a good offer at the wrong time is a bad one",
      gainFinnish: "hyvä tarjous väärään aikaan on huono tarjous",
      seat: .finance),
    .buyingProcess: Entry(
      english: "Which steps does a purchase like this go through with you, and what is needed at each?",
      finnish: "Mitkä vaiheet tällainen hankinta käy teillä läpi, ja mitä kussakin tarvitaan?",
      gainEnglish: "a step that we do not know of is where it stops",
      gainFinnish: "hankinta pysähtyy juuri siihen vaiheeseen, jota emme tunne", seat: .decision),
    .decisionMaker: Entry(
      english: "Who decides in the end, and whose word do they ask for?",
      finnish: "Kuka lopulta päättää, ja kenen sanaa hän kysyy?",
      gainEnglish: "without the one who decides everything else is a guess",
      gainFinnish: "ilman päättäjää kaikki muu on arvausta", seat: .decision),
    .stakeholders: Entry(
      english: "Who else is touched by this, and who would rather leave it as it is?",
      finnish: "Keitä muita tämä koskee, ja kuka mieluummin jättäisi asiat ennalleen?",
      gainEnglish: "it is the ones nobody talked to who stop it",
      gainFinnish: "hankkeen pysäyttävät ne, joille kukaan ei puhunut",
      seat: .decision),
    .criteria: Entry(
      english: "By what will you choose, and what weighs most of it?",
      finnish: "Millä perusteilla valitsette, ja mikä niistä painaa eniten?",
      gainEnglish: "we answer what is asked only if we know it",
      gainFinnish: "vastaamme oikeaan kysymykseen vain, jos tunnemme sen",
      seat: .decision),
    .timeline: Entry(
      english: "By when do you have to decide, and what happens if you do not?",
      finnish: "Mihin mennessä teidän on päätettävä, ja mitä tapahtuu, jos ette päätä?",
      gainEnglish: "without a date there is no decision", gainFinnish: "ilman päivää ei ole päätöstä",
      seat: .decision),
    .expectation: Entry(
      english: "What do you expect of us that nobody has written down?",
      finnish: "Mitä odotatte meiltä sellaista, mitä kukaan ei ole kirjannut?",
      gainEnglish: "people are disappointed by what they expected, not by what was agreed",
      gainFinnish: "pettymys syntyy odotuksista, ei sopimuksesta", seat: .users),
    .satisfaction: Entry(
      english: "How content are you with us, 0 to 10, and what would make it one more?",
      finnish: "Miten tyytyväisiä olette meihin asteikolla 0–10, ja mikä nostaisi lukua yhdellä?",
      gainEnglish: "who leaves has been discontent for long before",
      gainFinnish: "lähtijä on ollut tyytymätön jo kauan",
      seat: .users),
    .touchpoints: Entry(
      english: "Where is it easy to deal with us, and where is it not?",
      finnish: "Missä kanssamme on helppo asioida, ja missä ei?",
      gainEnglish: "it shows what to mend first", gainFinnish: "se kertoo, mitä korjata ensin", seat: .users),
    .promises: Entry(
      english: "Which of our promises did you count on, and did we keep them?",
      finnish: "Mihin lupauksistamme luotitte, ja pidimmekö ne?",
      gainEnglish: "a promise that only they remember is the one that we break",
      gainFinnish: "rikomme juuri sen lupauksen, jonka vain he muistavat", seat: .users),
    .segments: Entry(
      english: "Who are your most important customers, and which of them are growing?",
      finnish: "Ketkä ovat tärkeimmät asiakkaanne, ja ketkä heistä kasvavat?",
      gainEnglish: "their customers pay for what we do in the end",
      gainFinnish: "lopulta heidän asiakkaansa maksavat sen, mitä teemme", seat: .customers),
    .endCustomerExpectation: Entry(
      english: "What do your customers expect of you today that they did not three years ago?",
      finnish: "Mitä asiakkaanne odottavat teiltä nyt sellaista, mitä eivät odottaneet kolme vuotta sitten?",
      gainEnglish: "what is expected of them will be expected of us",
      gainFinnish: "mitä heiltä odotetaan, sitä odotetaan pian meiltä", seat: .customers),
    .endCustomerExperience: Entry(
      english: "What do your customers praise, and what do they complain of?",
      finnish: "Mistä asiakkaanne kiittävät, ja mistä he valittavat?",
      gainEnglish: "a complaint that we can silence is worth more than a discount",
      gainFinnish: "valitus, jonka voimme poistaa, on alennusta arvokkaampi", seat: .customers),
    .endCustomerTrend: Entry(
      english: "How is what your customers want changing?",
      finnish: "Miten asiakkaidenne toiveet ovat muuttumassa?",
      gainEnglish: "it tells what they will need of us next",
      gainFinnish: "se kertoo, mitä he meiltä seuraavaksi tarvitsevat",
      seat: .customers),
    .valueDrivers: Entry(
      english: "If this goes well, what is better for you, in your own words?",
      finnish: "Jos tämä onnistuu, mikä teillä on paremmin, omin sanoin?",
      gainEnglish: "value is what they say it is", gainFinnish: "arvo on sitä, mitä he sanovat sen olevan",
      seat: .management),
    .valueWeights: Entry(
      english: "Of all that, what matters most, and what could you do without?",
      finnish: "Mikä näistä on tärkeintä, ja mistä voisitte luopua?",
      gainEnglish: "our guess of what matters is seldom theirs",
      gainFinnish: "arvauksemme tärkeimmästä on harvoin heidän",
      seat: .management),
    .valueBaseline: Entry(
      english: "What does it cost you today, in hours, euros or faults?",
      finnish: "Mitä se maksaa teille nyt tunteina, euroina tai virheinä?",
      gainEnglish: "without where it began nobody can show what it brought",
      gainFinnish: "ilman lähtötasoa kukaan ei voi osoittaa hyötyä", seat: .finance),
    .valueRealised: Entry(
      english: "What has it brought you so far, and how do you see that?",
      finnish: "Mitä se on teille tähän mennessä tuonut, ja mistä sen näkee?",
      gainEnglish: "a renewal is decided by what came of it",
      gainFinnish: "jatkosta päätetään toteutuneen hyödyn mukaan",
      seat: .finance),
    .differentiation: Entry(
      english: "What would you miss if we were not there tomorrow?",
      finnish: "Mitä jäisitte kaipaamaan, jos emme huomenna olisi täällä?",
      gainEnglish: "where nothing sets us apart, the price decides",
      gainFinnish: "jos mikään ei erota meitä, hinta ratkaisee", seat: .management),
  ]
}
