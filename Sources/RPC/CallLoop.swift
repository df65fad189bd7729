/// The event loop a connection lives on, as far as calls need to know it.
package protocol CallLoop: AnyObject, Sendable {
  /// Whether the caller runs on this loop.
  var isCurrent: Bool { get }
  /// Runs something on the loop soon, in the order of the requests.
  func execute(_ work: @escaping @Sendable () -> Void)
  /// Where handlers run; nil means Swift's own pool.
  var taskExecutor: (any TaskExecutor)? { get }
}
