/// What an HTTP/2 peer may cost, with the reason for each number.
package struct HTTP2Limits: Sendable, Hashable {
  /// Streams open at once on a connection; gRPC's customary number, and what bounds a connection's memory.
  package var concurrentStreams = 100
  /// Decoded size of a header block that is announced as the most (RFC 9113, SETTINGS_MAX_HEADER_LIST_SIZE).
  package var announcedHeaderBytes = 8 << 10
  /// Decoded size above which a request is refused. Between this and the announced size it is taken, since
  /// the announcement may not have arrived yet.
  package var headerBytes = 16 << 10
  /// What a peer may send on a stream before its messages are read: enough for a round trip of 50 ms at 5
  /// MB/s.
  package var streamWindowBytes = 256 << 10
  /// What it may send on all streams together between two updates; given back on arrival, so that a slow
  /// stream never takes it from the others. The streams' own windows bound the memory.
  package var connectionWindowBytes = 4 << 20

  /// CONTINUATION frames in one header block: with 16 KiB each, far more than any header block we take.
  package static let continuations = 8
  /// Entries in one SETTINGS frame; six are defined.
  package static let settingsEntries = 32
  /// Answers to PING and SETTINGS that may wait to be sent while the peer does not read.
  package static let queuedAnswers = 1000
  /// Streams reset, by the peer or by its mistakes, that may come in a burst; a client that cancels a
  /// thousand calls at once is in its right, one that goes on like that is attacking (CVE-2023-44487).
  package static let resetBurst = 1000
  /// Resets a second that may go on for ever.
  package static let resetsPerSecond = 200
  /// Frames that carry nothing (PING, SETTINGS, empty DATA, PRIORITY, WINDOW_UPDATE, unknown ones) that may
  /// come in a burst.
  package static let idleFrameBurst = 1000
  /// Such frames a second that may go on for ever, beyond those that real traffic earns.
  package static let idleFramesPerSecond = 200
  /// What a SETTINGS frame counts, since each wants an answer and may resize tables.
  package static let settingsCost = 10
  /// Idle frames earned by each DATA frame sent (its receiver may update two windows) or request received.
  package static let earned = 2

  /// Idle frames that may be earned and kept: a peer that updates both windows for each DATA frame may have so many of
  /// them on their way at once, for 128 MiB of answers.
  package static let earnedCeiling = 16_384
  /// Frames that each open stream may have waiting, unread: its answer's headers, a piece of its body, a window
  /// update, a reset.
  package static let queuedFramesPerStream = 4

  /// Frames that may wait to be sent on a server's connection beside those of its open streams. A peer that does not
  /// read and goes on asking would otherwise have each answer, reset and acknowledgement kept for it.
  package var queuedFramesBesideStreams = queuedAnswers + resetBurst

  /// Frames that may wait to be sent on a server's connection.
  var queuedFrames: Int { queuedFramesBesideStreams + concurrentStreams * Self.queuedFramesPerStream }

  package init() {}
}

/// How many of a kind of event may come: a burst, and so many a second after it.
struct EventBudget {
  private let burst: Int64
  private let ceiling: Int64
  private let perSecond: Int64
  private var left: Int64
  /// When the clock's share was last counted; begins with the first event, whatever the clock shows then.
  private var refilledAt: UInt64?

  /// - Parameter ceiling: what may be kept of the events earned; nil keeps no more than a burst.
  init(burst: Int, perSecond: Int, ceiling: Int? = nil) {
    self.burst = Int64(burst)
    self.ceiling = Int64(ceiling ?? burst)
    self.perSecond = Int64(perSecond)
    left = Int64(burst)
  }

  /// Takes from the budget.
  ///
  /// - Parameter now: nanoseconds of any clock that never goes back.
  /// - Returns: false when the budget is used up.
  mutating func take(_ count: Int, now: UInt64) -> Bool {
    let since = refilledAt ?? now
    if refilledAt == nil { refilledAt = now }
    left -= Int64(count)
    if left >= 0 { return true }
    // Only looked at when it matters: the clock's share since the last time.
    let elapsed = now > since ? now - since : 0
    let gained = Int64(clamping: min(elapsed / 1_000_000, 3_600_000)) * perSecond / 1000
    refilledAt = now
    left = min(burst, left + gained)
    return left >= 0
  }

  mutating func earn(_ count: Int) { left = min(ceiling, left + Int64(count)) }
}

/// The last so many stream ids.
struct RecentStreams {
  /// More than a connection has open at once, so that those reset together are all remembered.
  private static let kept = 256

  private var ids: [Int32] = []
  private var next = 0

  mutating func add(_ id: Int32) {
    if ids.count < Self.kept {
      ids.append(id)
    } else {
      ids[next] = id
      next = (next + 1) % Self.kept
    }
  }

  func contains(_ id: Int32) -> Bool { ids.contains(id) }
}
