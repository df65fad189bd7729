import ServiceLifecycle
import Transport

/// Gives memory back that a burst of calls left behind.
struct MemoryKeeper: Service {
  /// How often it is looked whether there is any: rare enough to cost nothing, often enough that a night's import does
  /// not keep its memory over the morning.
  private static let interval = Duration.seconds(10)
  /// When a start is over: what was needed to read schema and settings is given back once.
  private static let started = Duration.seconds(2)

  func run() async throws {
    await cancelWhenGracefulShutdown {
      guard (try? await Task.sleep(for: Self.started)) != nil else { return }
      ProcessMemory.giveBack(all: true)
      while (try? await Task.sleep(for: Self.interval)) != nil { ProcessMemory.giveBack() }
    }
  }
}
