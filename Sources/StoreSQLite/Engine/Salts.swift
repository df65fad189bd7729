internal import Glibc
internal import Synchronization

/// Random bytes for the log's rows, drawn from the system for several rows at a time: a system call for each would be a
/// hundredth of what a write costs.
enum Salts {
  /// As much as the system gives in one go (getentropy(3)).
  private static let drawnBytes = 256

  private static let drawn = Mutex<[UInt8]>([])

  /// A salt that nobody has had.
  static func next() -> [UInt8] {
    drawn.withLock { drawn in
      if drawn.count < LogCodec.saltBytes { drawn = draw() }
      let salt = Array(drawn.suffix(LogCodec.saltBytes))
      drawn.removeLast(LogCodec.saltBytes)
      return salt
    }
  }

  private static func draw() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: drawnBytes)
    if getentropy(&bytes, drawnBytes) == 0 { return bytes }
    var generator = SystemRandomNumberGenerator()
    return (0..<drawnBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }
}
