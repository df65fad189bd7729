import Glibc
import Logging
import NIOCore
import NIOPosix
import Store

/// Takes tasks from `punosd backup` and `punosd verify` while the server has the store: a socket in the data folder
/// that only the folder's owner can reach.
final class MaintenanceSocket: Sendable {
  /// Longest request: a path at its longest, and a word.
  static let maximumRequestBytes = 8_192
  /// Longest path of a socket, in bytes, that NIO binds to on every system: the smallest room for one is 104, with a zero
  /// behind it.
  static let maximumPathBytes = 103

  private let channel: any Channel
  private let path: String

  private init(channel: any Channel, path: String) {
    self.channel = channel
    self.path = path
  }

  static func start(
    _ folder: DataFolder, _ store: any MaintainedStore, _ logger: Logger, on group: any EventLoopGroup
  ) async throws -> MaintenanceSocket {
    let path = folder.maintenanceSocket
    guard path.utf8.count <= maximumPathBytes else {
      throw ServerProblem(
        "The data folder's path is too long: punosd backup and verify reach the server by the socket \(path), whose path "
          + "may have \(maximumPathBytes) bytes and has \(path.utf8.count). Use a folder with a shorter path, or a symbolic "
          + "link to it: --data LINK.")
    }
    // One that was left by a server that was killed; the store's lock says that none is alive.
    unlink(path)
    let channel = try await ServerBootstrap(group: group)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(MaintenanceHandler(store: store, logger: logger))
        }
      }
      .bind(unixDomainSocketPath: path).get()
    guard chmod(path, 0o600) == 0 else {
      try? await channel.close()
      throw ServerProblem("The socket \(path) cannot be kept to its owner.")
    }
    return MaintenanceSocket(channel: channel, path: path)
  }

  func stop() async {
    try? await channel.close().get()
    unlink(path)
  }
}

private final class MaintenanceHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let store: any MaintainedStore
  private let logger: Logger
  private var request = ByteBuffer()
  private var isTaken = false

  init(store: any MaintainedStore, logger: Logger) {
    self.store = store
    self.logger = logger
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    request.writeBuffer(&bytes)
    guard !isTaken else { return }
    guard request.readableBytes <= MaintenanceSocket.maximumRequestBytes else {
      context.close(promise: nil)
      return
    }
    let text = String(buffer: request)
    guard let end = text.firstIndex(of: "\n") else { return }
    isTaken = true
    run(MaintenanceTask(line: String(text[..<end])), context.channel)
  }

  private func run(_ task: MaintenanceTask?, _ channel: any Channel) {
    let (store, logger) = (store, logger)
    Task {
      let report: MaintenanceReport
      if let task {
        logger.notice("maintenance begins", metadata: ["task": "\(task.line)"])
        report = await task.run(on: store)
        logger.notice("maintenance ended", metadata: ["task": "\(task.line)", "well": "\(report.isWell)"])
      } else {
        report = MaintenanceReport(isWell: false, lines: ["Not a task of this server's version."])
      }
      try? await channel.writeAndFlush(ByteBuffer(string: report.text))
      try? await channel.close()
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
