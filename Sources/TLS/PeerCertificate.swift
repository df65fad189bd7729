internal import COpenSSL

/// What a verified certificate says about its holder.
public struct PeerCertificate: Sendable, Hashable {
  /// The subject in the form of RFC 2253, for example `CN=crm-plugin,O=Example Oy`.
  public let subject: String
  /// Every URI entry of the subject alternative name, in order, empty ones too: whoever names somebody by the only one
  /// must see all. Bytes that no URI may hold are percent-encoded.
  public let uriSANs: [String]
  /// SHA-256 of the DER form, 64 lower-case hexadecimal digits.
  public let fingerprint: String

  /// More than anyone has: the rest of a strange certificate's URIs would tell nothing more.
  private static let mostURIs = 64

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
    for index in 0..<punos_GENERAL_NAMES_count(list) where result.count < mostURIs {
      var length: Int32 = 0
      guard let data = punos_GENERAL_NAMES_uri(list, index, &length) else { continue }
      result.append(text(UnsafeRawBufferPointer(start: data, count: max(0, Int(length)))))
    }
    return result
  }

  private static func text(_ uri: UnsafeRawBufferPointer) -> String {
    let hex = Array("0123456789ABCDEF".utf8)
    var text: [UInt8] = []
    for byte in uri {
      if byte > 0x20, byte < 0x7F {
        text.append(byte)
      } else {
        text += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      }
    }
    return String(decoding: text, as: UTF8.self)
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
