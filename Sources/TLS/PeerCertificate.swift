internal import COpenSSL

/// What a verified certificate says about its holder.
public struct PeerCertificate: Sendable, Hashable {
  /// The subject in the form of RFC 2253, for example `CN=crm-plugin,O=Example Oy`.
  public let subject: String
  /// The URI entries of the subject alternative name, in order; one that is not ASCII is left out.
  public let uriSANs: [String]
  /// SHA-256 of the DER form, 64 lower-case hexadecimal digits.
  public let fingerprint: String

  /// More entries than anyone has, so that a strange certificate costs a bounded amount of work.
  private static let mostEntries: Int32 = 64

  init(borrowing certificate: OpaquePointer) {
    subject = Self.subject(certificate)
    uriSANs = Self.uris(certificate)
    fingerprint = Self.fingerprint(certificate)
  }

  private static func subject(_ certificate: OpaquePointer) -> String {
    guard let bio = BIO_new(BIO_s_mem()) else { return "" }
    defer { BIO_free(bio) }
    X509_NAME_print_ex(bio, X509_get_subject_name(certificate), 0, punos_subject_flags())
    var data: UnsafeMutablePointer<CChar>?
    let count = punos_BIO_get_mem_data(bio, &data)
    guard count > 0, let data else { return "" }
    return String(decoding: UnsafeRawBufferPointer(start: data, count: count), as: UTF8.self)
  }

  private static func uris(_ certificate: OpaquePointer) -> [String] {
    guard let names = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else { return [] }
    let list = OpaquePointer(names)
    defer { GENERAL_NAMES_free(list) }
    var result: [String] = []
    for index in 0..<min(punos_GENERAL_NAMES_count(list), mostEntries) {
      var length: Int32 = 0
      guard let data = punos_GENERAL_NAMES_uri(list, index, &length), length > 0 else { continue }
      let bytes = UnsafeRawBufferPointer(start: data, count: Int(length))
      guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { continue }
      result.append(String(decoding: bytes, as: UTF8.self))
    }
    return result
  }

  private static func fingerprint(_ certificate: OpaquePointer) -> String {
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    guard X509_digest(certificate, EVP_sha256(), &digest, &length) == 1 else { return "" }
    let hex = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in digest.prefix(Int(length)) {
      text.append(hex[Int(byte >> 4)])
      text.append(hex[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
