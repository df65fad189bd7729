import Glibc

/// A moment by the wall clock.
public struct WallClock: Sendable, Equatable {
  /// Seconds since 1970-01-01T00:00:00Z.
  public var seconds: Int64
  /// Nanoseconds beside them, 0 ..< 1,000,000,000.
  public var nanoseconds: Int32

  /// Now.
  public static func now() -> WallClock {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return WallClock(seconds: Int64(time.tv_sec), nanoseconds: Int32(truncatingIfNeeded: time.tv_nsec))
  }

  /// RFC 3339 in UTC with milliseconds.
  public var rfc3339: String {
    var brokenDown = tm()
    var time = time_t(seconds)
    guard gmtime_r(&time, &brokenDown) != nil else { return "?" }
    func pad(_ value: Int32, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let date = "\(pad(brokenDown.tm_year &+ 1900, 4))-\(pad(brokenDown.tm_mon &+ 1, 2))-\(pad(brokenDown.tm_mday, 2))"
    let clock = "\(pad(brokenDown.tm_hour, 2)):\(pad(brokenDown.tm_min, 2)):\(pad(brokenDown.tm_sec, 2))"
    return "\(date)T\(clock).\(pad(nanoseconds / 1_000_000, 3))Z"
  }
}
