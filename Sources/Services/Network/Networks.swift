import Store

/// The networks that are held in memory, of the tenants that asked last.
actor Networks {
  /// Ties held over all tenants; beyond it those go that were not asked for longest (about 100 bytes each).
  private static let maximumTies = TenantNetwork.maximumTies

  private let world: ServiceWorld
  private var held: [TenantID: (network: TenantNetwork, ties: Int)] = [:]
  /// Tenants in the order in which they asked, the latest last.
  private var asked: [TenantID] = []

  init(_ world: ServiceWorld) { self.world = world }

  /// A tenant's network.
  func network(of tenant: TenantID) -> TenantNetwork {
    asked.removeAll { $0 == tenant }
    asked.append(tenant)
    if let known = held[tenant] { return known.network }
    let network = TenantNetwork(world, tenant)
    held[tenant] = (network, 0)
    return network
  }

  /// Notes how large a tenant's network is by now, and lets go of those that were not asked for longest where all
  /// together are too large. Whoever asks one of them just now still has it.
  func note(_ ties: Int, of tenant: TenantID) {
    held[tenant]?.ties = ties
    var total = held.values.reduce(0) { $0 + $1.ties }
    for other in asked.dropLast() where total > Self.maximumTies {
      total -= held.removeValue(forKey: other)?.ties ?? 0
    }
    asked.removeAll { held[$0] == nil }
  }
}
