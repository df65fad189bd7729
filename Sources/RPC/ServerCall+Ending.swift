/// How a call's end is told: to its caller, to the interceptors, to the log. On the loop.
extension ServerCall {
  /// Tells them in the reverse order of their asking.
  func tellInterceptors(_ code: StatusCode) {
    let interceptors = environment.interceptors
    guard !interceptors.isEmpty else { return }
    statistics.duration = context.started.duration(to: .now)
    for interceptor in interceptors.reversed() {
      interceptor.callEnded(context, status: code, statistics: statistics)
    }
  }

  /// The error as its caller may see it; what it may not see goes to the log.
  func failure(for error: any Error) -> RPCError {
    if let error = error as? RPCError {
      // A caller's own mistake may have a cause too, and must not fill the log.
      if error.cause != nil, error.code.isFailureOfServer {
        host.report(error, code: error.code, in: context)
      }
      return error
    }
    if error is CancellationError { return RPCError(.cancelled, "the call was cancelled") }
    host.report(error, code: .internal, in: context)
    return RPCError(
      .internal, "an unexpected failure, logged as \(context.requestID): quote this id to the operator")
  }

  /// Whether responses of this call may be compressed at all.
  var mayCompress: Bool {
    guard acceptsGzip else { return false }
    return method.serverStreams || context.compression == .on || environment.compressesByDefault
  }
}
