public import PunosMessages
public import Store

extension CommitteeMember: RecordMessage {}

/// What members of committees ask beyond the schema.
public struct CommitteeMemberRules: NounRules {
  public static let kind = NounCatalog.committeeMemberKind
  /// Two tenures of one person that overlap are told apart by no id.
  public static let isWrittenInTurn = true

  /// How far ahead of the server's clock a last contact may lie: clocks of other systems run ahead, and days are
  /// written in other time zones.
  private static let clockTolerance: Int64 = 86_400

  public init() {}

  public func canonicalise(_ value: inout CommitteeMember) {
    var seen: Set<CommitteeMember.Role> = [value.role]
    value.moreRoles = value.moreRoles.filter { seen.insert($0).inserted }
    var named: Set<String> = []
    value.coveredBy = value.coveredBy.filter { named.insert($0).inserted }
  }

  public func complete(_ value: inout CommitteeMember, before: CommitteeMember?, _ world: RecordWorld) throws
  {
    // Lists united from two sources may say a role twice.
    canonicalise(&value)
    if let contact: Contact = try world.value(value.contact) {
      value.displayName = contact.displayName
    } else {
      value.displayName = before?.displayName ?? ""
    }
    EvidenceRules.complete(&value.evidence, before?.evidence ?? [], world)
  }

  public func problems(of value: CommitteeMember, _ world: RecordWorld) throws -> [FieldProblem] {
    var problems = EvidenceRules.problems(of: value.evidence, in: "evidence") + ownProblems(value, world)
    guard let key = world.catalog.key(of: value.name), let account = key.account else { return problems }
    let known = try world.store.read(key, in: world.tenant)
    let before = try known.flatMap { $0.isDeleted ? nil : try CommitteeMember($0, named: value.name) }
    if let before, before.contact != value.contact {
      problems.append(
        FieldProblem(
          path: "contact",
          description:
            "a member stays the same person; end this one (valid_to) and create another for the other person",
          reason: "IMMUTABLE"))
    }
    problems += try purchaseProblems(value, account: "accounts/\(account)")
    // Employment may have ended since: that must not stop other changes of a member who is there, or comes
    // back, be it into another tenant.
    let then = try before ?? known.map { try CommitteeMember($0, named: value.name) }
    let isMoved = then?.contact != value.contact || then?.validFrom != value.validFrom
    if isMoved, !world.telling.areAsExported {
      problems += try employmentProblems(value, account: "accounts/\(account)", world)
    }
    return try problems + overlaps(of: value, in: account, world)
  }

  private func ownProblems(_ value: CommitteeMember, _ world: RecordWorld) -> [FieldProblem] {
    var problems: [FieldProblem] = []
    if !value.validFrom.isEmpty, !value.validTo.isEmpty, value.validTo <= value.validFrom {
      problems.append(
        FieldProblem(
          path: "valid_to",
          description: "the end must lie after the beginning (valid_from); correct one of the two",
          reason: "EMPTY_SPAN"))
    }
    if value.role == .other || value.moreRoles.contains(.other), value.otherRole.isEmpty {
      problems.append(
        FieldProblem(
          path: "other_role", description: "ROLE_OTHER says here which role it is; nothing came",
          reason: "REQUIRED"))
    }
    if let last = value.lastContactTime?.seconds,
      last > world.now.seconds.addingReportingOverflow(Self.clockTolerance).0
    {
      problems.append(
        FieldProblem(
          path: "last_contact_time", description: "it lies in the future; a time up to now was expected",
          reason: "IN_FUTURE"))
    }
    if let index = value.accessTo.firstIndex(of: value.contact) {
      problems.append(
        FieldProblem(
          path: "access_to[\(index)]",
          description: "it is the person themselves; name another contact, or leave it out",
          reason: "OWN_ACCESS"))
    }
    return problems
  }

  private func purchaseProblems(_ value: CommitteeMember, account: String) throws -> [FieldProblem] {
    guard !value.purchase.isEmpty, !value.purchase.hasPrefix(account + "/") else { return [] }
    return [
      FieldProblem(
        path: "purchase",
        description: "it is a purchase of another account; name one of \(account), or leave it out",
        reason: "OTHER_ACCOUNT")
    ]
  }

  /// Whoever takes part in a customer's decisions works there, on the day from which they do; where nobody says since
  /// when, today, or before their part ended.
  private func employmentProblems(
    _ value: CommitteeMember, account: String, _ world: RecordWorld
  ) throws -> [FieldProblem] {
    // That the contact is there at all is checked already.
    guard let contact: Contact = try world.value(value.contact) else { return [] }
    let today = Days.text(world.now)
    let isOver = !value.validTo.isEmpty && value.validTo <= today
    let day: String? = value.validFrom.isEmpty ? (isOver ? nil : today) : value.validFrom
    let here = contact.employments.filter { $0.account == account }
    let isEmployed = here.contains { employment in
      guard let day else { return employment.validFrom < value.validTo }
      return employment.validFrom <= day && (employment.validTo.isEmpty || day < employment.validTo)
    }
    if isEmployed { return [] }
    let when = day.map { value.validFrom.isEmpty ? " today" : " on \($0) (valid_from)" } ?? ""
    let past = value.validFrom.isEmpty && !here.isEmpty ? ", say when they took part (valid_from)" : ""
    return [
      FieldProblem(
        path: "contact",
        description:
          "the person has no employment at \(account)\(when); add one to the contact's employments\(past), or name "
          + "somebody who works there", reason: "NO_EMPLOYMENT")
    ]
  }

  /// The same person in the same committee twice at one time.
  private func overlaps(
    of value: CommitteeMember, in account: String, _ world: RecordWorld
  ) throws -> [FieldProblem] {
    let others: [CommitteeMember] = try world.values(of: Self.kind, inAccount: account)
    let clash = others.first { other in
      other.name != value.name && other.contact == value.contact && other.purchase == value.purchase
        && (other.validTo.isEmpty || value.validFrom < other.validTo)
        && (value.validTo.isEmpty || other.validFrom < value.validTo)
    }
    guard let clash else { return [] }
    return [
      FieldProblem(
        path: "valid_from",
        description:
          "the person is in this committee at that time already, as \(clash.name); change that record, or "
          + "end one of the two (valid_to)", reason: "OVERLAPPING_TENURES")
    ]
  }

  public func externalIDs(of value: CommitteeMember) -> [ExternalId] { value.externalIds }

  public func unite(_ incoming: CommitteeMember, into current: CommitteeMember) -> CommitteeMember {
    Unite.messages(incoming, into: current)
  }
}
