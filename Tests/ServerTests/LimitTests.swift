import CoreMetrics
import Foundation
import Logging
import RPC
import Services
import Store
import TLS
import Testing
import Transport

@testable import Server

@Suite struct Limits {
  private func principal(_ name: String) throws -> Principal {
    Principal(tenant: try TenantID("kuura"), team: "sales", name: name)
  }

  @Test func aCallerWhoCallsTooOftenIsToldHowLongToWaitAndNobodyElseIs() throws {
    let limiter = CallRateLimiter(callsPerSecond: 10)
    let (busy, quiet) = (try principal("busy"), try principal("quiet"))
    let start = ContinuousClock.now
    let burst = Int(10 * CallRateLimiter.burstSeconds)
    for _ in 0..<burst { #expect(limiter.take(busy, at: start) == nil) }
    let wait = try #require(limiter.take(busy, at: start))
    #expect(wait > .zero && wait <= .milliseconds(100))
    #expect(limiter.take(quiet, at: start) == nil)
    #expect(limiter.take(busy, at: start + wait) == nil)
    #expect(limiter.take(busy, at: start + wait) != nil)
    for _ in 0..<burst { #expect(limiter.take(busy, at: start + .seconds(3600)) == nil) }
    #expect(limiter.take(busy, at: start + .seconds(3600)) != nil)
  }

  @Test func theRefusalOfTooManyCallsSaysWhenToGoOn() throws {
    let limiter = CallRateLimiter(callsPerSecond: 1)
    let context = CallContext(service: "punos.v1.AccountService", method: "GetAccount")
    for _ in 0..<10 { try limiter.callStarted(context) }  // nobody in particular: health and reflection
    context.connection.keep(try principal("aino"))
    let error = #expect(throws: RPCError.self) { for _ in 0..<10 { try limiter.callStarted(context) } }
    #expect(error?.code == .resourceExhausted)
    let details = String(decoding: error?.details ?? [], as: UTF8.self)
    #expect(details.contains("google.rpc.RetryInfo") && details.contains("TOO_MANY_CALLS"))
  }

  @Test func requestsThatNeverBecameCallsAreCountedByTheirReason() {
    let registry = PrometheusRegistry()
    let observer = CallObserver(
      registry: registry, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    observer.requestRefused(RequestRefusal(.notGRPC, remoteAddress: "192.0.2.1:5"))
    observer.requestRefused(RequestRefusal(.notGRPC, remoteAddress: "192.0.2.1:5"))
    let text = registry.exposition()
    #expect(text.contains("punos_requests_refused_total{reason=\"not_grpc\"} 2\n"))
    #expect(text.contains("punos_requests_refused_total{reason=\"unknown_method\"} 0\n"))
  }

  @Test func oneConnectionHasOnlyAFewHealthWatches() {
    let board = HealthBoard(services: [])
    var held = (0..<HealthBoard.maximumWatchersPerConnection).compactMap { _ in
      board.watch("", connection: "a")
    }
    #expect(held.count == HealthBoard.maximumWatchersPerConnection)
    #expect(board.watch("", connection: "a") == nil)
    #expect(board.watch("", connection: "b") != nil)
    held.removeAll()
    #expect(board.watch("", connection: "a") != nil, "watches that ended make room")
  }

  /// Every limit of a server's connections is in the reference, with the value it has.
  @Test func everyLimitIsInTheReference() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let reference = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
    let configuration = ServerConfiguration(
      host: "", port: 0, tls: ReloadingServerContext.Files(certificate: "", key: ""))
    var limits = 0
    for child in Mirror(reflecting: configuration).children {
      guard let name = child.label, !["port", "eventLoops"].contains(name) else { continue }
      let value: String
      switch child.value {
      case let number as Int: value = "\(number)"
      case let duration as Duration: value = "\(duration.components.seconds) s"
      default: continue
      }
      limits += 1
      #expect(reference.contains("| `\(name)` | \(value) |"), "docs/configuration.md lacks \(name), \(value)")
    }
    #expect(limits >= 15)
  }
}
