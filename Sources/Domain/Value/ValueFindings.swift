internal import PunosMessages

/// Something on the value ladder that asks for a step.
public struct ValueConcern: Sendable, Hashable {
  public enum Kind: Sendable, Hashable, CaseIterable {
    /// Our guess is far from what the customer says.
    case misjudged
    /// We guess, and the customer was never asked.
    case neverAsked
    /// A promise whose day has passed is not reached.
    case promiseMissed
    /// A promise that nobody measures.
    case notMeasured
    /// Nothing of what the customer weighs sets us apart.
    case priceOnly
    /// The customer's word is old.
    case stale
    /// The customer's own people see it very differently.
    case divided
  }

  public var kind: Kind
  /// How grave, 0 to 1.
  public var severity: Double
  public var sentence: String
  /// One next step.
  public var nextStep: String
  /// The records it rests on.
  public var records: [String]
}

/// Reads the concerns from a ladder.
///
/// Severities, all 0 to 1:
/// - misjudged: the gap's size, faded by the age of the customer's word; from ``widestGap`` on;
/// - never asked: half of our own guess, for it may be wrong either way;
/// - promise missed: the customer's weight (0.5 where nobody was asked) by the share of the promise that is missing;
/// - not measured: half of that weight once its day has passed, a quarter before;
/// - price only: one less the share that sets us apart, where what leaves us on price weighs most;
/// - stale: the customer's weight by what has faded of the word, from half on;
/// - divided: the spread, from ``widestSpread`` on.
public struct ValueFindings: Sendable {
  /// A fifth of the scale: less is within what two people call the same weight.
  static let widestGap = 0.2
  /// Half of the scale: the customer's people have different things in mind.
  static let widestSpread = 0.5
  /// The weight of what nobody weighed: the middle.
  static let unknownWeight = 0.5

  private let language: SentenceLanguage
  private let text: LocalText

  public init(_ language: SentenceLanguage) {
    self.language = language
    text = LocalText(language)
  }

  /// All concerns, gravest first.
  public func concerns(of ladder: StandingLadder) -> [ValueConcern] {
    let single = ladder.standings.flatMap { standing in
      [misjudged(standing, ladder.date), neverAsked(standing), promise(standing, ladder.date),
        stale(standing, ladder.date), divided(standing)].compactMap { $0 }
    }
    return (single + [priceOnly(ladder)].compactMap { $0 }).sorted { left, right in
      if left.severity != right.severity { return left.severity > right.severity }
      return (left.records.first ?? "", left.sentence) < (right.records.first ?? "", right.sentence)
    }
  }

  private func misjudged(_ standing: DriverStanding, _ date: String) -> ValueConcern? {
    guard let gap = standing.gap, abs(gap) >= Self.widestGap, let customer = standing.customer,
      let guess = standing.guess
    else { return nil }
    let theirs = text.number(customer.mean, decimals: 2)
    let ours = text.number(guess.mean, decimals: 2)
    return concern(
      .misjudged, standing, abs(gap) * customer.freshness(on: date),
      language.say("The customer weighs it \(theirs), we guessed \(ours).", "Asiakas painottaa \(theirs), me arvasimme \(ours)."),
      gap > 0
        ? language.say("Lead with it in the next meeting.", "Nostakaa se esiin seuraavassa tapaamisessa.")
        : language.say("Ask what the customer would rather have.", "Kysykää, mitä asiakas mieluummin haluaisi."))
  }

  private func neverAsked(_ standing: DriverStanding) -> ValueConcern? {
    guard standing.customer == nil, let guess = standing.guess else { return nil }
    let ours = text.number(guess.mean, decimals: 2)
    return concern(
      .neverAsked, standing, guess.mean / 2,
      language.say("We guess \(ours); the customer was never asked.", "Arvaamme \(ours); asiakkaalta ei ole kysytty."),
      language.say("Ask what it weighs for them.", "Kysykää, mitä se heille painaa."))
  }

  private func promise(_ standing: DriverStanding, _ date: String) -> ValueConcern? {
    let weight = standing.customer?.mean ?? Self.unknownWeight
    let due = standing.driver.promised?.date ?? ""
    switch standing.realisation.outcome {
    case .missed:
      let percent = standing.realisation.percent ?? 0
      let day = text.day(due)
      return concern(
        .promiseMissed, standing, weight * (1 - max(0, percent) / 100),
        language.say(
          "Promised by \(day), \(text.percent(percent)) realised.", "Luvattu \(day) mennessä, toteutunut \(text.percent(percent))."),
        language.say(
          "Tell the customer why, and agree on a new day.", "Kertokaa asiakkaalle syy ja sopikaa uusi päivä."))
    case .notMeasured:
      return concern(
        .notMeasured, standing, weight * (date > due ? 0.5 : 0.25),
        language.say("Promised, and not measured since.", "Luvattu, eikä sen jälkeen mitattu."),
        language.say("Agree with the customer who measures it.", "Sopikaa asiakkaan kanssa, kuka mittaa."))
    default: return nil
    }
  }

  private func stale(_ standing: DriverStanding, _ date: String) -> ValueConcern? {
    guard let customer = standing.customer else { return nil }
    let faded = 1 - customer.freshness(on: date)
    guard faded >= 0.5 else { return nil }
    let day = text.day(customer.newest)
    return concern(
      .stale, standing, customer.mean * faded,
      language.say("The customer's last word on it is of \(day).", "Asiakkaan viimeisin sana on päivältä \(day)."),
      language.say("Ask again what it weighs.", "Kysykää painoa uudelleen."))
  }

  private func divided(_ standing: DriverStanding) -> ValueConcern? {
    guard let customer = standing.customer, customer.spread >= Self.widestSpread, let most = customer.words.first,
      let least = customer.words.last
    else { return nil }
    func said(_ word: WeightOfVoices.Word) -> String {
      let voice = word.voice.isEmpty ? language.say("one voice", "yksi ääni") : word.voice
      return "\(voice) \(text.number(word.weight, decimals: 2))"
    }
    return concern(
      .divided, standing, customer.spread,
      language.say("The customer is divided: \(said(most)), \(said(least)).", "Asiakas on erimielinen: \(said(most)), \(said(least))."),
      language.say("Bring the two together on it.", "Tuokaa osapuolet yhteen asiasta."))
  }

  private func priceOnly(_ ladder: StandingLadder) -> ValueConcern? {
    guard let price = ladder.share(of: .price), let apart = ladder.share(of: .setsApart), price > 0,
      price >= apart
    else { return nil }
    let records = ladder.standings.filter { $0.driver.position == .price }.map(\.driver.name)
    return ValueConcern(
      kind: .priceOnly, severity: price * (1 - apart),
      sentence: language.say(
        "\(text.percent(100 * price)) of what the customer weighs leaves us to compete on price, "
          + "\(text.percent(100 * apart)) sets us apart.",
        "\(text.percent(100 * price)) asiakkaan painotuksista jättää meidät hintakilpailuun, "
          + "\(text.percent(100 * apart)) erottaa meidät muista."),
      nextStep: language.say(
        "Find what only we give and let the customer weigh it.",
        "Etsikää, mitä vain me annamme, ja antakaa asiakkaan painottaa sitä."),
      records: records)
  }

  private func concern(
    _ kind: ValueConcern.Kind, _ standing: DriverStanding, _ severity: Double, _ sentence: String, _ step: String
  ) -> ValueConcern {
    ValueConcern(
      kind: kind, severity: min(1, max(0, severity)), sentence: "“\(standing.driver.statement)”: \(sentence)",
      nextStep: step, records: [standing.driver.name])
  }
}
