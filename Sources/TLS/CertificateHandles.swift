internal import COpenSSL

/// Owns an X.509 certificate of OpenSSL's.
final class CertificateHandle {
  let pointer: OpaquePointer

  /// An empty certificate.
  init() throws(CertificateError) {
    guard let made = X509_new() else { throw .openSSL("making a certificate") }
    pointer = made
  }

  /// The first certificate in a PEM text.
  init(pem: [UInt8]) throws(CertificateError) {
    let read = withReadingBIO(pem) { PEM_read_bio_X509($0, nil, nil, nil) }
    guard let read else { throw .openSSL("reading a certificate") }
    pointer = read
  }

  deinit { X509_free(pointer) }

  func setRandomSerial() throws(CertificateError) {
    var bytes = [UInt8](repeating: 0, count: 16)
    guard RAND_bytes(&bytes, 16) == 1, let number = BN_bin2bn(bytes, 16, nil) else { throw .openSSL("a serial") }
    defer { BN_free(number) }
    // Serial numbers are positive and at most 20 octets (RFC 5280, 4.1.2.2).
    BN_clear_bit(number, 127)
    guard BN_to_ASN1_INTEGER(number, X509_get_serialNumber(pointer)) != nil else { throw .openSSL("a serial") }
  }

  func setSubject(commonName: String) throws(CertificateError) {
    let name = X509_get_subject_name(pointer)
    let bytes = Array(commonName.utf8)
    guard X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, bytes, Int32(bytes.count), -1, 0) == 1 else {
      throw .openSSL("setting the subject")
    }
  }

  func pem() throws(CertificateError) -> [UInt8] {
    try writtenBytes("writing a certificate") { PEM_write_bio_X509($0, self.pointer) }
  }
}

/// Owns a private key of OpenSSL's.
final class KeyHandle {
  let pointer: OpaquePointer

  private init(takingOwnership pointer: OpaquePointer) { self.pointer = pointer }

  /// The private key in a PEM text.
  init(pem: [UInt8]) throws(CertificateError) {
    let read = withReadingBIO(pem) { PEM_read_bio_PrivateKey($0, nil, nil, nil) }
    guard let read else { throw .openSSL("reading a private key") }
    pointer = read
  }

  deinit { EVP_PKEY_free(pointer) }

  static func generate() throws(CertificateError) -> KeyHandle {
    guard let made = punos_evp_p256_generate() else { throw .openSSL("making a key") }
    return KeyHandle(takingOwnership: made)
  }

  func pem() throws(CertificateError) -> [UInt8] {
    try writtenBytes("writing a key") { PEM_write_bio_PrivateKey($0, self.pointer, nil, nil, 0, nil, nil) }
  }
}

private func withReadingBIO(_ bytes: [UInt8], _ read: (OpaquePointer) -> OpaquePointer?) -> OpaquePointer? {
  bytes.withUnsafeBytes { raw -> OpaquePointer? in
    guard let length = Int32(exactly: raw.count), let bio = punos_bio_reading(raw.baseAddress, length) else {
      return nil
    }
    defer { BIO_free(bio) }
    return read(bio)
  }
}

private func writtenBytes(
  _ step: String, _ write: (OpaquePointer) -> Int32
) throws(CertificateError) -> [UInt8] {
  guard let bio = BIO_new(BIO_s_mem()) else { throw .openSSL(step) }
  defer { BIO_free(bio) }
  guard write(bio) == 1 else { throw .openSSL(step) }
  var start: UnsafeMutablePointer<CChar>?
  let length = punos_bio_memory(bio, &start)
  guard length > 0, let start else { throw .openSSL(step) }
  return Array(UnsafeRawBufferPointer(start: start, count: length))
}
