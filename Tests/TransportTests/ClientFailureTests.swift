import TLS
import Testing

@testable import Client

@Test func thePauseBetweenAttemptsGrowsUpToItsLimit() {
  let backoff = Backoff(first: .seconds(1), longest: .seconds(60))
  let pauses = (1...20).map { backoff.pause(after: $0, chance: 0.5) }
  #expect(pauses[0] == 1)
  #expect(abs(pauses[1] - 1.6) < 1e-9 && abs(pauses[2] - 2.56) < 1e-9)
  #expect(zip(pauses, pauses.dropFirst()).allSatisfy { $0 <= $1 })
  #expect(pauses.last == 60)
}

@Test func chanceMovesThePauseByAFifthEitherWay() {
  let backoff = Backoff(first: .seconds(10), longest: .seconds(60))
  #expect(abs(backoff.pause(after: 1, chance: 0) - 8) < 1e-9)
  #expect(abs(backoff.pause(after: 1, chance: 1) - 12) < 1e-9)
  #expect(abs(backoff.pause(after: 100, chance: 1) - 72) < 1e-9)
}

@Test(arguments: [
  ("tlsv13 alert certificate required", "none was given"),
  ("sslv3 alert certificate expired", "its certificate has expired"),
  ("tlsv1 alert unknown ca", "come from a CA that the server trusts"),
  ("tlsv1 alert protocol version", "does not speak TLS 1.3"),
  ("unsupported protocol", "does not speak TLS 1.3"),
  ("tlsv1 alert no application protocol", "is no gRPC server"),
  ("the server does not offer HTTP/2 (ALPN h2)", "is no gRPC server"),
  ("sslv3 alert handshake failure", "its log says why"),
  ("TLS handshake failed (certificate: certificate has expired)", "the server's certificate has expired"),
  ("TLS handshake failed (certificate: hostname mismatch)", "names \"crm.example.fi\""),
  ("wrong version number", "does not speak TLS: check the port"),
])
func eachFailureOfASecureConnectionHasItsRemedy(_ reason: String, _ words: String) {
  let remedy = TLSRemedy.remedy(for: TLSError(.handshake, reason), serverName: "crm.example.fi")
  #expect(remedy.contains(words), "\(reason): \(remedy)")
}
