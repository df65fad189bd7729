internal import CMalloc

/// How the process gives memory back that it no longer uses.
public enum ProcessMemory {
  /// Pieces from this size on are mapped alone and unmapped when freed; glibc would raise its own threshold
  /// with every large message until nothing is given back any more.
  private static let mappedBytes: Int32 = 256 << 10
  /// Free memory at the end of a heap that is kept for the next calls.
  private static let keptBytes: Int32 = 1 << 20
  /// Heaps that threads share; glibc's eight for each processor make a server look as if it leaked.
  private static let heaps: Int32 = 4

  /// Sets glibc's allocator so that resident memory follows what is in use. Call it first thing in a server's
  /// `main`, before other threads begin.
  public static func keepBounded() {
    mallopt(M_MMAP_THRESHOLD, mappedBytes)
    mallopt(M_TRIM_THRESHOLD, keptBytes)
    mallopt(M_ARENA_MAX, heaps)
  }
}
