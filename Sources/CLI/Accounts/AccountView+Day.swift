internal import Glibc
internal import ProtobufBridge
internal import PunosMessages

extension AccountView {
  /// Whether what was so for a while is so on the day of the view: the day asked about, or today, in UTC as the server
  /// counts days.
  ///
  /// - Parameters:
  ///   - from: the first day, YYYY-MM-DD; empty: since ever.
  ///   - to: the first day after it; empty: for ever.
  func isOfItsDay(from: String, to: String) -> Bool {
    let now = asOf ?? ProtoTimestamp.with { $0.seconds = Int64(time(nil)) }
    // A moment in JSON is RFC 3339 in UTC: ten characters behind the quote are its day.
    guard let day = try? String(now.jsonString().dropFirst().prefix(10)) else { return to.isEmpty }
    return from <= day && (to.isEmpty || day < to)
  }
}
