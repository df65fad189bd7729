public import PunosMessages

/// Which roles a kind of purchase usually has, and how much it hurts not to know who has them.
///
/// The weights are ours, from how complex purchases are described in the literature on B2B buying centres: somebody
/// pays, somebody chooses, somebody wants it, and the more there is at stake the more others must agree. They rank
/// findings; they are no probabilities.
public enum ExpectedRoles {
  /// A role and its weight, 0 to 1.
  public typealias Expected = (role: CommitteeMember.Role, weight: Double)

  /// The roles that a kind of purchase has, heaviest first.
  public static func of(_ type: Purchase.Type_) -> [Expected] {
    switch type {
    case .new:
      [
        (.economicBuyer, 1), (.decisionMaker, 0.9), (.champion, 0.9), (.technicalEvaluator, 0.6),
        (.user, 0.5),
        (.procurement, 0.4), (.legal, 0.3),
      ]
    case .replacement:
      [
        (.economicBuyer, 1), (.champion, 0.95), (.decisionMaker, 0.9), (.technicalEvaluator, 0.7),
        (.user, 0.6),
        (.executiveSponsor, 0.5), (.procurement, 0.4), (.legal, 0.3),
      ]
    case .expansion: [(.economicBuyer, 0.9), (.champion, 0.9), (.user, 0.7), (.decisionMaker, 0.6)]
    case .renewal:
      [(.economicBuyer, 0.9), (.champion, 0.8), (.user, 0.8), (.decisionMaker, 0.6), (.procurement, 0.4)]
    case .tender:
      [
        (.procurement, 1), (.decisionMaker, 0.9), (.economicBuyer, 0.8), (.technicalEvaluator, 0.8),
        (.legal, 0.7),
        (.user, 0.5), (.champion, 0.4),
      ]
    case .routine: [(.decisionMaker, 0.7), (.procurement, 0.6)]
    default: [(.economicBuyer, 0.9), (.champion, 0.8), (.decisionMaker, 0.7), (.user, 0.4)]
    }
  }
}

extension CommitteeMember.Role {
  /// The role in a sentence.
  var words: BothLanguages {
    switch self {
    case .economicBuyer: BothLanguages("economic buyer", "rahoista päättävä")
    case .decisionMaker: BothLanguages("decision maker", "päätöksentekijä")
    case .champion: BothLanguages("champion", "puolestapuhuja")
    case .influencer: BothLanguages("influencer", "vaikuttaja")
    case .technicalEvaluator: BothLanguages("technical evaluator", "tekninen arvioija")
    case .user: BothLanguages("user", "käyttäjä")
    case .procurement: BothLanguages("procurement", "hankinta")
    case .legal: BothLanguages("legal", "lakimies")
    case .approver: BothLanguages("approver", "hyväksyjä")
    case .gatekeeper: BothLanguages("gatekeeper", "portinvartija")
    case .executiveSponsor: BothLanguages("executive sponsor", "johdon tukija")
    default: BothLanguages("other role", "muu rooli")
    }
  }

  /// What whoever has the role does, behind "who" ("kuka").
  var deed: BothLanguages {
    switch self {
    case .economicBuyer: BothLanguages("releases the money", "myöntää rahat")
    case .decisionMaker: BothLanguages("makes the choice", "tekee valinnan")
    case .champion:
      BothLanguages(
        "wants us to be chosen and would speak for us", "haluaa juuri meidät ja puhuisi puolestamme")
    case .technicalEvaluator:
      BothLanguages("judges whether it works and fits", "arvioi, toimiiko se ja sopiiko se")
    case .user: BothLanguages("will use it", "tulee käyttämään sitä")
    case .procurement:
      BothLanguages(
        "runs the purchase and negotiates the terms", "vie hankintaa eteenpäin ja neuvottelee ehdot")
    case .legal: BothLanguages("checks the contract", "tarkistaa sopimuksen")
    case .executiveSponsor: BothLanguages("stands behind it in the management", "seisoo sen takana johdossa")
    default: BothLanguages("has the role of \(words.english)", "on tässä roolissa: \(words.finnish)")
    }
  }
}
