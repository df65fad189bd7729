import Domain
import FieldFormats
import ProtobufBridge
import PunosMessages
import RPC
import Store

/// The way of a handover. It knows no wire: the handler unpacks, calls, and packs.
struct HandoverWorkflow: Sendable {
  let world: ServiceWorld
  /// Moves handovers on.
  let handovers: RecordService<HandoverRules>
  /// Edits them, as the standard methods do.
  let edits: RecordService<HandoverRules>
  /// Moves accounts from stage to stage.
  let moves: RecordService<StageTransitionRules>
  private let templates: RecordService<HandoverTemplateRules>

  init(_ world: ServiceWorld) throws(Problem) {
    self.world = world
    handovers = try RecordService(world, .workflow)
    edits = try RecordService(world, HandoverRules())
    moves = try RecordService(world, StageTransitionRules())
    templates = try RecordService(world, HandoverTemplateRules())
  }

  // MARK: Templates and readiness

  /// The template between two teams.
  func template(from sending: String, to receiving: String, by caller: Principal) async throws(Problem)
    -> HandoverTemplate
  {
    let question = ListQuestion(
      pageSize: 1, filter: "from_team = \"\(sending)\" AND to_team = \"\(receiving)\"",
      orderBy: "update_time desc")
    if let own = try await templates.list(question, by: caller).values.first { return own }
    return BuiltInTemplates.template(from: sending, to: receiving)
  }

  /// The template of a handover: the one it names, or the one between its teams.
  func template(of handover: Handover, by caller: Principal) async throws(Problem) -> HandoverTemplate {
    if !handover.template.isEmpty {
      let own: HandoverTemplate? = try handovers.mapped {
        try world.world(of: caller).value(handover.template)
      }
      if let own { return own }
    }
    return try await template(from: handover.fromTeam, to: handover.toTeam, by: caller)
  }

  func readiness(of name: String, by caller: Principal) async throws(Problem) -> HandoverReadiness {
    let handover = try await read(name, by: caller)
    let template = try await template(of: handover, by: caller)
    let today = HandoverWords.day(of: ProtoTimestamp(world.clock()))
    return HandoverReadinessCheck.readiness(of: handover, against: template, on: today)
  }

  // MARK: The sending team

  func suggest(_ move: HandoverMove) async throws(Problem) -> Handover {
    let handover = try await read(move.name, by: move.caller)
    let template = try await template(of: handover, by: move.caller)
    return try await edits.change(move.name, etag: move.etag, move.options, by: move.caller) {
      handover, world in
      try HandoverProblems.require([.draft, .returned], handover, to: "filled")
      let known = try Self.known(ofAccountOf: handover.name, world)
      handover.items += HandoverSuggestions.missing(
        in: handover, template: template, from: known, makeID: ResourceID.make)
      return []
    }
  }

  private static func known(ofAccountOf name: String, _ world: RecordWorld) throws -> KnownOfAccount {
    var known = KnownOfAccount()
    guard let account = world.catalog.key(of: name)?.account else { return known }
    known.commitments = try world.values(of: NounCatalog.commitmentKind, inAccount: account)
    known.contacts = try world.values(of: NounCatalog.accountContactKind, inAccount: account)
    known.purchases = try world.values(of: NounCatalog.purchaseKind, inAccount: account)
    known.committee = try world.values(of: NounCatalog.committeeMemberKind, inAccount: account)
    known.valueDrivers = try world.values(of: NounCatalog.valueDriverKind, inAccount: account)
    known.insights = try world.values(of: NounCatalog.insightKind, inAccount: account)
    return known
  }

  func offer(_ move: HandoverMove) async throws(Problem) -> Handover {
    let seen = try await read(move.name, by: move.caller)
    let template = try await template(of: seen, by: move.caller)
    let journey = try await Journeys.usual(world, move.caller)
    return try await change(move) { handover, world in
      try HandoverProblems.require(.sending, of: handover, move.caller, to: "offer it")
      try HandoverProblems.require([.draft, .returned], handover, to: "offered")
      let readiness = HandoverReadinessCheck.readiness(of: handover, against: template, on: "")
      guard readiness.ready else { throw HandoverProblems.notReady(handover, readiness) }
      handover.state = .offered
      handover.offeredTime = ProtoTimestamp(world.now)
      handover.firstOfferedTime = handover.firstOfferedTime ?? handover.offeredTime
      handover.offeredBy = move.caller.name
      if handover.stage.isEmpty {
        handover.stage = try Self.stage(of: template, for: handover, usual: journey, world)
      }
      return []
    }
  }

  func answer(_ move: HandoverMove, item: String, text: String) async throws(Problem) -> Handover {
    try await change(move) { handover, world in
      try HandoverProblems.require(.sending, of: handover, move.caller, to: "answer")
      try HandoverProblems.require([.offered, .returned], handover, to: "answered for")
      try Self.edit(item, of: &handover) { item throws(Problem) in
        guard item.status == .queried else {
          throw Problem(
            .failedPrecondition, "NOTHING_ASKED",
            "Nobody asked about the item \(item.id), or it was answered already.",
            metadata: ["item": item.id], resource: move.name)
        }
        item.decide(.open, nil, nil)
        item.say(.answer, text, move.caller, world.now)
      }
      return []
    }
  }

  // MARK: The receiving team

