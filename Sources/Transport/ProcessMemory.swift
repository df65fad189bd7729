internal import CMalloc

/// How the process gives memory back that it no longer uses.
public enum ProcessMemory {
  /// Pieces from this size on are mapped alone and unmapped when freed; glibc would raise its own threshold with
  /// every large message until nothing is given back any more. No message is larger: the pages of a batch of
  /// thousands of records would be mapped, cleared and unmapped for every call, a tenth of what it costs.
  private static let mappedBytes: Int32 = 4 << 20
  /// Free memory at the end of a heap that is kept for the next calls: two batches of that size.
  private static let keptBytes: Int32 = 8 << 20
  /// Heaps that threads share; glibc's eight for each processor make a server look as if it leaked.
  private static let heaps: Int32 = 4
  /// Free memory in all heaps that is worth the milliseconds it takes to give it back.
  private static let worthGivingBack = 24 << 20

  /// Sets glibc's allocator so that resident memory follows what is in use. Call it first thing in a server's
  /// `main`, before other threads begin.
  public static func keepBounded() {
    mallopt(M_MMAP_THRESHOLD, mappedBytes)
    mallopt(M_TRIM_THRESHOLD, keptBytes)
    mallopt(M_ARENA_MAX, heaps)
  }

  /// Gives back what lies free between pieces in use, where that is much: after a burst it would stay for good. Holds
  /// each heap for some milliseconds, so it is called now and then and not after every call.
  ///
  /// - Parameter all: however little it is.
  public static func giveBack(all: Bool = false) {
    guard all || mallinfo2().fordblks > worthGivingBack else { return }
    malloc_trim(0)
  }
}
