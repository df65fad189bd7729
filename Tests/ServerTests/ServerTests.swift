import CoreMetrics
import Foundation
import Logging
import Synchronization
import Testing

@testable import Server

@Suite struct Settings {
  @Test func aDefaultIsReadAsAnyOtherValue() throws {
    var configuration = Configuration()
    for key in ConfigurationKey.all {
      if let text = key.defaultText { try key.apply(text, &configuration) }
    }
    #expect(configuration == Configuration())
  }

  @Test func flagsWinOverTheEnvironmentAndTheEnvironmentOverTheFile() throws {
    let configuration = try ConfigurationLoader.load(
      file: ("punosd.conf", "listen = a:1\nlog.level = debug\nstop.grace = 5\n"),
      environment: ["PUNOS_LISTEN": "b:2", "PUNOS_STOP_GRACE": "6", "HOME": "/root"],
      flags: [("listen", "c:3")])
    #expect(configuration.listen == "c:3")
    #expect(configuration.stopGraceSeconds == 6)
    #expect(configuration.logLevel == "debug")
  }

  @Test func anUnknownSettingIsRefusedWithTheNearestKnownOne() throws {
    let problem = #expect(throws: ConfigurationProblem.self) {
      try ConfigurationLoader.load(
        file: ("punosd.conf", "# ours\n\nlog.levle = info\n"), environment: [:], flags: [])
    }
    #expect(problem?.description.contains("did you mean \"log.level\"?") == true)
    #expect(problem?.origin == "punosd.conf, line 3")
    #expect(throws: ConfigurationProblem.self) {
      try ConfigurationLoader.load(file: nil, environment: ["PUNOS_LISTNE": "x:1"], flags: [])
    }
    #expect(throws: ConfigurationProblem.self) {
      try ConfigurationLoader.load(arguments: ["--lisen", "x:1"], configurationFile: nil, environment: [:])
    }
  }

  @Test func aValueOutOfItsRangeIsRefusedWithTheRange() {
    let problem = #expect(throws: ConfigurationProblem.self) {
      try ConfigurationLoader.load(file: ("f", "limits.streams = 0"), environment: [:], flags: [])
    }
    #expect(problem?.expected.contains("1 to 10000") == true)
  }

  @Test func aKeySaidTwiceInTheFileIsRefused() {
    let problem = #expect(throws: ConfigurationProblem.self) {
      try ConfigurationLoader.load(
        file: ("f", "listen = a:1\nlisten = b:1\n"), environment: [:], flags: [])
    }
    #expect(problem?.origin == "f, line 2")
  }

  @Test func everySettingIsInTheReference() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let reference = try String(contentsOf: root.appendingPathComponent("docs/configuration.md"), encoding: .utf8)
    for key in ConfigurationKey.all {
      #expect(reference.contains("`\(key.name)`"), "docs/configuration.md lacks \(key.name)")
      #expect(reference.contains(key.environmentName), "docs/configuration.md lacks \(key.environmentName)")
      #expect(reference.contains(key.summary), "docs/configuration.md explains \(key.name) differently")
    }
  }
}

@Suite struct Metrics {
  @Test func whatIsMeasuredIsWrittenAsPrometheusReadsIt() {
    let registry = PrometheusRegistry()
    Counter(label: "punos.calls", dimensions: [("code", "OK\"\n")], factory: registry).increment(by: 3)
    let timer = Timer(label: "took", dimensions: [], factory: registry)
    timer.recordNanoseconds(60_000)
    timer.recordNanoseconds(20_000_000_000)
    let text = registry.exposition()
    #expect(text.contains("# TYPE punos_calls counter\npunos_calls{code=\"OK\\\"\\n\"} 3\n"))
    #expect(text.contains("took_bucket{le=\"5e-05\"} 0\n"))
    #expect(text.contains("took_bucket{le=\"0.0001\"} 1\n"))
    #expect(text.contains("took_bucket{le=\"10\"} 1\n"))
    #expect(text.contains("took_bucket{le=\"+Inf\"} 2\n"))
    #expect(text.contains("took_count 2\n"))
  }
}

