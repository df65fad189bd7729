internal import CProtobufC
internal import Glibc

/// Memory for libprotobuf-c's structs: handed out by moving a pointer, taken back all at once.
///
/// One for each thread, reused for every message that thread decodes or encodes, so that a call allocates
/// nothing on the C side. Confined to its thread: ``withArena(ceiling:_:)`` finds it through thread-specific
/// data. It lies outside of reference counting, which would cost as much as a short message.
struct Arena {
  /// Kept by every thread between calls: most messages fit, and a thread more costs no more than this.
  static let keptBytes = 64 << 10
  /// What one message may use when it is our own that is encoded: as good as none, as its size is known to
  /// us. Memory beyond the kept block then comes from Swift's own allocator, which ends the process where the
  /// machine has none left: a message that was packed in half must never be stored.
  static let noCeiling = Int.max

  /// What the C callbacks see. At a fixed address for the arena's life.
  struct State {
    let kept: UnsafeMutableRawPointer
    let allocator: UnsafeMutablePointer<ProtobufCAllocator>
    var isInUse = false
    var cursor: UnsafeMutableRawPointer
    var end: UnsafeMutableRawPointer
    var spent = 0
    var ceiling = 0
    var isExhausted = false
    /// Bytes handed out, and those among them that hold texts and bytes as they are on the wire.
    var taken = 0
    var content = 0
    /// Blocks taken beyond the kept one since the thread began: few messages need any.
    var blocks = 0
    /// The newest block taken beyond the kept one; its first word is the one before.
    var extra: UnsafeMutableRawPointer?
  }

  let state: UnsafeMutablePointer<State>

  /// What libprotobuf-c asks for memory.
  var allocator: UnsafeMutablePointer<ProtobufCAllocator> { state.pointee.allocator }

  private static func make() -> Arena {
    let kept = UnsafeMutableRawPointer.allocate(byteCount: keptBytes, alignment: 16)
    let state = UnsafeMutablePointer<State>.allocate(capacity: 1)
    let allocator = UnsafeMutablePointer<ProtobufCAllocator>.allocate(capacity: 1)
    allocator.initialize(
      to: ProtobufCAllocator(alloc: arenaAllocate, free: arenaFree, allocator_data: state))
    state.initialize(to: State(kept: kept, allocator: allocator, cursor: kept, end: kept + keptBytes))
    return Arena(state: state)
  }

  private func destroy() {
    reset()
    state.pointee.kept.deallocate()
    state.pointee.allocator.deallocate()
    state.deallocate()
  }

  private func reset() {
    if state.pointee.extra != nil { freeExtra() }
    state.pointee.cursor = state.pointee.kept
    state.pointee.end = state.pointee.kept + Self.keptBytes
    state.pointee.spent = 0
    state.pointee.isExhausted = false
    state.pointee.taken = 0
    state.pointee.content = 0
  }

  private func freeExtra() {
    while let block = state.pointee.extra {
      state.pointee.extra = block.load(as: UnsafeMutableRawPointer?.self)
      if state.pointee.ceiling == Self.noCeiling { block.deallocate() } else { free(block) }
    }
  }

  /// Runs `body` with this thread's arena, empty, and takes everything back after it.
  @inline(__always)
  static func withArena<R, E: Error>(
    ceiling: Int, _ body: (Arena) throws(E) -> R
  ) throws(E) -> R {
    let mine = current()
    // A message inside a message is filled in the same call; a second call can only come from code that
    // runs inside `body`, and none of ours does. Should it ever, it gets an arena of its own.
    if mine.state.pointee.isInUse {
      let own = make()
      defer { own.destroy() }
      own.state.pointee.ceiling = ceiling
      return try body(own)
    }
    mine.state.pointee.isInUse = true
    mine.state.pointee.ceiling = ceiling
    defer {
      mine.reset()
      mine.state.pointee.isInUse = false
    }
    return try body(mine)
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key) { value in
      if let value { Arena(state: value.assumingMemoryBound(to: State.self)).destroy() }
    }
    return key
  }()

  private static func current() -> Arena {
    if let value = pthread_getspecific(key) { return Arena(state: value.assumingMemoryBound(to: State.self)) }
    let arena = make()
    pthread_setspecific(key, arena.state)
    return arena
  }

  /// Bytes aligned to 16, or nil beyond the ceiling.
  @inline(__always)
  static func take(_ state: UnsafeMutablePointer<State>, _ size: Int) -> UnsafeMutableRawPointer? {
    guard size >= 0, size <= Int.max - 64 else { return nil }
    let rounded = (size &+ 15) & ~15
    let left = state.pointee.end - state.pointee.cursor
    guard rounded <= left else { return takeExtra(state, rounded) }
    state.pointee.taken &+= rounded
    defer { state.pointee.cursor += rounded }
    return state.pointee.cursor
  }

  @inline(never)
  private static func takeExtra(
    _ state: UnsafeMutablePointer<State>, _ rounded: Int
  ) -> UnsafeMutableRawPointer? {
    // Blocks double, so that a message of n bytes takes O(log n) of them.
    let wanted = max(rounded &+ 16, max(keptBytes, state.pointee.spent) &* 2)
    let size = min(wanted, max(state.pointee.ceiling &- state.pointee.spent, 0))
    guard size >= rounded &+ 16, let block = block(of: size, state.pointee.ceiling) else {
      state.pointee.isExhausted = true
      return nil
    }
    block.storeBytes(of: state.pointee.extra, as: UnsafeMutableRawPointer?.self)
    state.pointee.extra = block
    state.pointee.blocks &+= 1
    state.pointee.spent += size
    state.pointee.taken &+= rounded
    state.pointee.cursor = block + 16 + rounded
    state.pointee.end = block + size
    return block + 16
  }
}

extension Arena {
  /// Memory for our own messages, which is always there, or for a peer's, which may be refused.
  private static func block(of size: Int, _ ceiling: Int) -> UnsafeMutableRawPointer? {
    ceiling == noCeiling ? .allocate(byteCount: size, alignment: 16) : malloc(size)
  }
}

/// libprotobuf-c asks for memory. `data` is the arena's state, which outlives the call.
private func arenaAllocate(
  _ data: UnsafeMutableRawPointer?, _ size: Int
) -> UnsafeMutableRawPointer? {
  guard let data else { return nil }
  return Arena.take(data.assumingMemoryBound(to: Arena.State.self), size)
}

/// Memory goes back all at once, when the call is over.
private func arenaFree(_ data: UnsafeMutableRawPointer?, _ pointer: UnsafeMutableRawPointer?) {}
