import Glibc
import Store
import StoreConformance
import StoreSQLite
import TextAnalysis

/// The conformance suite and many random histories, on an optimised build.
struct ModelRun {
  let directory: String
  var histories = 3_000
  var seed = UInt64.random(in: 0..<1_000_000_000)

  init(_ arguments: [String]) throws {
    directory = arguments[2]
    var rest = arguments.dropFirst(3)
    while let word = rest.popFirst(), let value = rest.popFirst() {
      if word == "--histories" { histories = Int(value) ?? histories }
      if word == "--seed" { seed = UInt64(value) ?? seed }
    }
  }

  func run() async throws {
    var broken = 0
    for (number, promise) in Promise.all.enumerated() {
      do {
        try await promise.check(maker("promise-\(number)"))
      } catch {
        broken += 1
        print("broken: \(promise): \(error)")
      }
    }
    print("\(Promise.all.count - broken) of \(Promise.all.count) promises kept")
    print("\(histories) histories, first seed \(seed)")
    try await ModelCheck(histories: histories, seed: seed).run(maker("model"), reopenEvery: 200)
    print("\(histories) histories like the model")
    if broken > 0 { throw CrashFailure(description: "\(broken) promises are broken") }
  }

  private func maker(_ name: String) -> StoreMaker {
    let path = directory + "/" + name
    // Few, so that falling behind takes little.
    let options = SQLiteStoreOptions(watcherLag: 50)
    let analyser = TextAnalyser()
    let open: @Sendable (_ path: String, RecordSchema) throws -> SQLiteStore = {
      try SQLiteStore(directory: $0, schema: $1, options: options, analyser: analyser)
    }
    return StoreMaker(
      folder: directory, watcherLag: Int(clamping: options.watcherLag),
      requestRetention: options.requestRetention.components.seconds,
      open: { try open(path, $0) },
      reopen: { store, schema in
        await store.close()
        return try open(path, schema)
      },
      restorer: { SQLiteRestorer(to: "\(path)-\($0)", schema: $1, options: options, analyser: analyser) },
      openRestored: { try open("\(path)-\($0)", $1) },
      damage: { store, text, schema in
        await store.close()
        try FileDamage.alter(text, in: path + "/tables.db")
        return try open(path, schema)
      })
  }
}
