// swift-tools-version:6.2
import PackageDescription

// The generator behind `scripts/generate-proto.sh`. It depends on nothing: the descriptors are read by the very
// files with which the product reads them at run time (Sources/ProtobufSchema is a link to them).
let house: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "protoc-gen-punos",
  targets: [
    .target(name: "ProtobufSchema", swiftSettings: house),
    .executableTarget(name: "protoc-gen-punos", dependencies: ["ProtobufSchema"], swiftSettings: house),
  ]
)
