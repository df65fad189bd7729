public import Domain
import ProtobufBridge
public import PunosMessages

/// The server refused what somebody wrote; their file stays as it is.
public struct ModelRefusal: Error {
  /// Refuses.
  public init() {}
}

/// A server with handovers, in memory: what people write goes in as on the real one, what the workflow notes stays.
public final class ModelServer: HandoverServer, @unchecked Sendable {
  // One history runs on one task.
  private var records: [String: Handover] = [:]
  private var deleted = Set<String>()
  private var versions: [String: [Int64: Handover]] = [:]
  /// Of the newest write.
  public private(set) var revision: Int64 = 0

  /// A server with nothing.
  public init() {}

  /// The handovers that are not deleted.
  public var names: [String] { records.keys.filter { !deleted.contains($0) }.sorted() }

  /// A handover; nil for a deleted one.
  public func live(_ name: String) -> Handover? { deleted.contains(name) ? nil : records[name] }

  /// Stores a handover as it is.
  public func store(_ handover: Handover) {
    revision += 1
    var stored = handover
    HandoverContent.canonicalise(&stored)
    stored.revision = revision
    records[stored.name] = stored
    deleted.remove(stored.name)
    versions[stored.name, default: [:]][revision] = stored
  }

  /// Stores what somebody wrote.
  ///
  /// - Throws: ``ModelRefusal`` where an item would go that others speak of in its thread.
  public func write(_ content: Handover) throws {
    var content = content
    for index in content.items.indices {
      guard let known = records[content.name]?.items.first(where: { $0.id == content.items[index].id }) else {
        continue
      }
      content.items[index].thread = known.thread
      content.items[index].evidence = known.evidence
      content.items[index].status = known.status
    }
    let kept = Set(content.items.map(\.id))
    let discussed = live(content.name)?.items.filter { !$0.thread.isEmpty } ?? []
    guard discussed.allSatisfy({ kept.contains($0.id) }) else { throw ModelRefusal() }
    content.state = records[content.name]?.state ?? .draft
    content.returns = records[content.name]?.returns ?? []
    store(content)
  }

  public func current(_ name: String) async throws -> Handover? { live(name) }
  public func version(_ name: String, at revision: Int64) async throws -> Handover? {
    versions[name]?[revision]
  }

  public func push(_ request: SyncHandoverRequest) async throws -> SyncHandoverResponse {
    let copy = request.handover ?? Handover()
    guard let current = live(copy.name) else {
      try write(copy)
      return SyncHandoverResponse.with {
        $0.outcome = .merged
        $0.handover = records[copy.name]
      }
    }
    var base: Handover?
    if case .baseHandover(let sent) = request.base { base = sent }
    let sync = HandoverSync(base: base, copy: copy, current: current)
    guard let merged = sync.write else { return sync.answer }
    try write(merged)
    var answer = sync.answer
    answer.handover = records[copy.name]
    return answer
  }

  public func restore(_ name: String) async throws {
    guard deleted.contains(name), let record = records[name] else { return }
    store(record)
  }

  public func delete(_ name: String, at revision: Int64) async throws {
    guard let live = live(name) else { return }
    guard live.revision == revision else { throw FileTypedInto() }
    delete(name)
  }

  /// Deletes a handover.
  public func delete(_ name: String) {
    revision += 1
    deleted.insert(name)
  }
}
