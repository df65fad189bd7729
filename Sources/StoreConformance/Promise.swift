internal import Store

/// One thing that every engine promises, and how to see whether it does.
public struct Promise: Sendable, CustomStringConvertible {
  /// A sentence.
  public var description: String
  /// Throws ``PromiseBroken``, or whatever the store threw, where the promise does not hold.
  public var check: @Sendable (StoreMaker) async throws -> Void

  init(_ description: String, _ check: @escaping @Sendable (StoreMaker) async throws -> Void) {
    self.description = description
    self.check = check
  }

  /// All of them.
  public static let all: [Promise] =
    recordPromises + commitPromises + findingPromises + columnPromises + tallyPromises + logPromises
    + pastPromises + compactionPromises + searchPromises + erasurePromises + backupPromises + verifyPromises
}

func expect(_ holds: Bool, _ what: @autoclosure () -> String, line: Int = #line, file: String = #fileID)
  throws
{
  if !holds { throw PromiseBroken("\(what()) (\(file):\(line))") }
}

func expectEqual<T: Equatable>(
  _ got: T, _ wanted: T, _ what: @autoclosure () -> String = "", line: Int = #line, file: String = #fileID
) throws {
  if got != wanted { throw PromiseBroken("\(what()): got \(got), wanted \(wanted) (\(file):\(line))") }
}

/// Runs `body`, which must throw an error of this type.
@discardableResult func expectThrows<E: Error>(
  _ type: E.Type, line: Int = #line, file: String = #fileID, _ body: () async throws -> Void
) async throws -> E {
  do {
    try await body()
  } catch let error as E {
    return error
  } catch {
    throw PromiseBroken("wanted \(type), got \(error) (\(file):\(line))")
  }
  throw PromiseBroken("wanted \(type), and nothing was thrown (\(file):\(line))")
}

/// Shorthand for tests that write a lot.
struct Desk: Sendable {
  let store: any Store
  let tenant: TenantID

  init(_ store: any Store, _ tenant: String = "acme") throws {
    self.store = store
    self.tenant = try TenantID(tenant)
  }

  static let aino = Actor(principal: "users/aino", team: "teams/sales")

  static func note(_ account: String, _ id: String) -> RecordKey {
    RecordKey(account: account, kind: SampleKind.note, id: id)
  }

  static func person(_ id: String) -> RecordKey { RecordKey(account: nil, kind: SampleKind.person, id: id) }

  @discardableResult func put(
    _ key: RecordKey, _ body: SampleBody, expecting: Expectation = .any, time: Moment? = nil
  ) async throws -> Revision {
    try await store.commit(
      Commit([.put(key, body: body.bytes, expecting: expecting)], actor: Self.aino, time: time), in: tenant
    ).revision
  }

  @discardableResult func commit(_ operations: CommitOperation...) async throws -> CommitReceipt {
    try await store.commit(Commit(operations, actor: Self.aino), in: tenant)
  }

  func body(_ key: RecordKey) throws -> SampleBody? {
    try store.readLive(key, in: tenant).map { try SampleBody(bytes: $0.body) }
  }

  func names(_ records: [StoredRecord]) throws -> [String] {
    try records.map { try SampleBody(bytes: $0.body)["name"] ?? "" }
  }
}
