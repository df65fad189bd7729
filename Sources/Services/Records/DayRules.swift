import Store

/// What has been said or measured cannot be of a day to come.
struct DayRules {
  private let latest: String

  /// The caller may live ahead of UTC, up to 14 hours: tomorrow in UTC is today somewhere.
  private static let secondsAhead: Int64 = 14 * 3_600

  init(_ world: RecordWorld) {
    latest = Days.text(Moment(seconds: world.now.seconds + Self.secondsAhead))
  }

  /// - Parameters:
  ///   - day: YYYY-MM-DD; empty, and what is no day, is the schema's business.
  ///   - what: the fact in a few words ("a weight is what somebody has said").
  func problems(_ day: String, at path: String, what: String) -> [FieldProblem] {
    guard !day.isEmpty, !latest.isEmpty, day > latest else { return [] }
    return [
      FieldProblem(
        path: path, description: "it lies in the future; \(what), so today or an earlier day was expected",
        reason: "FUTURE_DATE")
    ]
  }
}

/// References that must stay within an account.
enum SameAccount {
  /// - Parameters:
  ///   - reference: a resource name; empty is fine.
  ///   - name: the resource name of the record that holds it, accounts/{account}/….
  static func problems(_ reference: String, at path: String, in name: String) -> [FieldProblem] {
    let account = name.split(separator: "/").prefix(2).joined(separator: "/")
    guard !reference.isEmpty, !account.isEmpty, !reference.hasPrefix(account + "/") else { return [] }
    return [
      FieldProblem(
        path: path, description: "it lies in another account; a record of \(account) was expected",
        reason: "OTHER_ACCOUNT")
    ]
  }
}
