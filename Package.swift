// swift-tools-version:6.2
import PackageDescription

// One list of house rules for every Swift target: Swift 6 mode with strict concurrency comes with the tools
// version; these are the upcoming features the code is written for.
let house: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  // An async function goes on where its caller is. Without it every call of one asks the runtime for the executor
  // again, on the way in and on the way out: a tenth of what a short call costs the server.
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: house)
}

func executable(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: house)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: house)
}

func system(_ name: String, _ pkgConfig: String?, _ package: String) -> Target {
  .systemLibrary(name: name, path: "Sources/C/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "punos",
  products: [
    .executable(name: "punosd", targets: ["punosd"]),
    .executable(name: "punos", targets: ["punos"]),
    .executable(name: "punos-interop", targets: ["punos-interop"]),
    .library(name: "PunosMessages", targets: ["PunosMessages", "ProtobufBridge", "CPunosMessages"]),
    .library(name: "PunosClient", targets: ["Client", "PunosAPI", "PunosMessages"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // The system's C libraries: a module map and a shim each.
    system("COpenSSL", "openssl", "libssl-dev"),
    system("CCrypto", "libcrypto", "libssl-dev"),
    system("CNGHTTP2", "libnghttp2", "libnghttp2-dev"),
    system("CProtobufC", "libprotobuf-c", "libprotobuf-c-dev"),
    system("CSQLite", "sqlite3", "libsqlite3-dev"),
    system("CZlib", "zlib", "zlib1g-dev"),
    system("CStemmer", nil, "libstemmer-dev"),
    system("CMalloc", nil, "libc6-dev"),
    system("CFiles", nil, "libc6-dev"),
    system("CScheduler", nil, "libc6-dev"),

    // Messages.
    library("FieldFormats"),
    library("ProtobufBridge", ["CProtobufC", "FieldFormats"]),
    .target(
      name: "CPunosMessages", dependencies: ["CProtobufC"], cSettings: [.headerSearchPath("Generated")]),
    library("PunosMessages", ["ProtobufBridge", "CPunosMessages"]),
    library("PunosAPI", ["PunosMessages", "RPC"]),
    .target(
      name: "CInteropMessages", dependencies: ["CProtobufC"], cSettings: [.headerSearchPath("Generated")]),
    library("InteropMessages", ["ProtobufBridge", "CInteropMessages"]),
    library("InteropAPI", ["InteropMessages", "RPC"]),

    // The wire.
    library("TLS", ["COpenSSL"]),
    library("HTTP2", ["CNGHTTP2"]),
    library("Compression", ["CZlib"]),
    library("RPC", ["Compression"]),
    library("Transport", ["TLS", "HTTP2", "RPC", "CMalloc", "CScheduler", nioCore, nioPosix, logging]),
    library("Client", ["Transport", "RPC", "TLS", "HTTP2", nioCore, nioPosix, logging]),

    // The house.
    library("Domain", ["PunosMessages", "FieldFormats"]),
    library("TextAnalysis", ["CStemmer"]),
    library("Store", ["Domain", "PunosMessages"]),
    library("Digests", ["CCrypto"]),
    library("StoreSQLite", ["Store", "CSQLite", "TextAnalysis", "Digests", logging]),
    library("StoreConformance", ["Store"]),
    library("Services", ["PunosAPI", "Domain", "Store", logging]),
    library(
      "Server",
      [
        "Transport", "Services", "StoreSQLite", "TLS", "TextAnalysis", "FieldFormats", nioCore, nioPosix,
        nioHTTP1, logging, metrics, lifecycle, signals,
      ]),

    // The client people use.
    library("DataFiles", ["FieldFormats"]),
    library("Terminal"),
    library(
      "CLI",
      [
        "Client", "PunosAPI", "PunosMessages", "ProtobufBridge", "RPC", "DataFiles", "Terminal",
        "FieldFormats", "Domain",
        "CFiles", arguments,
      ]),

    .executableTarget(
      name: "store-bench", dependencies: ["Store", "StoreSQLite", "TextAnalysis"], path: "Benchmarks/store",
      exclude: ["store.mk", "README.md"],
      swiftSettings: house),
    .executableTarget(
      name: "store-crash", dependencies: ["Store", "StoreSQLite", "StoreConformance", "TextAnalysis"],
      path: "Benchmarks/crash",
      swiftSettings: house),

    .executableTarget(
      name: "api-bench",
      dependencies: [
        "Client", "PunosAPI", "PunosMessages", "ProtobufBridge", "RPC", "Store", "StoreSQLite",
        "TextAnalysis",
      ],
      path: "Benchmarks/api", exclude: ["api.mk", "bench.py", "bench_import.py", "README.md"], swiftSettings: house),

    .executableTarget(
      name: "decide-bench",
      dependencies: ["PunosMessages", "ProtobufBridge", "Store", "StoreSQLite", "TextAnalysis"],
      path: "Benchmarks/decide", exclude: ["decide.mk", "bench.py"], swiftSettings: house),

    executable("punosd", ["Server", arguments, logging]),
    executable("punos", ["CLI"]),
    executable("punos-interop", ["Transport", "Client", "InteropAPI", arguments, logging]),

    // A schema of every shape that a field can have, for tests of what is generic.
    .target(
      name: "CShapeMessages", dependencies: ["CProtobufC", "CPunosMessages"],
      path: "Tests/Shapes/CShapeMessages",
      cSettings: [
        .headerSearchPath("Generated"), .headerSearchPath("../../../Sources/CPunosMessages/Generated"),
      ]),
    .target(
      name: "ShapeMessages", dependencies: ["ProtobufBridge", "CShapeMessages", "PunosMessages"],
      path: "Tests/Shapes/ShapeMessages", swiftSettings: house),
    // Decodes and encodes over standard input and output, for the comparison with Python's protobuf.
    .executableTarget(
      name: "message-echo", dependencies: ["ShapeMessages", "PunosMessages", "InteropMessages"],
      path: "Tests/Interop/messages/message-echo", swiftSettings: house),

    // What search is measured with, and against.
    .executableTarget(
      name: "search-bench",
      dependencies: ["Store", "StoreSQLite", "TextAnalysis", "Transport", "CSQLite"],
      path: "Benchmarks/search", exclude: ["search.mk"], swiftSettings: house),

    // The search for paths among 100,000 people.
    .executableTarget(
      name: "network-bench", dependencies: ["Domain", "PunosMessages"], path: "Benchmarks/network",
      exclude: ["network.mk", "bench.py"], swiftSettings: house),

    tests("FieldFormatsTests", ["FieldFormats"]),
    tests("ProtobufBridgeTests", ["ProtobufBridge", "PunosMessages", "ShapeMessages"]),
    tests("PunosMessagesTests", ["PunosMessages", "InteropMessages"]),
    .target(name: "WireTestSupport", path: "Tests/WireTestSupport", swiftSettings: house),
    tests("TLSTests", ["TLS", "WireTestSupport"]),
    tests("HTTP2Tests", ["HTTP2"]),
    tests("RPCTests", ["RPC", "Compression"]),
    tests("TransportTests", ["Transport", "Client", "InteropAPI", "WireTestSupport", logging]),
    // Servers and people in memory, for the histories of synced folders.
    .target(
      name: "HandoverModel", dependencies: ["Domain", "ProtobufBridge", "PunosMessages"],
      path: "Tests/HandoverModel",
      swiftSettings: house),
    .testTarget(
      name: "DomainTests",
      dependencies: ["Domain", "FieldFormats", "HandoverModel", "ProtobufBridge", "PunosMessages"],
      exclude: ["Golden"],
      swiftSettings: house),
    tests("TextAnalysisTests", ["TextAnalysis"]),
    tests("DigestsTests", ["Digests"]),
    tests(
      "StoreTests", ["Store", "StoreSQLite", "StoreConformance", "TextAnalysis", "store-crash", "CFaultVFS"]),
    .target(name: "CFaultVFS", dependencies: ["CSQLite"], path: "Tests/CFaultVFS"),
    tests("ServicesTests", ["Services", "StoreSQLite", "StoreConformance", "ProtobufBridge", "PunosMessages", "RPC"]),
    tests("ServerTests", ["Server"]),
    tests("DataFilesTests", ["DataFiles"]),
    tests("TerminalTests", ["Terminal"]),
    tests(
      "CLITests",
      [
        "CLI", "DataFiles", "Domain", "HandoverModel", "ProtobufBridge", "PunosMessages", "RPC", "Terminal",
        arguments,
      ]),
    tests("ArchitectureTests", []),
  ]
)
