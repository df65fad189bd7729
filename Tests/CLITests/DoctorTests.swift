import PunosMessages
import Terminal
import Testing

@testable import CLI

@Suite struct DoctorTests {
  /// The dates of a certificate with UTCTime 250101000000Z to 260101000000Z, the rest empty.
  private func pem(_ der: [UInt8]) -> [UInt8] {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    var rest = der[...]
    while !rest.isEmpty {
      let group = rest.prefix(3)
      rest = rest.dropFirst(3)
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0..<4 {
        text.append(place <= group.count ? letters[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return Array("-----BEGIN CERTIFICATE-----\n".utf8) + text + Array("\n-----END CERTIFICATE-----\n".utf8)
  }

  private func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] { [tag, UInt8(content.count)] + content }

  private func certificate(_ from: String, _ until: String, tag: UInt8 = 0x17) -> [UInt8] {
    let validity = value(0x30, value(tag, Array(from.utf8)) + value(tag, Array(until.utf8)))
    let signed = value(
      0x30, value(0xA0, [2, 1, 2]) + value(0x02, [1]) + value(0x30, []) + value(0x30, []) + validity)
    return value(0x30, signed)
  }

  @Test func theDatesOfACertificateAreRead() throws {
    let dates = try #require(CertificateDates(pem: pem(certificate("250101000000Z", "260101000000Z"))))
    #expect(dates.notBefore == 1_735_689_600)
    #expect(dates.notAfter == 1_767_225_600)
    let long = try #require(
      CertificateDates(pem: pem(certificate("20500101000000Z", "20510101000000Z", tag: 0x18))))
    #expect(long.notBefore == 2_524_608_000)
  }

  @Test func aBrokenCertificateIsNoCertificate() {
    let good = certificate("250101000000Z", "260101000000Z")
    #expect(CertificateDates(pem: []) == nil)
    #expect(CertificateDates(pem: pem(certificate("259901000000Z", "260101000000Z"))) == nil)
    for length in 0..<good.count { #expect(CertificateDates(pem: pem(Array(good.prefix(length)))) == nil) }
    // Nothing that a file holds may trap, whatever byte is changed.
    for place in good.indices {
      for byte in [0x00, 0x7F, 0x80, 0x84, 0xFF] as [UInt8] {
        var bad = good
        bad[place] = byte
        _ = CertificateDates(pem: pem(bad))
      }
    }
  }

  @Test func anExpiredCertificateIsBadAndOneAboutToExpireAWarning() throws {
    let dates = try #require(CertificateDates(pem: pem(certificate("250101000000Z", "260101000000Z"))))
    let title = Term(en: "certificate", fi: "varmenne")
    let day: Int64 = 86_400
    #expect(Doctor.judge(dates, "c.pem", title, now: dates.notAfter + 1).verdict == .bad)
    #expect(Doctor.judge(dates, "c.pem", title, now: dates.notBefore - 1).verdict == .bad)
    #expect(Doctor.judge(dates, "c.pem", title, now: dates.notAfter - 5 * day).verdict == .warning)
    #expect(Doctor.judge(dates, "c.pem", title, now: dates.notAfter - 100 * day).verdict == .good)
  }

  @Test func clocksThatDifferAndOldVersionsAreWarnedOf() {
    var info = GetServerInfoResponse()
    info.version = "9.9.9"
    info.writable = true
    info.time = ProtoTimestamp()
    info.time?.seconds = 1000
    #expect(Doctor.judge(info, milliseconds: 1, now: 1000).map(\.verdict) == [.good, .warning, .good])
    #expect(Doctor.judge(info, milliseconds: 1, now: 2000).map(\.verdict) == [.good, .warning, .warning])
  }
}
