import Foundation
import Synchronization
import Testing
import WireTestSupport

@testable import TLS

/// Lets two ends talk until both are silent.
private func talk(_ a: TLSSession, _ b: TLSSession) throws {
  for _ in 0..<50 {
    var moved = false
    for (from, to) in [(a, b), (b, a)] {
      let bytes = from.withOutput { Array($0) } ?? []
      if !bytes.isEmpty {
        moved = true
        try bytes.withUnsafeBytes { try to.receive($0) }
      }
      if !to.isEstablished { _ = try to.handshake() }
    }
    if !moved { return }
  }
}

private func connect(_ client: TLSSession, _ server: TLSSession) throws {
  _ = try client.handshake()
  try talk(client, server)
}

private func readAll(_ session: TLSSession) throws -> (bytes: [UInt8], last: TLSSession.ReadResult) {
  var all: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 5000)
  while true {
    let result = try buffer.withUnsafeMutableBytes { try session.read(into: $0) }
    guard case .bytes(let count) = result else { return (all, result) }
    all += buffer.prefix(count)
  }
}

private struct Ends {
  let ca: DevelopmentCA
  let server: TLSSession
  let client: TLSSession

  init(clients: ClientCertificates = .off, uris: [String]? = nil, serverName: String = "localhost") throws {
    let ca = try DevelopmentCA()
    let pair = try ca.server()
    let own = try uris.map { try ca.client(uris: $0) }
    self.ca = ca
    server = try TLSSession(
      TLSContext.server(
        certificateFile: pair.certificate, keyFile: pair.key, clientCAFile: clients == .off ? nil : ca.caFile,
        clients: clients))
    client = try TLSSession(
      TLSContext.client(caFile: ca.caFile, certificateFile: own?.certificate, keyFile: own?.key),
      serverName: serverName)
  }
}

@Test func bytesTravelBothWaysOverTLS13() throws {
  let ends = try Ends()
  try connect(ends.client, ends.server)
  #expect(ends.client.isEstablished && ends.server.isEstablished)
  #expect(ends.server.parameters.hasPrefix("TLSv1.3 "))
  let message = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
  try message.withUnsafeBytes { try ends.client.write($0) }
  try talk(ends.client, ends.server)
  #expect(try readAll(ends.server).bytes == message)
  ends.server.shutDown()
  try talk(ends.client, ends.server)
  #expect(try readAll(ends.client).last == .closed)
}

@Test func aClientsVerifiedCertificateSaysWhoItIs() throws {
  let ends = try Ends(clients: .required, uris: ["punos://demo/sales/anna", "https://example.fi/anna"])
  try connect(ends.client, ends.server)
  let peer = try #require(ends.server.peerCertificate())
  #expect(peer.uriSANs == ["punos://demo/sales/anna", "https://example.fi/anna"])
  #expect(peer.subject == "CN=client,O=Example Oy")
  #expect(peer.fingerprint.count == 64)
}

@Test func everyURIOfACertificateIsCountedWhateverItHolds() throws {
  let many = (0..<80).map { "https://example.fi/\($0)" }
  for uris in [["punos://demo/sales/anna", "https://ä.example"], ["punos://demo/sales/anna"] + many] {
    let ends = try Ends(clients: .required, uris: uris)
    try connect(ends.client, ends.server)
    let peer = try #require(ends.server.peerCertificate())
    #expect(peer.uriSANs.count == min(uris.count, 64))
    #expect(peer.uriSANs.allSatisfy { $0.utf8.allSatisfy { (0x21..<0x7F).contains($0) } })
  }
}

@Test func aClientWithoutACertificateIsRefusedWhereOneIsRequired() throws {
  let ends = try Ends(clients: .required)
  let error = #expect(throws: TLSError.self) { try connect(ends.client, ends.server) }
  #expect(error?.reason.contains("peer did not return a certificate") == true)
}

@Test func aClientMayComeWithoutACertificateWhereItIsOptional() throws {
  let ends = try Ends(clients: .optional)
  try connect(ends.client, ends.server)
  #expect(ends.server.isEstablished)
  #expect(ends.server.peerCertificate() == nil)
}

