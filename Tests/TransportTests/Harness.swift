import Client
import Foundation
import Logging
import RPC
import Synchronization
import TLS
import Transport
import WireTestSupport

/// Keeps log lines.
final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  func logger() -> Logger {
    var logger = Logger(label: "test") { _ in Handler(lines: self) }
    logger.logLevel = .debug
    return logger
  }

  private func add(_ line: String) { lines.withLock { $0.append(line) } }

  /// Waits until a line contains some text; the caller's own time limit ends the wait.
  func contains(_ text: String) async throws {
    while !all.contains(where: { $0.contains(text) }) { try await Task.sleep(for: .milliseconds(5)) }
  }

  private struct Handler: LogHandler {
    let lines: LogLines
    var metadata = Logger.Metadata()
    var logLevel = Logger.Level.debug

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      lines.add("\(event.level) \(event.message) \(event.metadata ?? [:])")
    }
  }
}

/// The methods served in these tests, with raw bytes for messages.
enum Echo {
  static func method(_ name: String, client: Bool = false, server: Bool = false) -> Method<[UInt8], [UInt8]> {
    Method(
      service: "test.Echo", name: name, clientStreams: client, serverStreams: server, request: .raw,
      response: .raw)
  }

  static let same = method("Same")
  static let who = method("Who")
  static let mark = method("Mark")
  static let join = method("Join", client: true)
  static let count = method("Count", server: true)
  static let chat = method("Chat", client: true, server: true)
  static let hang = method("Hang")
  static let flood = method("Flood", server: true)
}

/// What handlers saw, for tests to wait for.
final class Seen: Sendable {
  let hangBegan = Latch<Void>()
  let hangCancelled = Latch<Void>()
  let release = Latch<Void>()
  let floodWritten = Mutex(0)
  let floodEnded = Latch<String>()
}

struct EchoService: RPCService {
  let seen: Seen

  var definition: ServiceDefinition {
    let seen = seen
    return ServiceDefinition(
      name: "test.Echo",
      methods: [
        .unary(Echo.same) { request, _ in request },
        .unary(Echo.who) { _, context in
          Array("\(context.peer?.uriSANs.first ?? "nobody") \(context.remoteAddress)".utf8)
        },
        .unary(Echo.mark) { _, context in Array((context.requestMetadata["x-mark"] ?? "none").utf8) },
        .clientStreaming(Echo.join) { requests, _ in
          var all: [UInt8] = []
          for try await request in requests { all += request }
          return all
        },
        .serverStreaming(Echo.count) { request, answers, _ in
          for number in 0..<(request.first ?? 0) { try await answers.write([number]) }
        },
        .bidirectional(Echo.chat) { requests, answers, _ in
          for try await request in requests { try await answers.write(request) }
        },
        .unary(Echo.hang) { request, _ in
          seen.hangBegan.set(())
          do {
            if request.isEmpty {
              try await Task.sleep(for: .seconds(3600))
            } else {
              await seen.release.wait()
            }
          } catch {
            seen.hangCancelled.set(())
            throw error
          }
          return request
        },
        .serverStreaming(Echo.flood) { request, answers, _ in
          do {
            while true {
              try await answers.write([UInt8](repeating: 7, count: 16 << 10))
              seen.floodWritten.withLock { $0 += 16 << 10 }
            }
          } catch {
            seen.floodEnded.set("\(error)")
            throw error
          }
        },
      ])
  }
}

/// A server on loopback with certificates of its own, and channels to it.
final class Fixture: Sendable {
  let ca: DevelopmentCA
  let files: DevelopmentCA.Pair
  let seen = Seen()
  let log = LogLines()
  let server: GRPCServer
  let address: BoundAddress

  init(
    clients: ClientCertificates = .off, interceptors: [any ServerInterceptor] = [],
    _ change: (inout ServerConfiguration) -> Void = { _ in }
  ) async throws {
    ca = try DevelopmentCA()
    files = try ca.server()
    var configuration = ServerConfiguration(
      host: "127.0.0.1", port: 0,
      tls: ReloadingServerContext.Files(
        certificate: files.certificate, key: files.key, clientCA: clients == .off ? nil : ca.caFile),
      clientCertificates: clients)
    configuration.eventLoops = 2
    change(&configuration)
    server = try GRPCServer(
      configuration: configuration,
      router: try Router(services: [EchoService(seen: seen)], interceptors: interceptors),
      logger: log.logger())
    address = try await server.start()
  }

  func configuration(_ own: DevelopmentCA.Pair? = nil) -> ClientConfiguration {
    ClientConfiguration(
      host: "127.0.0.1", port: address.port, caFile: ca.caFile, certificateFile: own?.certificate,
      keyFile: own?.key)
  }

  func channel(_ own: DevelopmentCA.Pair? = nil) throws -> GRPCChannel { try GRPCChannel(configuration(own)) }
}

/// Remembers why requests were refused.
final class RefusalCounter: ServerInterceptor {
  private let seen = Mutex<[RequestRefusal.Reason]>([])

  var reasons: [RequestRefusal.Reason] { seen.withLock { $0 } }

  func requestRefused(_ refusal: RequestRefusal) { seen.withLock { $0.append(refusal.reason) } }
}

/// Runs something that has to fail with an ``RPCError``, and gives it back.
func failure(of body: () async throws -> Void) async -> RPCError? {
  do {
    try await body()
    return nil
  } catch {
    return error as? RPCError
  }
}
