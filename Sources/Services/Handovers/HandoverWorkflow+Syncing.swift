import Domain
import ProtobufBridge
import PunosMessages
import RPC
import Store

extension HandoverWorkflow {
  /// Tries of a sync while others write the same handover at the same moment: each loses only to a write that got
  /// through.
  private static let tries = 8
  /// Changes looked at in one go: a copy that was made yesterday is seldom further behind.
  private static let historyPage = 20

  /// Brings a copy and the record together.
  func sync(_ request: SyncHandoverRequest, _ options: WriteOptions, by caller: Principal)
    async throws(Problem) -> SyncHandoverResponse
  {
    var copy = request.handover ?? Handover()
    for index in copy.items.indices where copy.items[index].id.isEmpty {
      throw .invalid([
        FieldProblem(
          path: "handover.items[\(index)].id",
          description:
            "an item of a copy needs an id, so that sending it twice makes one; choose one of 1 to 63 of a-z, "
            + "0-9 and hyphen", reason: "REQUIRED")
      ])
    }
    if let written = try await edits.answer(toRepeated: options, caller) {
      return SyncHandoverResponse.with {
        $0.outcome = .merged
        $0.handover = written
      }
    }
    guard let current = try await existing(copy.name, hasBase: request.base != nil, by: caller) else {
      return try await create(copy, options, by: caller)
    }
    copy.name = current.name
    let asIs = HandoverSync(base: current, copy: copy, current: current).answer
    // Says what the record says: it brings nothing back, whatever it was made from.
    if asIs.outcome == .unchanged { return asIs }
    let base = try await base(of: request, current.name, by: caller)
    var seen = current
    for attempt in 1...Self.tries {
      var answer = HandoverSync(base: base, copy: copy, current: seen).answer
      guard answer.outcome == .merged, let merged = answer.handover else { return answer }
      do {
        answer.handover = try await edits.change(seen.name, etag: seen.etag, options, by: caller) {
          handover, _ in
          handover.takeContent(of: merged)
          return []
        }
        return answer
      } catch  where error.code == .aborted && attempt < Self.tries {
        seen = try await read(seen.name, by: caller)
      }
    }
    throw Problem(
      .aborted, "TOO_BUSY", "Others change the handover faster than it can be synced; try again.",
      resource: current.name)
  }

  /// The version that a copy was made from.
  ///
  /// - Parameter name: the record's own name.
  /// - Throws: BASE_ERASED where data of a person was erased from the record since; of a copy that does not say which
  ///   revision it comes from, where any was.
  private func base(
    of request: SyncHandoverRequest, _ name: String, by caller: Principal
  ) async throws(Problem) -> Handover? {
    let key = try edits.key(of: name, field: "handover.name")
    switch request.base {
    case nil:
      try await refuseErased(key, name, since: .zero, in: caller.tenant)
      return nil
    case .baseHandover(var base):
      try await refuseErased(key, name, since: Revision(base.revision), in: caller.tenant)
      HandoverContent.canonicalise(&base)
      return base
    case .baseRevision(let number):
      let revision = Revision(number)
      try await refuseErased(key, name, since: revision, in: caller.tenant)
      return revision == .zero ? nil : try await version(key, name, at: revision, in: caller.tenant)
    }
  }

  private func version(
    _ key: RecordKey, _ name: String, at revision: Revision, in tenant: TenantID
  ) async throws(Problem) -> Handover {
    let then = try await edits.mapped {
      try await world.store.read(key, in: tenant, asOf: .revision(revision))
    }
    guard let then else { throw .notFound(name) }
    return try edits.decode(then)
  }

  private func refuseErased(
    _ key: RecordKey, _ name: String, since revision: Revision, in tenant: TenantID
  ) async throws(Problem) {
    guard try await isErased(key, since: revision, in: tenant) else { return }
    throw Problem(
      .failedPrecondition, "BASE_ERASED",
      "Data of a person was erased from the handover after revision \(revision.rawValue), and a copy of that revision "
        + "may still hold it. Read the handover again, carry over what you changed, and sync on top of what you read.",
      metadata: ["base_revision": "\(revision.rawValue)"], resource: name)
  }

  /// Whether an erasure took something out of a record after a revision: a merge would take what is gone for something
  /// that the copy adds.
  private func isErased(
    _ key: RecordKey, since revision: Revision, in tenant: TenantID
  ) async throws(Problem) -> Bool {
    var before: Revision?
    repeat {
      let page = try await edits.mapped {
        try await world.store.history(of: key, in: tenant, before: before, limit: Self.historyPage)
      }
      for change in page.changes {
        if change.revision <= revision { return false }
        if change.operation == .erased { return true }
      }
      before = page.next
    } while before != nil
    return false
  }

  /// The record of a copy; nil where it is to be created.
  private func existing(_ name: String, hasBase: Bool, by caller: Principal) async throws(Problem)
    -> Handover?
  {
    do {
      return try await read(name, by: caller)
    } catch  where error.code == .notFound && !hasBase {
      return nil
    }
  }

  private func create(
    _ copy: Handover, _ options: WriteOptions, by caller: Principal
  ) async throws(Problem) -> SyncHandoverResponse {
    let key = try edits.key(of: copy.name, field: "handover.name")
    var created = Handover()
    created.takeContent(of: copy)
    var answer = SyncHandoverResponse()
    answer.outcome = .merged
    answer.handover = try await edits.create(
      created, in: key.account.map { "accounts/\($0)" } ?? "", id: key.id, options, by: caller)
    return answer
  }
}

extension Handover {
  /// Takes over what people write.
  fileprivate mutating func takeContent(of other: Handover) {
    title = other.title
    fromTeam = other.fromTeam
    toTeam = other.toTeam
    fromPeople = other.fromPeople
    toPeople = other.toPeople
    dueDate = other.dueDate
    summary = other.summary
    stage = other.stage
    purchase = other.purchase
    template = other.template
    items = other.items
  }
}
