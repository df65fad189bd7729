import Domain
public import PunosMessages
public import Store

extension Relationship: RecordMessage {}

/// What relationships ask beyond the schema.
public struct RelationshipRules: NounRules {
  public static let kind = NounCatalog.relationshipKind
  /// Lines that close a circle together, and ties told twice, have ids of their own.
  public static let isWrittenInTurn = true

  public init() {}

  public func complete(_ value: inout Relationship, before: Relationship?, _ world: RecordWorld) throws {
    EvidenceRules.complete(&value.evidence, before?.evidence ?? [], world)
  }

  public func problems(of value: Relationship, _ world: RecordWorld) throws -> [FieldProblem] {
    var problems =
      EvidenceRules.problems(of: value.evidence, in: "evidence") + kindProblems(of: value)
      + endProblems(of: value)
    if !value.validFrom.isEmpty, !value.validTo.isEmpty, value.validTo <= value.validFrom {
      problems.append(
        FieldProblem(
          path: "valid_to",
          description: "the end must lie after the beginning (valid_from); correct one of the two",
          reason: "EMPTY_SPAN"))
    }
    guard problems.isEmpty, let account = world.catalog.key(of: value.name)?.account else { return problems }
    let others = try world.values(of: Self.kind, inAccount: account, as: Relationship.self)
      .filter { $0.name != value.name && $0.kind == value.kind && !$0.span.shared(with: value.span).isEmpty }
    if let told = others.first(where: { isSamePair($0, value) }) {
      problems.append(
        FieldProblem(
          path: "valid_from",
          description:
            "\(told.name) says the same of these two for a time that overlaps; end one of the two, or "
            + "change that one", reason: "OVERLAPPING_TENURES"))
    }
    return problems
  }

  /// Reporting lines may lie in any account: people change employers, and groups have many.
  public func problemsElsewhere(of value: Relationship, _ world: RecordWorld) async throws -> [FieldProblem] {
    guard value.kind == .reportsTo else { return [] }
    var search = ReportingSearch(from: value.to, to: value.fromContact, during: value.span)
    while let person = search.next() {
      let lines: [Relationship] = try await world.values(of: Self.kind, where: "from_contact", is: person)
      search.take(
        lines.filter { $0.kind == .reportsTo && $0.name != value.name }.map {
          .init(to: $0.to, span: $0.span, record: $0.name)
        })
    }
    guard let line = search.last else { return [] }
    return [
      FieldProblem(
        path: "to",
        description:
          "this person already reports to the other, directly or through others, at the same time; end "
          + "\(line.record) (valid_to) first, or turn this one round", reason: "CIRCULAR_REPORTING")
    ]
  }

  /// Two people of whom nobody says what they are to each other are no relationship.
  private func kindProblems(of value: Relationship) -> [FieldProblem] {
    guard value.kind == .unspecified else { return [] }
    return [
      FieldProblem(
        path: "kind",
        description:
          "what the one is to the other was expected: KIND_REPORTS_TO, KIND_INFLUENCES, KIND_TRUSTS, "
          + "KIND_CONFLICTS_WITH, KIND_SPONSORS or, where no more is known, KIND_KNOWS", reason: "REQUIRED")
    ]
  }

  /// What is wrong with the two who are related.
  private func endProblems(of value: Relationship) -> [FieldProblem] {
    switch (value.fromContact.isEmpty, value.fromTeammate) {
    case (true, nil):
      return [
        FieldProblem(
          path: "from_contact",
          description: "one of from_contact and from_teammate was expected; nothing came",
          reason: "REQUIRED")
      ]
    case (false, .some):
      return [
        FieldProblem(
          path: "from_teammate",
          description: "from_contact is set too; a relationship has one beginning: leave one out",
          reason: "BOTH_SET")
      ]
    case (true, .some) where value.kind == .reportsTo:
      return [
        FieldProblem(
          path: "from_teammate",
          description:
            "one of ours reports to nobody at a customer; from_contact, or another kind, was expected",
          reason: "NOT_A_REPORTING_LINE")
      ]
    default: break
    }
    guard value.fromContact == value.to else { return [] }
    return [
      FieldProblem(
        path: "to", description: "it is the same person as from_contact; two different people were expected",
        reason: "WITH_ONESELF")
    ]
  }

  /// Whether both tie the same two people; which of them is named first matters where the kind has a direction.
  private func isSamePair(_ one: Relationship, _ other: Relationship) -> Bool {
    guard one.fromName != nil else { return false }
    if one.fromName == other.fromName, one.to == other.to { return true }
    return other.kind.isMutual && one.fromName == other.to && one.to == other.fromName
  }

  public func externalIDs(of value: Relationship) -> [ExternalId] { value.externalIds }

  public func unite(_ incoming: Relationship, into current: Relationship) -> Relationship {
    Unite.messages(incoming, into: current)
  }
}

extension Relationship {
  /// When it holds.
  var span: DaySpan { DaySpan(from: validFrom, to: validTo) }
}

extension Relationship.Kind {
  /// Whether it says of the two the same when they are named the other way round.
  var isMutual: Bool { self == .knows || self == .conflictsWith }
}
