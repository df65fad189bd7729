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
        (.economicBuyer, 1), (.decisionMaker, 0.9), (.champion, 0.9), (.technicalEvaluator, 0.6), (.user, 0.5),
        (.procurement, 0.4), (.legal, 0.3),
      ]
    case .replacement:
      [
        (.economicBuyer, 1), (.champion, 0.95), (.decisionMaker, 0.9), (.technicalEvaluator, 0.7), (.user, 0.6),
        (.executiveSponsor, 0.5), (.procurement, 0.4), (.legal, 0.3),
      ]
    case .expansion: [(.economicBuyer, 0.9), (.champion, 0.9), (.user, 0.7), (.decisionMaker, 0.6)]
    case .renewal:
      [(.economicBuyer, 0.9), (.champion, 0.8), (.user, 0.8), (.decisionMaker, 0.6), (.procurement, 0.4)]
    case .tender:
      [
        (.procurement, 1), (.decisionMaker, 0.9), (.economicBuyer, 0.8), (.technicalEvaluator, 0.8), (.legal, 0.7),
        (.user, 0.5), (.champion, 0.4),
      ]
    case .routine: [(.decisionMaker, 0.7), (.procurement, 0.6)]
    default: [(.economicBuyer, 0.9), (.champion, 0.8), (.decisionMaker, 0.7), (.user, 0.4)]
    }
  }
}

extension CommitteeMember.Role {
  /// The role in a sentence.
  var words: String {
    switch self {
    case .economicBuyer: "economic buyer"
    case .decisionMaker: "decision maker"
    case .champion: "champion"
    case .influencer: "influencer"
    case .technicalEvaluator: "technical evaluator"
    case .user: "user"
    case .procurement: "procurement"
    case .legal: "legal"
    case .approver: "approver"
    case .gatekeeper: "gatekeeper"
    case .executiveSponsor: "executive sponsor"
    default: "other role"
    }
  }

  /// What whoever has the role does, behind "who".
  var deed: String {
    switch self {
    case .economicBuyer: "releases the money"
    case .decisionMaker: "makes the choice"
    case .champion: "wants us to be chosen and would speak for us"
    case .technicalEvaluator: "judges whether it works and fits"
    case .user: "will use it"
    case .procurement: "runs the purchase and negotiates the terms"
    case .legal: "checks the contract"
    case .executiveSponsor: "stands behind it in the management"
    default: "has the role of \(words)"
    }
  }
}
