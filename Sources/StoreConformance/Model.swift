internal import Store

/// The model: every state each record ever had.
struct Model {
  struct State: Equatable {
    var revision: Int64
    var body: SampleBody
    var isDeleted: Bool
    var created: Int64
  }

  var states: [RecordKey: [State]] = [:]
  var head: Int64 = 0
  var changes: [(revision: Int64, key: RecordKey, operation: ChangeOperation)] = []
  var requests: [String: Int64] = [:]
  /// When each revision was, in microseconds.
  var times: [Int64] = []
  /// What was up to here is let go of.
  var compacted: Int64 = 0

  func now(_ key: RecordKey) -> State? { states[key]?.last }

  func live(_ key: RecordKey) -> State? { now(key).flatMap { $0.isDeleted ? nil : $0 } }

  func state(_ key: RecordKey, asOf revision: Int64) -> State? {
    states[key]?.last { $0.revision <= revision }
  }

  /// The last revision at or before a moment.
  func revision(at moment: Int64) -> Int64 { Int64(times.prefix { $0 <= moment }.count) }

  /// Lets go of what was before a moment, and of records that were deleted then.
  mutating func compact(before moment: Int64) {
    compacted = max(compacted, revision(at: moment - 1))
    for (key, states) in states {
      if let last = states.last, last.isDeleted, last.revision <= compacted { self.states[key] = nil }
    }
  }

  func holder(ofEmail email: String) -> RecordKey? {
    states.keys.first { $0.kind == SampleKind.person && live($0)?.body["email"] == email }
  }
}
