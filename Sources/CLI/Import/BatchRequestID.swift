internal import ProtobufBridge

/// The id of one call of an import that was given a request id.
///
/// It follows from what the call sends, and not from how many calls came before: a batch that is split, and an import
/// that goes on where it was killed, send other rows under other ids, and the same rows under the same one.
struct BatchRequestID: Sendable {
  /// What the person gave; empty for none.
  var given: String
  /// Tells a later try of records from their first: what an id's first call refused, it refuses for ever.
  var attempt = ""

  /// Characters of the given id that are kept in front: the server takes a hundred in all.
  private static let keptCharacters = 60

  /// - Parameter request: the call, without an id.
  func id(for request: some Message) -> String {
    guard !given.isEmpty else { return "" }
    let print = Fingerprint.of(Array(given.utf8) + request.serialized())
    return "\(given.prefix(Self.keptCharacters))/\(print)\(attempt.isEmpty ? "" : "/\(attempt)")"
  }
}
