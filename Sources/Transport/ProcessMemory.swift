internal import CMalloc
internal import Glibc

/// How the process gives memory back that it no longer uses.
public enum ProcessMemory {
  /// Pieces from this size on are mapped alone and unmapped when freed; glibc would raise its own threshold with
  /// every large message until nothing is given back any more. No message is larger: the pages of a batch of
  /// thousands of records would be mapped, cleared and unmapped for every call, a tenth of what it costs.
  private static let mappedBytes: Int32 = 4 << 20
  /// Free memory at the end of a heap that is kept for the next calls, until it is quiet (``giveBack(all:)``): what waits
  /// to be applied under a load comes and goes, and pages that are given back and asked for again are cleared each time, a
  /// twelfth of what an interaction costs.
  private static let keptBytes: Int32 = 64 << 20
  /// Heaps that threads share; glibc's eight for each processor make a server look as if it leaked.
  private static let heaps: Int32 = 8
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
  /// - Parameter all: however little it is, and with the pages of the program's own code, of which starting took most:
  ///   linking alone reads many megabytes. What is needed again is read again.
  public static func giveBack(all: Bool = false) {
    guard all || mallinfo2().fordblks > worthGivingBack else { return }
    malloc_trim(0)
    if all { giveBackCode() }
  }

  /// Bytes of a line of /proc/self/maps: a path of the greatest length and what stands before it.
  private static let lineBytes = Int32(PATH_MAX) + 128

  /// Lets go of the pages of code, which no one writes: the file has them.
  private static func giveBackCode() {
    guard let program = realpath("/proc/self/exe", nil) else { return }
    defer { free(program) }
    guard let maps = fopen("/proc/self/maps", "re") else { return }
    defer { fclose(maps) }
    let name = " " + String(cString: program)
    var line = [CChar](repeating: 0, count: Int(lineBytes))
    while fgets(&line, lineBytes, maps) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 && $0 != 0x0A }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      // "5562c3f8a000-5562c61d9000 r-xp 00000000 fe:00 1234 /usr/bin/punosd"
      let fields = text.split(separator: " ", maxSplits: 2)
      guard fields.count == 3, fields[1] == "r-xp", text.hasSuffix(name) else { continue }
      let ends = fields[0].split(separator: "-").compactMap { UInt(String($0), radix: 16) }
      guard ends.count == 2, ends[1] > ends[0] else { continue }
      madvise(UnsafeMutableRawPointer(bitPattern: ends[0]), Int(ends[1] - ends[0]), MADV_DONTNEED)
    }
  }
}
