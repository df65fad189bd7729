/// How far a walk over all records has come: those outside accounts are walked by key, then those of accounts by place.
enum WalkPosition: Equatable {
  /// After the record with a key; with an empty one at the beginning.
  case key([UInt8])
  /// After the record at a place.
  case place(Int64)

  static let beginning = WalkPosition.key([])

  /// No tenant has that number, so that no key begins like it.
  private static let noTenant = KeyEncoding.tenant(.max)
  static let behindAllKeys = noTenant + noTenant

  /// As the catalog keeps it.
  var encoded: [UInt8] {
    switch self {
    case .key(let key): return key
    case .place(let place):
      var bytes = Self.noTenant
      KeyEncoding.appendBigEndian(place, to: &bytes)
      return bytes
    }
  }

  init(encoded: [UInt8]) {
    guard encoded.starts(with: Self.noTenant), encoded.count == Self.noTenant.count + 8 else {
      self = .key(encoded)
      return
    }
    let place = encoded.withUnsafeBytes {
      Int64(bigEndian: $0.loadUnaligned(fromByteOffset: Self.noTenant.count, as: Int64.self))
    }
    self = .place(place)
  }
}
