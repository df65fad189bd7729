import Foundation
import Testing

/// Reads the imports of every source file, so that the floor plan in docs/architecture.md stays true.
@Suite struct FloorPlan {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Which of our own modules a module may import; what is not listed may not be.
  static let allowed: [String: Set<String>] = [
    "FieldFormats": [],
    "ProtobufBridge": ["CProtobufC", "FieldFormats"],
    "PunosMessages": ["CPunosMessages", "ProtobufBridge"],
    "InteropMessages": ["CInteropMessages", "ProtobufBridge"],
    "PunosAPI": ["RPC", "PunosMessages", "ProtobufBridge"],
    "InteropAPI": ["RPC", "InteropMessages", "ProtobufBridge"],
    "TLS": ["COpenSSL"],
    "HTTP2": ["CNGHTTP2"],
    "Compression": ["CZlib"],
    "RPC": ["Compression"],
    "Transport": ["TLS", "HTTP2", "RPC"],
    "Client": ["Transport", "TLS", "HTTP2", "RPC"],
    "Domain": ["PunosMessages", "ProtobufBridge", "FieldFormats"],
    "TextAnalysis": ["CStemmer"],
    "Store": ["Domain", "PunosMessages", "ProtobufBridge"],
    "Digests": ["CCrypto"],
    "StoreSQLite": ["Store", "CSQLite", "TextAnalysis", "Digests"],
    "StoreConformance": ["Store"],
    "Services": ["PunosAPI", "PunosMessages", "ProtobufBridge", "Domain", "Store", "RPC", "FieldFormats"],
    "Server": [
      "Transport", "Services", "Store", "StoreSQLite", "TLS", "TextAnalysis", "FieldFormats", "RPC", "PunosAPI",
      "PunosMessages", "ProtobufBridge",
    ],
    "DataFiles": ["FieldFormats"],
    "Terminal": [],
    "CLI": [
      "Client", "PunosAPI", "PunosMessages", "ProtobufBridge", "RPC", "DataFiles", "Terminal", "FieldFormats", "TLS",
      "Transport", "Domain", "CFiles",
    ],
    "punosd": ["Server"],
    "punos": ["CLI"],
    "punos-interop": ["Transport", "Client", "InteropAPI", "InteropMessages", "RPC", "TLS", "ProtobufBridge"],
  ]

  static func imports(of module: String) throws -> [(file: String, imported: String)] {
    let folder = root.appendingPathComponent("Sources/\(module)")
    guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else { return [] }
    let pattern = /^\s*(?:@\w+\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?import\s+(?:\w+\s+)?(\w+)/
    var found: [(String, String)] = []
    for case let file as URL in files where file.pathExtension == "swift" {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        if let match = try pattern.firstMatch(in: line) { found.append((file.lastPathComponent, String(match.1))) }
      }
    }
    return found
  }

  static var ourModules: Set<String> {
    Set(allowed.keys).union([
      "COpenSSL", "CCrypto", "CNGHTTP2", "CProtobufC", "CSQLite", "CZlib", "CStemmer", "CPunosMessages", "CInteropMessages", "CFiles",
    ])
  }

  @Test(arguments: allowed.keys.sorted())
  func aModuleImportsOnlyWhatTheFloorPlanLetsIt(_ module: String) throws {
    let allowed = try #require(Self.allowed[module])
    for (file, imported) in try Self.imports(of: module) where Self.ourModules.contains(imported) {
      #expect(allowed.contains(imported), "\(module)/\(file) imports \(imported)")
    }
  }

  @Test func everySourceModuleStandsInTheFloorPlan() throws {
    let sources = Self.root.appendingPathComponent("Sources")
    let modules = try FileManager.default.contentsOfDirectory(atPath: sources.path)
      .filter { !$0.hasPrefix(".") && $0 != "C" && !$0.hasPrefix("C") || $0 == "CLI" || $0 == "Client" || $0 == "Compression" }
    for module in modules { #expect(Self.allowed[module] != nil, "\(module) has no line in the floor plan") }
  }

  @Test(arguments: ["Domain", "Store", "FieldFormats", "ProtobufBridge", "HTTP2", "TLS", "RPC", "TextAnalysis"])
  func whatDoesNoInputOutputImportsNoSockets(_ module: String) throws {
    for (file, imported) in try Self.imports(of: module) {
      #expect(!imported.hasPrefix("NIO"), "\(module)/\(file) imports \(imported)")
    }
  }

  @Test func nothingThatIsServedOrStartedOftenLinksFoundation() throws {
    for module in Self.allowed.keys {
      for (file, imported) in try Self.imports(of: module) {
        #expect(imported != "Foundation", "\(module)/\(file) imports Foundation, which costs start-up time and memory")
      }
    }
  }
}