  /// Notes what the receiving team decides on an item.
  ///
  /// - Parameters:
  ///   - decision: what it decides.
  ///   - text: the question, or why not; nil where nothing is said.
  func decide(
    _ move: HandoverMove, item: String, _ decision: HandoverItem.Status, _ kind: HandoverMessage.Kind,
    _ text: String?
  ) async throws(Problem) -> Handover {
    try await change(move) { handover, world in
      try HandoverProblems.require(.receiving, of: handover, move.caller, to: "decide on items")
      try HandoverProblems.require([.offered], handover, to: "decided on")
      try Self.edit(item, of: &handover) { item throws(Problem) in
        item.decide(decision, move.caller, world.now)
        if let text { item.say(kind, text, move.caller, world.now) }
      }
      return []
    }
  }

  func sendBack(_ move: HandoverMove, reasons: String) async throws(Problem) -> Handover {
    try await change(move) { handover, world in
      try HandoverProblems.require(.receiving, of: handover, move.caller, to: "return it")
      try HandoverProblems.require([.offered], handover, to: "returned")
      handover.state = .returned
      handover.returns.append(
        Handover.Return.with {
          $0.reasons = HandoverContent.text(reasons)
          $0.principal = move.caller.name
          $0.team = move.caller.team
          $0.time = ProtoTimestamp(world.now)
        })
      return []
    }
  }

  func accept(_ move: HandoverMove, _ wish: AcceptanceWish) async throws(Problem) -> Handover {
    let journey = try await Journeys.usual(world, move.caller).name
    // It moves the account, too.
    let turn = await world.turns.take(StageTransitionRules.kind, in: move.caller.tenant)
    defer { turn.end() }
    return try await change(move) { handover, world in
      try HandoverProblems.require(.receiving, of: handover, move.caller, to: "accept it")
      try HandoverProblems.require([.offered], handover, to: "accepted")
      if wish.openItems {
        for index in handover.items.indices where handover.items[index].status == .open {
          handover.items[index].decide(.accepted, move.caller, world.now)
        }
      }
      try HandoverProblems.notSettled(handover)
      handover.state = .accepted
      handover.acceptedTime = ProtoTimestamp(world.now)
      handover.acceptedBy = move.caller.name
      let owner = wish.owner.isEmpty ? handover.toPeople.first ?? move.caller.name : wish.owner
      return try Self.promisesHandedOn(by: handover, to: owner, world)
        + stageEntered(by: handover, wish, usual: journey, world)
    }
  }

  /// The open promises of the sending team that accepted items link to get their new owner.
  private static func promisesHandedOn(
    by handover: Handover, to owner: String, _ world: RecordWorld
  ) throws -> [CommitOperation] {
    var operations: [CommitOperation] = []
    var seen = Set<String>()
    for name in handover.items.filter({ $0.status == .accepted }).flatMap(\.links)
    where seen.insert(name).inserted {
      guard let key = world.catalog.key(of: name), key.kind == NounCatalog.commitmentKind,
        let record = try world.read(key)
      else { continue }
      var promise = try Commitment(record, named: name)
      guard promise.isOpen, promise.team == handover.fromTeam || promise.team.isEmpty else { continue }
      promise.clearOutputFields()
      promise.team = handover.toTeam
      promise.owner = owner
      operations.append(.put(key, body: promise.serialized(), expecting: .revision(record.revision)))
    }
    return operations
  }

  // MARK: Either team

  func close(_ move: HandoverMove, outcome: String) async throws(Problem) -> Handover {
    try await change(move) { handover, world in
      guard [handover.fromTeam, handover.toTeam].contains(move.caller.team) else {
        throw Problem(
          .permissionDenied, "WRONG_TEAM",
          "Only \(handover.fromTeam) and \(handover.toTeam) can close it; the certificate of this call is of "
            + "\(move.caller.team).",
          metadata: ["team": handover.fromTeam, "caller_team": move.caller.team], resource: handover.name)
      }
      try HandoverProblems.require([.draft, .returned, .accepted], handover, to: "closed")
      handover.state = .closed
      handover.closedTime = ProtoTimestamp(world.now)
      handover.closedBy = move.caller.name
      handover.closedTeam = move.caller.team
      handover.outcome = HandoverContent.text(outcome)
      return []
    }
  }

  // MARK: Tools

  /// A handover as it is now.
  func read(_ name: String, by caller: Principal) async throws(Problem) -> Handover {
    try world.require(caller, .read, name)
    return try handovers.decode(try await handovers.live(name, by: caller))
  }

  private func change(
    _ move: HandoverMove, _ body: (inout Handover, RecordWorld) throws -> [CommitOperation]
  ) async throws(Problem) -> Handover {
    try await handovers.change(move.name, etag: move.etag, move.options, by: move.caller, body)
  }

  private static func edit(
    _ id: String, of handover: inout Handover, _ body: (inout HandoverItem) throws(Problem) -> Void
  ) throws(Problem) {
    guard let index = handover.items.firstIndex(where: { $0.id == id }) else {
      throw HandoverProblems.noItem(id, in: handover)
    }
    try body(&handover.items[index])
  }
}

/// Who wants to move which handover on.
struct HandoverMove: Sendable {
  var name: String
  var etag: String
  var options: WriteOptions
  var caller: Principal
}

extension HandoverItem {
  /// Adds to the thread.
  fileprivate mutating func say(
    _ kind: HandoverMessage.Kind, _ text: String, _ caller: Principal, _ now: Moment
  ) {
    thread.append(
      HandoverMessage.with {
        $0.kind = kind
        $0.text = HandoverContent.text(text)
        $0.principal = caller.name
        $0.team = caller.team
        $0.time = ProtoTimestamp(now)
      })
  }
}
