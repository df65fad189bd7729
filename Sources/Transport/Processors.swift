internal import Glibc
internal import NIOCore

/// The processors this process may run on.
enum Processors {
  /// How many there are: those of the machine, less what a container's quota or an affinity (`taskset`, systemd's
  /// CPUAffinity) leaves out. More loops than that would only take turns.
  static var available: Int {
    var set = cpu_set_t()
    guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0 else { return System.coreCount }
    let allowed = withUnsafeBytes(of: set) { $0.reduce(0) { $0 + $1.nonzeroBitCount } }
    return allowed > 0 ? min(allowed, System.coreCount) : System.coreCount
  }
}