@Suite struct LogLines {
  @Test(arguments: [LineLogHandler.Format.text, .json])
  func aMessageCannotBreakOutOfItsLine(_ format: LineLogHandler.Format) throws {
    let lines = Mutex<[[UInt8]]>([])
    let logger = Logger(label: "wire") { label in
      LineLogHandler(label: label, format: format, level: .info) { line in lines.withLock { $0.append(line) } }
    }
    logger.info("first\nsecond\u{1b}[31m \"quoted\"", metadata: ["peer": "a\r\nb"])
    logger.debug("not written")
    let written = lines.withLock { $0 }
    #expect(written.count == 1)
    let line = String(decoding: written[0], as: UTF8.self)
    #expect(line.filter { $0 == "\n" }.count == 1 && line.hasSuffix("\n"))
    #expect(!line.contains("\u{1b}"))
    if format == .json {
      let object = try JSONSerialization.jsonObject(with: Data(written[0])) as? [String: String]
      #expect(object?["message"] == "first\nsecond\u{1b}[31m \"quoted\"")
      #expect(object?["peer"] == "a\r\nb")
      #expect(object?["level"] == "info")
    }
  }
}

@Suite struct Addresses {
  @Test func anAddressIsReadInAllItsForms() throws {
    #expect(try ListenAddress("127.0.0.1:80").port == 80)
    #expect(try ListenAddress("[::1]:0").host == "::1")
    for wrong in ["", "80", "host:", ":80", "host:65536", "host:-1"] {
      #expect(throws: ServerProblem.self) { try ListenAddress(wrong) }
    }
  }
}

@Suite struct Installations {
  private func temporaryFolder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("punos-init-\(UUID().uuidString)")
    return folder.path
  }

  @Test func initMakesKeysThatOnlyTheirOwnerCanRead() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let made = try Initialiser.initialise(
      folder: folder, tenant: "kuura", team: "sales", administrator: "aino", hosts: ["localhost", "127.0.0.1"],
      listen: "127.0.0.1:0")
    #expect(made.administrator.uri == "punos://kuura/sales/aino")
    for secret in [folder + "/pki/ca-key.pem", folder + "/pki/server-key.pem", made.administrator.key] {
      let attributes = try FileManager.default.attributesOfItem(atPath: secret)
      #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(secret)")
    }
    #expect(throws: ServerProblem.self, "a second init must not destroy the first") {
      try Initialiser.initialise(
        folder: folder, tenant: "kuura", team: "sales", administrator: "aino", hosts: ["localhost"],
        listen: "127.0.0.1:0")
    }
  }

  @Test func opensslAcceptsTheCertificatesThatWereIssued() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let made = try Initialiser.initialise(
      folder: folder, tenant: "kuura", team: "sales", administrator: "aino", hosts: ["localhost"],
      listen: "127.0.0.1:0")
    for (purpose, file) in [("sslclient", made.administrator.certificate), ("sslserver", folder + "/pki/server.pem")] {
      let openssl = Process()
      openssl.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
      openssl.arguments = ["verify", "-x509_strict", "-purpose", purpose, "-CAfile", made.caFile, file]
      openssl.standardOutput = FileHandle.nullDevice
      try openssl.run()
      openssl.waitUntilExit()
      #expect(openssl.terminationStatus == 0, "openssl verify refuses \(file)")
    }
  }

  @Test func aNameThatWouldSayMoreInACertificateIsRefused() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(throws: (any Error).self) {
      try Initialiser.initialise(
        folder: folder, tenant: "kuura", team: "sales", administrator: "aino,DNS:evil.example",
        hosts: ["localhost"], listen: "127.0.0.1:0")
    }
    #expect(throws: (any Error).self) {
      try Initialiser.initialise(
        folder: folder, tenant: "kuura", team: "sales", administrator: "aino", hosts: ["a,URI:punos://x/y/z"],
        listen: "127.0.0.1:0")
    }
  }
}
