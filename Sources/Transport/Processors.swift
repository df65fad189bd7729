internal import CScheduler
internal import NIOCore

/// The processors this process may run on.
enum Processors {
  /// How many there are: those of the machine, less what a container's quota or an affinity (`taskset`, systemd's
  /// CPUAffinity) leaves out. More loops than that would only take turns.
  static var available: Int {
    let allowed = Int(punos_allowed_processors())
    return allowed > 0 ? min(allowed, System.coreCount) : System.coreCount
  }
}
