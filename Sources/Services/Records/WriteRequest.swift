import Domain
import ProtobufBridge
import PunosAPI
import PunosMessages

extension WriteOptions {
  init(_ request: some StandardWriteRequest) {
    self.init(
      requestID: request.requestId,
      fingerprint: request.requestId.isEmpty ? [] : StableHash.bytes(of: request.serialized()),
      reason: request.reason, validateOnly: request.validateOnly)
  }
}

/// The schema's rules for a request.
enum RequestRules {
  /// - Parameter prefix: fields whose path begins so are checked later, in the form in which they are stored.
  /// - Throws: ``Problem`` with every faulty field.
  static func check<Request: Message>(_ request: Request, except prefix: String? = nil) throws(Problem) {
    let problems = SchemaRules.problems(of: request).filter { problem in
      // Names may be lookups (accounts/ext:SYSTEM:ID); whoever resolves them says what is wrong with one.
      problem.reason != SchemaRules.reference && prefix.map { !problem.path.hasPrefix($0) } ?? true
    }
    guard problems.isEmpty else { throw .invalid(problems) }
  }

  /// The same for a batch: its items are checked one by one later, so only their number is looked at here.
  static func check<Request: Message, Item>(
    _ request: Request, items: WritableKeyPath<Request, [Item]>, named name: String
  ) throws(Problem) {
    let count = request[keyPath: items].count
    guard (1...maximumItems).contains(count) else {
      throw .invalid([
        FieldProblem(
          path: name, description: "\(count) items came; 1 to \(maximumItems) were expected", reason: "ITEMS")
      ])
    }
    var envelope = request
    envelope[keyPath: items] = []
    try check(envelope, except: name)
  }

  /// Items of a batch, as the schema has it: a commit's records fit in memory many times over, and a client that
  /// sends more gains nothing.
  static let maximumItems = 1_000
}
