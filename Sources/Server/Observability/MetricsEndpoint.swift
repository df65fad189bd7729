import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

/// Answers `GET /metrics` in plain HTTP, for Prometheus, on an address of its own.
public final class MetricsEndpoint: Sendable {
  private let channel: any Channel

  private init(channel: any Channel) { self.channel = channel }

  /// Where it listens, HOST:PORT.
  public var address: String {
    guard let local = channel.localAddress else { return "?" }
    return "\(local.ipAddress ?? "?"):\(local.port ?? 0)"
  }

  /// Binds and begins to answer.
  ///
  /// - Throws: NIO's error where the address cannot be bound.
  static func start(
    host: String, port: Int, registry: PrometheusRegistry, on group: any EventLoopGroup
  ) async throws -> MetricsEndpoint {
    let channel = try await ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
          try channel.pipeline.syncOperations.addHandler(IdleClose(after: .seconds(30)))
          try channel.pipeline.syncOperations.addHandler(MetricsHandler(registry: registry))
        }
      }
      .bind(host: host, port: port).get()
    return MetricsEndpoint(channel: channel)
  }

  func stop() async {
    try? await channel.close().get()
  }
}

/// Closes a connection on which nothing was read for a while: a scraper asks every minute at most and reconnects.
private final class IdleClose: ChannelInboundHandler {
  typealias InboundIn = Any
  private let limit: TimeAmount
  private var timer: Scheduled<Void>?

  init(after limit: TimeAmount) { self.limit = limit }

  func channelActive(context: ChannelHandlerContext) {
    arm(context)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    arm(context)
    context.fireChannelRead(data)
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    context.fireChannelInactive()
  }

  private func arm(_ context: ChannelHandlerContext) {
    timer?.cancel()
    let channel = context.channel
    timer = context.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
  }
}

private final class MetricsHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let registry: PrometheusRegistry
  private var head: HTTPRequestHead?

  init(registry: PrometheusRegistry) { self.registry = registry }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body: break
    case .end:
      guard let head else { return }
      answer(head, context)
      self.head = nil
    }
  }

  private func answer(_ request: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let known = request.uri == "/metrics" || request.uri.hasPrefix("/metrics?")
    let status: HTTPResponseStatus
    let text: String
    if !known {
      (status, text) = (.notFound, "Metrics are at /metrics.\n")
    } else if request.method != .GET && request.method != .HEAD {
      (status, text) = (.methodNotAllowed, "Metrics are read with GET.\n")
    } else {
      (status, text) = (.ok, registry.exposition())
    }
    var headers = HTTPHeaders()
    headers.add(name: "content-type", value: "text/plain; version=0.0.4; charset=utf-8")
    headers.add(name: "content-length", value: String(text.utf8.count))
    let head = HTTPResponseHead(version: request.version, status: status, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if request.method != .HEAD {
      context.write(
        wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(string: text)))), promise: nil)
    }
    let channel = context.channel
    let keepAlive = request.isKeepAlive
    context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
      if !keepAlive { channel.close(promise: nil) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
