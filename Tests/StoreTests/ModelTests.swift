import Foundation
import Store
import StoreConformance
import StoreSQLite
import Testing

@Suite struct AStoreIsLikeItsModel {
  /// `PUNOS_MODEL_HISTORIES` asks for more than the short run of every day, `PUNOS_MODEL_SEED` for those that
  /// failed.
  @Test func randomHistoriesGiveWhatAPlainModelGives() async throws {
    let environment = ProcessInfo.processInfo.environment
    let histories = environment["PUNOS_MODEL_HISTORIES"].flatMap(Int.init) ?? 40
    let seed = environment["PUNOS_MODEL_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0..<1_000_000_000)
    print("model histories: \(histories), first seed \(seed)")
    let directory = try TemporaryDirectory()
    try await ModelCheck(histories: histories, seed: seed).run(.sqlite(in: directory))
  }
}
