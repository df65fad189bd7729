// Measures the SQLite store. See Benchmarks/store/store.mk and docs for how the figures are read.
//
//   store-bench DIRECTORY [--accounts N] [--writers N] [--seconds S] [--load off|indexes|search|log]
//   [--skip PHASE,…]
//
// The directory keeps the data set between runs; it is made where there is none.

let bench = try Bench(CommandLine.arguments)
try await bench.run()
