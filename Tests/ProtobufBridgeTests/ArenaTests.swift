import ShapeMessages
import Testing

@testable import ProtobufBridge

/// This thread's arena: its kept block, and how many others it ever took.
private func arena() -> (kept: UnsafeMutableRawPointer, blocks: Int, isEmpty: Bool) {
  Arena.withArena(ceiling: 0) { arena in
    let state = arena.state.pointee
    return (state.kept, state.blocks, state.cursor == state.kept && state.extra == nil && state.taken == 0)
  }
}

@Suite struct Arenas {
  private func value(labels: Int) -> Ruled {
    Ruled.with {
      $0.title = "Title"
      $0.labels = (0..<labels).map { "label \($0)" }
      $0.numbers = (0..<100).map { Int32($0) }
    }
  }

  @Test func messagesOfUsualSizeTakeNothingFromTheHeapOfC() throws {
    let value = value(labels: 200)
    let before = arena()
    for _ in 0..<1_000 {
      let bytes = value.serialized()
      #expect(try Ruled(serialized: bytes).labels.count == 200)
    }
    let after = arena()
    #expect(after.blocks == before.blocks, "hundreds of fields a message, and no block for any")
    #expect(after.kept == before.kept && after.isEmpty)
  }

  @Test func aLongMessageTakesFewBlocksAndGivesThemBack() throws {
    let value = value(labels: 50_000)
    let before = arena()
    let bytes = value.serialized()
    #expect(try Ruled(serialized: bytes) == value)
    let after = arena()
    #expect(after.blocks > before.blocks && after.blocks - before.blocks <= 24)
    #expect(after.kept == before.kept && after.isEmpty)
  }

  @Test func aRefusedMessageGivesItsMemoryBackToo() throws {
    var limits = DecodingLimits.standard
    limits.arena = 128 << 10
    let bytes = value(labels: 50_000).serialized()
    #expect(throws: DecodingError(.tooMuchMemory(limit: 128 << 10))) {
      try Ruled(serialized: bytes, limits: limits)
    }
    #expect(arena().isEmpty)
  }
}
