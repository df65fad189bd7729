import Domain
public import PunosMessages
public import Store

extension Interaction: RecordMessage {}

/// What interactions ask beyond the schema.
public struct InteractionRules: NounRules {
  public static let kind = NounCatalog.interactionKind

  public init() {}

  public func complete(_ value: inout Interaction, before: Interaction?, _ world: RecordWorld) throws {
    if value.setting == .unspecified { value.setting = value.channel.setting }
    if value.direction == .unspecified { value.direction = value.channel.direction }
  }

  /// What the channel implied goes with it.
  public func settle(_ after: inout Interaction, before: Interaction, told: Set<String>) {
    guard after.channel != before.channel else { return }
    if before.setting == before.channel.setting, !told.contains("setting") { after.setting = .unspecified }
    if before.direction == before.channel.direction, !told.contains("direction") { after.direction = .unspecified }
  }

  public func problems(of value: Interaction, _ world: RecordWorld) throws -> [FieldProblem] {
    var problems = Repeats.problems(of: value.contacts, in: "contacts")
    problems += Repeats.problems(of: value.teammates.map(\.principal), in: "teammates")
    if let time = value.time, !Self.years.contains(time.seconds) {
      problems.append(
        FieldProblem(
          path: "time",
          description: "a moment in the years 1900 to 2199 was expected; look at how the source writes time",
          reason: "OUT_OF_RANGE"))
    }
    return problems
  }

  /// The moments that an interaction can have: 1900-01-01 to 2200-01-01. What lies outside is a number read wrongly.
  private static let years: Range<Int64> = -2_208_988_800..<7_258_118_400

  public func externalIDs(of value: Interaction) -> [ExternalId] { value.externalIds }

  public func references(of value: Interaction) -> [String] { value.contacts }

  public func replaceReferences(in value: inout Interaction, _ replace: (String) -> String) {
    for index in value.contacts.indices { value.contacts[index] = replace(value.contacts[index]) }
  }

  public func unite(_ incoming: Interaction, into current: Interaction) -> Interaction {
    Unite.messages(incoming, into: current)
  }
}

/// Lists in which each value may stand once.
enum Repeats {
  /// Values that stand in a list already.
  ///
  /// - Parameter field: the list's name.
  static func problems(of values: [String], in field: String) -> [FieldProblem] {
    guard values.count > 1 else { return [] }
    var first: [String: Int] = [:]
    return values.enumerated().compactMap { index, value in
      guard let earlier = first.updateValue(index, forKey: value) else { return nil }
      first[value] = earlier
      return FieldProblem(
        path: "\(field)[\(index)]", description: "it is the same as \(field)[\(earlier)]; name each once",
        reason: "TWICE")
    }
  }
}
