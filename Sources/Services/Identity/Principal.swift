public import Store

/// Who calls: a person or program of a team in a tenant, as their certificate names them.
public struct Principal: Sendable, Hashable {
  /// The company whose data the caller may see.
  public var tenant: TenantID
  /// The team: "sales", "delivery", "service".
  public var team: String
  /// The person or program: "aino.virtanen", "crm-sync".
  public var name: String

  /// - Parameters:
  ///   - tenant: the company.
  ///   - team: 1 to 63 of a-z, 0-9, hyphen.
  ///   - name: 1 to 128 of a-z, 0-9 and `. _ - @ +`.
  public init(tenant: TenantID, team: String, name: String) {
    self.tenant = tenant
    self.team = team
    self.name = name
  }

  /// What a commit of the caller's carries.
  public var actor: Actor { Actor(principal: name, team: team) }

  /// The URI that a certificate carries for this caller, punos://TENANT/TEAM/NAME.
  public var uri: String { "\(Self.scheme)\(tenant.text)/\(team)/\(name)" }

  static let scheme = "punos://"

  /// Longest name of a person or program: an e-mail address of usual length fits.
  public static let maximumNameBytes = 128

  /// Reads the URI of a certificate.
  ///
  /// - Parameter uri: punos://TENANT/TEAM/NAME.
  /// - Throws: ``UnreadablePrincipal`` with what was expected.
  public init(uri: String) throws(UnreadablePrincipal) {
    guard uri.hasPrefix(Self.scheme) else { throw UnreadablePrincipal(expected: "a URI \(Self.shape)") }
    let parts = uri.dropFirst(Self.scheme.count).split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3 else { throw UnreadablePrincipal(expected: "three parts, \(Self.shape)") }
    guard let tenant = try? TenantID(String(parts[0])) else {
      throw UnreadablePrincipal(expected: "a tenant of 1 to 63 of a-z, 0-9 and hyphen")
    }
    let team = String(parts[1])
    guard (1...63).contains(team.utf8.count), team.utf8.allSatisfy({ Self.isLower($0, more: "-") }) else {
      throw UnreadablePrincipal(expected: "a team of 1 to 63 of a-z, 0-9 and hyphen")
    }
    let name = String(parts[2])
    guard (1...Self.maximumNameBytes).contains(name.utf8.count),
      name.utf8.allSatisfy({ Self.isLower($0, more: "._-@+") })
    else {
      throw UnreadablePrincipal(expected: "a name of 1 to \(Self.maximumNameBytes) of a-z, 0-9 and . _ - @ +")
    }
    self.init(tenant: tenant, team: team, name: name)
  }

  static let shape = "punos://TENANT/TEAM/NAME"

  private static func isLower(_ byte: UInt8, more: String) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: more.utf8.contains(byte)
    }
  }
}

/// A certificate's URI does not name a caller.
public struct UnreadablePrincipal: Error, Equatable {
  /// What was expected.
  public var expected: String
}
