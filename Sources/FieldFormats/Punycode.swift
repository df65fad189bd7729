/// RFC 3492's encoding of a label in Unicode as ASCII.
enum Punycode {
  private static let base: UInt32 = 36
  private static let tMin: UInt32 = 1
  private static let tMax: UInt32 = 26
  private static let skew: UInt32 = 38
  private static let damp: UInt32 = 700

  /// Encodes one label, without its `xn--`.
  ///
  /// - Parameter scalars: a label, composed and in lower case.
  /// - Returns: nil when the label has more scalars than DNS could ever carry.
  static func encode(_ scalars: [Unicode.Scalar]) -> String? {
    // At most 63 scalars of 21 bits: (max - n) * handled stays below 2^27, so nothing here can overflow.
    guard scalars.count <= DomainFormat.longestLabel else { return nil }
    var output = scalars.filter(\.isASCII).map { UInt8(truncatingIfNeeded: $0.value) }
    let basicCount = UInt32(output.count)
    if basicCount > 0 { output.append(UInt8(ascii: "-")) }
    var n: UInt32 = 128
    var delta: UInt32 = 0
    var bias: UInt32 = 72
    var handled = basicCount
    while handled < UInt32(scalars.count) {
      guard let next = scalars.lazy.map(\.value).filter({ $0 >= n }).min() else { return nil }
      delta &+= (next &- n) &* (handled &+ 1)
      n = next
      for scalar in scalars {
        if scalar.value < n { delta &+= 1 }
        guard scalar.value == n else { continue }
        append(delta, bias: bias, to: &output)
        bias = adapted(delta, points: handled &+ 1, first: handled == basicCount)
        delta = 0
        handled &+= 1
      }
      delta &+= 1
      n &+= 1
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func append(_ delta: UInt32, bias: UInt32, to output: inout [UInt8]) {
    var q = delta
    var k = base
    while true {
      let t = k <= bias ? tMin : min(k &- bias, tMax)
      if q < t { break }
      output.append(digit(t &+ (q &- t) % (base &- t)))
      q = (q &- t) / (base &- t)
      k &+= base
    }
    output.append(digit(q))
  }

  private static func adapted(_ delta: UInt32, points: UInt32, first: Bool) -> UInt32 {
    var delta = first ? delta / damp : delta / 2
    delta &+= delta / max(points, 1)
    var k: UInt32 = 0
    while delta > ((base - tMin) * tMax) / 2 {
      delta /= base - tMin
      k &+= base
    }
    return k &+ (base - tMin + 1) &* delta / (delta &+ skew)
  }

  private static func digit(_ value: UInt32) -> UInt8 {
    UInt8(truncatingIfNeeded: value < 26 ? 0x61 &+ value : 0x30 &+ value &- 26)
  }
}

/// Composes a Latin letter and its mark into one scalar, as a file made on a Mac needs it: DNS knows `ä` only as
/// one scalar.
enum LatinComposition {
  // Characters compare by canonical equivalence, so a decomposed letter finds its composed scalar here.
  private static let composedScalars: [Character: Unicode.Scalar] = {
    var table: [Character: Unicode.Scalar] = [:]
    for block in [UInt32(0xC0)...0x24F, 0x1E00...0x1EFF] {
      for value in block {
        guard let scalar = Unicode.Scalar(value) else { continue }
        if table[Character(scalar)] == nil { table[Character(scalar)] = scalar }
      }
    }
    return table
  }()

  /// The scalars of a text with Latin letters composed; everything else as it was.
  static func composed(_ text: some StringProtocol) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    for character in text {
      let scalars = character.unicodeScalars
      if scalars.count == 2, let scalar = composedScalars[character] {
        result.append(scalar)
      } else {
        result.append(contentsOf: scalars)
      }
    }
    return result
  }
}
