public import PunosMessages
public import Store

extension HandoverTemplate: RecordMessage {}

/// What templates of handovers ask beyond the schema.
public struct HandoverTemplateRules: NounRules {
  public static let kind = NounCatalog.handoverTemplateKind

  public init() {}

  public func problems(of value: HandoverTemplate, _ world: RecordWorld) throws -> [FieldProblem] {
    var ids = Set<String>()
    return value.items.enumerated().compactMap { index, item in
      guard !ids.insert(item.id).inserted else { return nil }
      return FieldProblem(
        path: "items[\(index)].id", description: "another item has the same id; give each its own",
        reason: "DUPLICATE_ITEM")
    }
  }

  public func externalIDs(of value: HandoverTemplate) -> [ExternalId] { value.externalIds }

  public func unite(_ incoming: HandoverTemplate, into current: HandoverTemplate) -> HandoverTemplate {
    var rest = incoming
    rest.items = []
    var united = Unite.messages(rest, into: current)
    Unite.list(incoming.items, into: &united.items) { $0.id }
    return united
  }
}
