import ServiceLifecycle
import Transport

/// Gives memory back that a burst of calls left behind.
struct MemoryKeeper: Service {
  /// How often it is looked whether there is any: rare enough to cost nothing, often enough that a night's import does
  /// not keep its memory over the morning.
  private static let interval = Duration.seconds(10)

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while (try? await Task.sleep(for: Self.interval)) != nil { ProcessMemory.giveBack() }
    }
  }
}
