public import PunosMessages

/// What somebody says of two people: a relationship, as far as it tells how strongly they are connected.
public struct TieClaim: Sendable, Hashable {
  /// What the one is to the other.
  public var kind: Relationship.Kind
  /// How strong somebody says it is; nil where nobody says.
  public var said: Double?
  /// From which day on, YYYY-MM-DD; empty: since ever.
  public var validFrom: String
  /// Until which day, that day not included; empty: for ever.
  public var validTo: String

  /// What a relationship claims.
  public init(_ relationship: Relationship) {
    kind = relationship.kind
    said = relationship.strength
    validFrom = relationship.validFrom
    validTo = relationship.validTo
  }

  /// Whether it holds on a day.
  ///
  /// - Parameter day: YYYY-MM-DD; days written so compare as text.
  public func holds(on day: String) -> Bool {
    (validFrom.isEmpty || validFrom <= day) && (validTo.isEmpty || day < validTo)
  }

  /// Whether it says that the two do not get on.
  public var isConflict: Bool { kind == .conflictsWith }

  /// How strongly it connects the two, from 0 to 1: what is said, else what its kind usually means.
  public var strength: Double {
    guard !isConflict else { return 0 }
    return min(max(said ?? kind.usualStrength, 0), 1)
  }
}

extension Relationship.Kind {
  /// How strongly a relationship of this kind connects two people where nobody says how strong it is: trust most,
  /// acquaintance least.
  public var usualStrength: Double {
    switch self {
    case .trusts: 0.8
    case .sponsors: 0.7
    case .reportsTo: 0.6
    case .influences: 0.5
    case .knows: 0.4
    default: 0
    }
  }
}
