import Glibc
public import Logging
import NIOCore
import NIOPosix
import Store
import StoreSQLite

/// Looks after the store of a data folder: asks the server that runs on it, or opens it where none does.
public struct Maintenance: Sendable {
  private let folder: DataFolder
  private let opener: StoreOpener

  /// - Parameter data: the data folder.
  public init(data: String, logger: Logger) {
    folder = DataFolder(path: data)
    opener = StoreOpener(folder: folder, configuration: Configuration(), logger: logger)
  }

  /// Copies the store into a new folder, also while it is served.
  ///
  /// - Parameter target: must not exist.
  public func backup(to target: String) async throws -> MaintenanceReport {
    try await run(.backup(to: Self.absolute(target)))
  }

  /// Checks integrity, contiguity, the hash chain, and indexes against records, also while it is served.
  ///
  /// What could not be checked, because the server writes too much meanwhile, is said and no failure.
  public func verify() async throws -> MaintenanceReport {
    try await run(.verify)
  }

  /// Makes the store from a backup, and erases again whom it was asked to erase since.
  ///
  /// - Parameter register: the folder of the store that was lost; nil: it is gone too, and its erasures with it.
  public func restore(from backup: String, erasuresOf register: String?) async throws -> MaintenanceReport {
    guard DataFolder.exists(folder.caKey) else {
      throw ServerProblem(
        "\(folder.path) holds no installation; make one with punosd init, then restore into it.")
    }
    let erased = try await opener.restorer().restore(from: backup, erasuresOf: register)
    let again =
      erased > 0
      ? "\(erased) erasures were done again."
      : register == nil
        ? "Whoever was erased after the backup was made is in it again: erase them anew."
        : "No erasure had to be done again."
    return MaintenanceReport(isWell: true, lines: ["Restored \(folder.storePath) from \(backup). \(again)"])
  }

  private func run(_ task: MaintenanceTask) async throws -> MaintenanceReport {
    if let answer = try await askServer(task) { return answer }
    let store = try opener.open()
    let report = await task.run(on: store)
    await store.close()
    return report
  }

  /// The running server's answer; nil where none runs.
  private func askServer(_ task: MaintenanceTask) async throws -> MaintenanceReport? {
    guard DataFolder.exists(folder.maintenanceSocket) else { return nil }
    let collector = AnswerCollector(on: MultiThreadedEventLoopGroup.singleton.next())
    let channel: any Channel
    do {
      channel = try await ClientBootstrap(group: collector.loop)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(AnswerHandler(promise: collector.promise))
          }
        }
        .connect(unixDomainSocketPath: folder.maintenanceSocket).get()
    } catch {
      collector.promise.succeed("")
      return nil
    }
    try await channel.writeAndFlush(ByteBuffer(string: task.line + "\n"))
    let text = try await collector.promise.futureResult.get()
    guard let report = MaintenanceReport(text: text) else {
      throw ServerProblem("The running server ended before it answered; its log says more.")
    }
    return report
  }

  private static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let current = getcwd(nil, 0) else { return path }
    defer { free(current) }
    return String(cString: current) + "/" + path
  }
}

private struct AnswerCollector {
  let loop: any EventLoop
  let promise: EventLoopPromise<String>

  init(on loop: any EventLoop) {
    self.loop = loop
    promise = loop.makePromise(of: String.self)
  }
}

private final class AnswerHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let promise: EventLoopPromise<String>
  private var answer = ByteBuffer()

  init(promise: EventLoopPromise<String>) { self.promise = promise }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    answer.writeBuffer(&bytes)
  }

  func channelInactive(context: ChannelHandlerContext) { promise.succeed(String(buffer: answer)) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
