// swift-tools-version:6.2
import PackageDescription

// Measures Punos's messages beside swift-protobuf and raw libprotobuf-c. A package of its own, so that the product
// never depends on swift-protobuf.
let house: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "messages-bench",
  dependencies: [
    .package(name: "punos", path: "../.."),
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
  ],
  targets: [
    .target(
      name: "CBenchMessages", dependencies: [.product(name: "PunosMessages", package: "punos")],
      cSettings: [.headerSearchPath("Generated")]),
    .target(
      name: "BenchMessages",
      dependencies: ["CBenchMessages", .product(name: "PunosMessages", package: "punos")],
      swiftSettings: house),
    .target(
      name: "SwiftProtobufAccounts",
      dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")]),
    .target(
      name: "CRawBench", dependencies: ["CBenchMessages"],
      cSettings: [.headerSearchPath("../CBenchMessages/Generated")]),
    .executableTarget(
      name: "messages-bench",
      dependencies: [
        "BenchMessages", "SwiftProtobufAccounts", "CRawBench",
        .product(name: "PunosMessages", package: "punos"),
      ],
      swiftSettings: house),
  ]
)
