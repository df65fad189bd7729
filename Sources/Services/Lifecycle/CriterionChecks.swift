import Domain
import PunosMessages
import Store

/// What an account's records say of the criteria that the server can see itself.
struct CriterionChecks {
  /// Records named as proof of one criterion: enough to look at.
  private static let mostShown = 3

  private let today: String
  private let contacts: [AccountContact]
  private let purchases: [Purchase]
  private let members: [CommitteeMember]
  private let commitments: [Commitment]
  private let handovers: [Handover]

  /// - Parameters:
  ///   - entered: when the account entered the stage where it is: what was handed over before led there, not on.
  init(_ world: RecordWorld, account: String, since entered: Moment?) throws {
    today = Days.text(world.now)
    contacts = try world.values(of: NounCatalog.accountContactKind, inAccount: account)
    purchases = try world.values(of: NounCatalog.purchaseKind, inAccount: account)
    members = try world.values(of: NounCatalog.committeeMemberKind, inAccount: account)
    commitments = try world.values(of: NounCatalog.commitmentKind, inAccount: account)
    let all: [Handover] = try world.values(of: NounCatalog.handoverKind, inAccount: account)
    handovers = all.filter { handover in
      guard let accepted = handover.acceptedTime?.moment else { return false }
      return entered.map { $0 <= accepted } ?? true
    }
  }

  /// Whether a criterion is met, and how that is known: what the server sees counts before what somebody says.
  func state(of demand: StageDemand, confirmed: Bool) -> CriterionState {
    let criterion = demand.criterion
    var state = CriterionState()
    state.criterion = criterion.id
    state.title = criterion.title
    if let records = seen(demand) {
      state.how = .checked
      state.records = Array(records.prefix(Self.mostShown))
    } else if confirmed {
      state.how = .confirmed
    }
    return state
  }

  /// Records that show that a check holds; nil where it does not, or there is nothing to check.
  private func seen(_ demand: StageDemand) -> [String]? {
    switch demand.criterion.check {
    case .contactKnown:
      return shown(contacts.filter { $0.employments.contains { $0.holds(on: today) } }.map(\.name))
    case .purchaseOpen: return shown(purchases.filter(\.isOpen).map(\.name))
    case .purchaseWon: return shown(purchases.filter { $0.status == .won }.map(\.name))
    case .handoverAccepted:
      // Each of the teams that lead the stages which ask it has to have taken over.
      let taken = demand.teams.map { team in handovers.filter { $0.toTeam == team }.map(\.name) }
      return taken.contains(where: \.isEmpty) ? nil : shown(taken.flatMap(\.self))
    case .noPurchaseOpen: return purchases.contains(where: \.isOpen) ? nil : []
    case .deciderKnown: return shown(holders(of: [.economicBuyer, .decisionMaker]))
    case .championKnown: return shown(holders(of: [.champion]))
    case .promisesKept:
      let overdue = commitments.contains {
        $0.direction != .theirs && $0.isOpen && !$0.dueDate.isEmpty && $0.dueDate < today
      }
      return overdue ? nil : []
    default: return nil
    }
  }

  private func shown(_ names: [String]) -> [String]? { names.isEmpty ? nil : names }

  private func holders(of roles: Set<CommitteeMember.Role>) -> [String] {
    members.filter { member in
      (member.validFrom.isEmpty || member.validFrom <= today)
        && (member.validTo.isEmpty || today < member.validTo)
        && !roles.isDisjoint(with: [member.role] + member.moreRoles)
    }.map(\.name)
  }

  /// Writes what is lost with an account that drops out: purchases that are open, or were lost since a moment. The currency
  /// in which the number is greatest goes first; all are counted.
  func fillLoss(_ value: inout StageTransition, since entered: Moment?) {
    let first = entered.map { Days.text($0) } ?? ""
    let last = value.movedTime.map { Days.text($0.moment) } ?? today
    var sums: [String: Int64] = [:]
    for purchase in purchases where purchase.status != .won && purchase.openedDate <= last {
      guard purchase.isOpen || purchase.decidedDate >= first, let hundredths = purchase.valueHundredths else {
        continue
      }
      sums[purchase.currency, default: 0] =
        sums[purchase.currency, default: 0].addingReportingOverflow(hundredths).partialValue
    }
    guard let most = sums.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), most.value > 0 else { return }
    value.lostHundredths = most.value
    value.lostCurrency = most.key
    value.otherLosses = MoveLosses.text(of: sums.filter { $0.key != most.key })
  }
}

/// What groups an account belongs to, kept with its moves so that they are counted where it belonged then.
enum AccountSegment {
  static func complete(_ value: inout StageTransition, _ world: RecordWorld) throws {
    guard let id = world.catalog.key(of: value.name)?.account, let key = NounCatalog.accountKey(id),
      let record = try world.read(key)
    else { return }
    let account = try Account(record, named: "accounts/\(id)")
    if value.industry.isEmpty, let industry = account.industries.first {
      value.industry = industry.title.isEmpty ? industry.code : industry.title
    }
    if value.country.isEmpty { value.country = account.country }
    if value.owner.isEmpty {
      let day = Days.text(value.movedTime?.moment ?? world.now)
      value.owner = account.owners.first { $0.holds(on: day) }?.principal ?? ""
    }
  }
}

extension AccountOwner {
  /// Whether the teammate answered for the account on a day, YYYY-MM-DD.
  fileprivate func holds(on day: String) -> Bool {
    (validFrom.isEmpty || validFrom <= day) && (validTo.isEmpty || day < validTo)
  }
}