@Test(arguments: ["another CA", "wrong purpose", "expired"])
func aBadClientCertificateIsRefusedWithItsReason(_ kind: String) throws {
  let ca = try DevelopmentCA()
  let other = try DevelopmentCA(name: "Other CA")
  let uri = "subjectAltName=URI:punos://demo/sales/x\n"
  let own =
    switch kind {
    case "another CA": try other.client(uris: ["punos://demo/sales/x"])
    case "wrong purpose":
      try ca.issue("wrong", subject: "/CN=x", extensions: uri + "extendedKeyUsage=serverAuth")
    default:
      try ca.issue("old", subject: "/CN=x", extensions: uri + "extendedKeyUsage=clientAuth", days: -1)
    }
  let pair = try ca.server()
  let server = try TLSSession(
    TLSContext.server(
      certificateFile: pair.certificate, keyFile: pair.key, clientCAFile: ca.caFile, clients: .optional))
  let client = try TLSSession(
    TLSContext.client(caFile: ca.caFile, certificateFile: own.certificate, keyFile: own.key),
    serverName: "localhost")
  let error = #expect(throws: TLSError.self) { try connect(client, server) }
  #expect(error?.reason.contains("certificate") == true)
  #expect(server.peerCertificate() == nil)
}

@Test func aServerWithAnotherNameIsNotTrusted() throws {
  let ends = try Ends(serverName: "example.com")
  let error = #expect(throws: TLSError.self) { try connect(ends.client, ends.server) }
  #expect(error?.reason.contains("hostname mismatch") == true)
}

@Test func aServersAddressIsCheckedAsAnAddress() throws {
  let good = try Ends(serverName: "127.0.0.1")
  try connect(good.client, good.server)
  #expect(good.client.isEstablished)
  let bad = try Ends(serverName: "127.0.0.2")
  #expect(throws: TLSError.self) { try connect(bad.client, bad.server) }
}

@Test func aServerOfAnotherCAIsNotTrusted() throws {
  let ends = try Ends()
  let other = try DevelopmentCA(name: "Other CA")
  let client = try TLSSession(TLSContext.client(caFile: other.caFile), serverName: "localhost")
  let error = #expect(throws: TLSError.self) { try connect(client, ends.server) }
  #expect(error?.kind == .handshake)
}

@Test(arguments: [UInt8(0), 22, 128, 255])
func bytesThatAreNotTLSAreAnErrorAndNoTrap(_ first: UInt8) throws {
  let ends = try Ends()
  let noise = [first] + (0..<600).map { UInt8(truncatingIfNeeded: $0 &* 31) }
  #expect(throws: TLSError.self) {
    try noise.withUnsafeBytes { try ends.server.receive($0) }
    _ = try ends.server.handshake()
  }
}

@Test func changedFilesAreUsedAndBrokenOnesAreRefusedOnce() throws {
  let ca = try DevelopmentCA()
  let first = try ca.server("first")
  let second = try ca.server("second")
  let changes = Mutex<[String]>([])
  let context = try ReloadingServerContext(
    ReloadingServerContext.Files(certificate: first.certificate, key: first.key), clients: .off
  ) { change in
    changes.withLock {
      switch change {
      case .replaced: $0.append("replaced")
      case .refused: $0.append("refused")
      }
    }
  }
  let old = context.current()
  #expect(context.current() === old)

  func replace(_ path: String, _ content: Data) throws {
    try content.write(to: URL(fileURLWithPath: path), options: .atomic)
  }
  let newCertificate = try Data(contentsOf: URL(fileURLWithPath: second.certificate))
  let newKey = try Data(contentsOf: URL(fileURLWithPath: second.key))
  try replace(first.certificate, newCertificate)
  #expect(context.current() === old)  // the key does not belong to it yet
  #expect(context.current() === old)
  #expect(changes.withLock { $0 } == ["refused"])
  try replace(first.key, newKey)
  let new = context.current()
  #expect(new !== old)
  try replace(first.certificate, Data("not a certificate".utf8))
  #expect(context.current() === new)
  try FileManager.default.removeItem(atPath: first.key)
  #expect(context.current() === new)
  #expect(changes.withLock { $0 } == ["refused", "replaced", "refused", "refused"])
}

@Test func filesThatCannotBeUsedAreNamed() throws {
  let ca = try DevelopmentCA()
  let a = try ca.server("a")
  let b = try ca.server("b")
  for (certificate, key, named) in [
    ("/nowhere.crt", a.key, "/nowhere.crt"), (a.certificate, "/nowhere.key", "/nowhere.key"),
    (a.certificate, b.key, b.key),
  ] {
    let error = #expect(throws: TLSError.self) {
      _ = try TLSContext.server(
        certificateFile: certificate, keyFile: key, clientCAFile: nil, clients: .off)
    }
    #expect(error?.reason.contains(named) == true, "\(error?.reason ?? "")")
  }
}
