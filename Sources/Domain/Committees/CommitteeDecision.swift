public import PunosMessages

/// How far a decision is: what can still be done before it, and whom it leaves to be worked with.
public enum CommitteeDecision: Hashable, Sendable {
  /// No purchase is asked about: some decision or other will come.
  case some
  /// It is still to come.
  case ahead
  /// They chose us: delivery and service go on with those who decided.
  case won
  /// They chose another, or nobody, or the purchase was deleted.
  case over

  /// Of a purchase on a day.
  ///
  /// - Parameters:
  ///   - purchase: as it is known; nil: none is asked about.
  ///   - date: YYYY-MM-DD. Before the day of the decision it is still to come.
  public init(of purchase: Purchase?, on date: String) {
    guard let purchase else {
      self = .some
      return
    }
    let isDecided = purchase.decidedDate.isEmpty || purchase.decidedDate <= date
    switch purchase.status {
    case .won where isDecided: self = .won
    case .lost where isDecided, .noDecision where isDecided: self = .over
    default: self = purchase.deleteTime == nil ? .ahead : .over
    }
  }

  /// What to do about somebody who is against us or doubts, and whom nobody talks to.
  func meeting(_ person: String) -> BothLanguages {
    switch self {
    case .some:
      BothLanguages(
        "Meet \(person) before the next decision, and ask what speaks against us in their eyes.",
        "Tapaa ennen seuraavaa päätöstä \(person) ja kysy, mikä hänestä puhuu meitä vastaan.")
    case .ahead:
      BothLanguages(
        "Meet \(person) before the decision, and ask what speaks against it in their eyes.",
        "Tapaa ennen päätöstä \(person) ja kysy, mikä hänestä puhuu sitä vastaan.")
    case .won:
      BothLanguages(
        "Meet \(person), with whom delivery and service go on, and ask what still speaks against it in their eyes.",
        "Tapaa \(person), sillä toimitus ja palvelu jatkuvat hänen kanssaan, ja kysy, mikä hänestä yhä puhuu sitä vastaan."
      )
    case .over:
      BothLanguages(
        "Meet \(person) before the next purchase, and ask what spoke against us in their eyes.",
        "Tapaa ennen seuraavaa hankintaa \(person) ja kysy, mikä hänestä puhui meitä vastaan.")
    }
  }

  /// What it means that nobody of ours is in touch with anybody.
  var unmet: BothLanguages {
    switch self {
    case .some, .ahead:
      BothLanguages(
        "Whoever decides does so without having met us.", "Kuka päättääkin, päättää tapaamatta meitä.")
    case .won:
      BothLanguages(
        "Delivery and service go on with people who have not met us.",
        "Toimitus ja palvelu jatkuvat ihmisten kanssa, jotka eivät ole tavanneet meitä.")
    case .over:
      BothLanguages(
        "Whoever decided did so without having met us.", "Kuka päättikin, päätti tapaamatta meitä.")
    }
  }

  /// What to do where nobody is known who takes part.
  var asking: BothLanguages {
    switch self {
    case .some, .ahead:
      BothLanguages(
        "Ask at the account who takes part in the decision, and write them down.",
        "Kysy asiakkaalta, ketkä osallistuvat päätökseen, ja kirjaa heidät.")
    case .won, .over:
      BothLanguages(
        "Ask at the account who took part in the decision, and write them down.",
        "Kysy asiakkaalta, ketkä osallistuivat päätökseen, ja kirjaa heidät.")
    }
  }
}
