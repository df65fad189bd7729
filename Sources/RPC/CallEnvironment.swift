/// What all calls of one connection share. It never changes, so a call holds one reference instead of five.
package final class CallEnvironment: Sendable {
  let loop: any CallLoop
  let limits: CallLimits
  let interceptors: [any ServerInterceptor]
  let budget: HeldBudget
  let unsent: UnsentBudget
  /// Whether answers leave compressed when the handler says nothing.
  let compressesByDefault: Bool

  package init(
    loop: any CallLoop, limits: CallLimits, interceptors: [any ServerInterceptor], budget: HeldBudget,
    unsent: UnsentBudget, compressesByDefault: Bool
  ) {
    self.loop = loop
    self.limits = limits
    self.interceptors = interceptors
    self.budget = budget
    self.unsent = unsent
    self.compressesByDefault = compressesByDefault
  }
}
