import Store

/// The networks that are held in memory, of the tenants that asked last.
actor Networks {
  /// Ties held over all tenants; beyond it those go that were not asked for longest (about 100 bytes each).
  private static let maximumTies = TenantNetwork.maximumTies

  private let world: ServiceWorld
  private var held: [TenantID: TenantNetwork] = [:]
  /// Tenants in the order in which they asked, the latest last.
  private var asked: [TenantID] = []

  init(_ world: ServiceWorld) { self.world = world }

  /// A tenant's network.
  func network(of tenant: TenantID) -> TenantNetwork {
    asked.removeAll { $0 == tenant }
    asked.append(tenant)
    if let network = held[tenant] { return network }
    let network = TenantNetwork(world, tenant)
    held[tenant] = network
    return network
  }

  /// Lets go of the networks that were not asked for longest, where all together are too large.
  func tidy() async {
    var sizes: [(tenant: TenantID, ties: Int)] = []
    for tenant in asked {
      if let network = held[tenant] { sizes.append((tenant, await network.tieCount)) }
    }
    var total = sizes.reduce(0) { $0 + $1.ties }
    for (tenant, ties) in sizes.dropLast() where total > Self.maximumTies {
      await held[tenant]?.forget()
      held[tenant] = nil
      asked.removeAll { $0 == tenant }
      total -= ties
    }
  }
}
