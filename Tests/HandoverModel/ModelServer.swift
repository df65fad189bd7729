public import Domain
import ProtobufBridge
public import PunosMessages

/// A server with handovers, in memory: what people write goes in as on the real one, what the workflow notes stays.
public final class ModelServer: HandoverServer, @unchecked Sendable {
  // One history runs on one task.
  private var records: [String: Handover] = [:]
  private var deleted = Set<String>()
  private var versions: [String: [Int64: Handover]] = [:]
  /// What was answered to the requests that wrote something, by their ids.
  private var answers: [String: SyncHandoverResponse] = [:]
  private var taken = Set<String>()
  /// Of the newest write.
  public private(set) var revision: Int64 = 0

  /// A server with nothing.
  public init() {}

  /// The handovers that are not deleted.
  public var names: [String] { records.keys.filter { !deleted.contains($0) }.sorted() }

  /// A handover; nil for a deleted one.
  public func live(_ name: String) -> Handover? { deleted.contains(name) ? nil : records[name] }

  /// Whether a file says just what some version said.
  public func everHad(_ text: String) -> Bool {
    versions.values.contains { $0.values.contains { HandoverPrinter.text($0) == text } }
  }

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
  /// - Throws: ``HandoverRefused`` where the real one refuses.
  public func write(_ content: Handover) throws {
    var content = content
    let known = records[content.name] ?? Handover.with { $0.state = .draft }
    for index in content.items.indices {
      let id = content.items[index].id
      content.items[index].takeWay(of: known.items.first { $0.id == id } ?? HandoverItem())
    }
    if let live = live(content.name) { try refuse(content, of: live) }
    content.state = known.state
    content.returns = known.returns
    store(content)
  }

  /// What was accepted stays as it was accepted, and what was asked about is not taken out.
  private func refuse(_ content: Handover, of live: Handover) throws {
    let isFixed = live.state == .accepted || live.state == .closed
    if isFixed, !HandoverContent.isSame(live, content) { throw Self.refused("HANDOVER_FIXED") }
    for item in live.items {
      let after = content.items.first { $0.id == item.id }
      if item.status == .accepted, after.map({ HandoverContent.isSame($0, item) }) != true {
        throw Self.refused("ITEM_ACCEPTED")
      }
      if after == nil, !item.thread.isEmpty { throw Self.refused("ITEM_DISCUSSED") }
    }
  }

  private struct Refusal: Error {}

  private static func refused(_ reason: String) -> HandoverRefused {
    HandoverRefused(reason, cause: Refusal())
  }

  public func current(_ name: String) async throws -> Handover? { live(name) }
  public func version(_ name: String, at revision: Int64) async throws -> Handover? {
    versions[name]?[revision]
  }

  public func revisions(of name: String, after revision: Int64) async throws -> [Int64] {
    (versions[name] ?? [:]).keys.filter { $0 > revision }.sorted(by: >)
  }

  /// Whether what was sent under an id is on record.
  public func hasTaken(_ requestID: String) -> Bool { taken.contains(requestID) }

  public func push(_ request: SyncHandoverRequest) async throws -> SyncHandoverResponse {
    if let answer = answers[request.requestId] { return answer }
    let answer = try merged(request)
    if answer.outcome == .merged { answers[request.requestId] = answer }
    if answer.outcome != .conflict { taken.insert(request.requestId) }
    return answer
  }

  private func merged(_ request: SyncHandoverRequest) throws -> SyncHandoverResponse {
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
    if live.state == .accepted { throw Self.refused("HANDOVER_FIXED") }
    delete(name)
  }

  /// Deletes a handover.
  public func delete(_ name: String) {
    revision += 1
    deleted.insert(name)
  }
}

extension HandoverItem {
  /// Takes over what only the workflow changes.
  fileprivate mutating func takeWay(of known: HandoverItem) {
    thread = known.thread
    evidence = known.evidence
    status = known.status
    if status == .rejected, !HandoverContent.isSame(self, known) { status = .open }
  }
}
