/// What a caller wants to do with a record.
public enum AccessAction: Sendable, Hashable {
  case read, create, update, delete, erase
  /// Read an export in, with what otherwise only the server writes.
  case restore
}

/// The answer to "may this principal do this to that".
public enum AccessDecision: Sendable, Hashable {
  case allowed
  /// No; the reason is for the caller.
  case refused(reason: String)
}

/// The one place that decides what a caller may do. Every handler asks it before it touches a record.
public protocol AccessPolicy: Sendable {
  /// - Parameters:
  ///   - principal: who asks; their tenant is the only one ever touched.
  ///   - action: what they want to do.
  ///   - resource: to which record or collection, as a resource name.
  func decision(_ principal: Principal, _ action: AccessAction, _ resource: String) -> AccessDecision
}

/// Everybody may do everything within their own tenant: sharing is the default.
public struct OpenWithinTenant: AccessPolicy {
  public init() {}

  public func decision(_ principal: Principal, _ action: AccessAction, _ resource: String) -> AccessDecision {
    .allowed
  }
}
