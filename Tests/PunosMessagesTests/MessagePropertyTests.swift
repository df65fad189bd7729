import Foundation
import ProtobufBridge
import PunosMessages
import Testing

/// A sequence of numbers that a printed seed brings back.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed | 1 }
  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }
}

@Suite struct MessageProperties {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func kept(_ target: String) throws -> [[UInt8]] {
    let directory = root.appendingPathComponent("Tests/Fuzz/corpus/\(target)")
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
    return try names.map { Array(try Data(contentsOf: directory.appendingPathComponent($0))) }
  }

  @Test func whatTheFuzzersKeptStillHolds() throws {
    var count = 0
    for (target, exercise) in [
      ("accountmessage", { try MessageExercise.decode(Account.self, $0) }),
      ("contactmessage", { try MessageExercise.decode(UpdateContactRequest.self, $0) }),
      ("viewmessage", { try MessageExercise.decode(AccountView.self, $0) }),
      ("messagejson", { try MessageExercise.json(Contact.self, $0) }),
    ] as [(String, (UnsafeRawBufferPointer) throws -> Void)] {
      for input in try Self.kept(target) {
        try input.withUnsafeBytes { try exercise($0) }
        count += 1
      }
    }
    #expect(count >= 4)
  }

  @Test func damagedAccountsAreAnsweredAndNeverTrap() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var numbers = SeededNumbers(seed: seed)
    let kept = try Self.kept("accountmessage")
    for _ in 0..<3000 {
      var bytes = kept.randomElement(using: &numbers) ?? []
      for _ in 0..<Int.random(in: 1...4, using: &numbers) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &numbers)
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &numbers), at: place)
        case 2: bytes.remove(at: place)
        default: bytes += bytes[place...]
        }
      }
      try bytes.withUnsafeBytes { try MessageExercise.decode(Account.self, $0) }
    }
  }

  @Test func everyCutOfAMessageIsAnswered() throws {
    for input in try Self.kept("viewmessage") {
      for end in input.indices {
        try Array(input[..<end]).withUnsafeBytes { try MessageExercise.decode(AccountView.self, $0) }
      }
    }
  }

  @Test func manyThreadsDecodeAtOnce() async throws {
    let account = Account.with {
      $0.displayName = "Kiilto"
      $0.domains = (0..<200).map { "d\($0).example.fi" }
    }
    let bytes = account.serialized()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<200 {
            let decoded = try Account(serialized: bytes)
            #expect(decoded == account)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func aCopyIsNotChangedByItsOriginal() {
    var account = Account.with { $0.displayName = "one" }
    let copy = account
    account.displayName = "two"
    account.domains.append("example.fi")
    #expect(copy.displayName == "one" && copy.domains.isEmpty)
    #expect(account != copy)
  }
}

@Suite struct GeneratedCode {
  @Test func whatIsCommittedIsWhatTheSchemaGives() throws {
    let out = FileManager.default.temporaryDirectory.appendingPathComponent(
      "punos-proto-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: out) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      MessageProperties.root.appendingPathComponent("scripts/generate-proto.sh").path, out.path,
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    var compared = 0
    for path in try FileManager.default.subpathsOfDirectory(atPath: out.path).sorted() {
      var isDirectory: ObjCBool = false
      let fresh = out.appendingPathComponent(path)
      _ = FileManager.default.fileExists(atPath: fresh.path, isDirectory: &isDirectory)
      let committed = MessageProperties.root.appendingPathComponent(path)
      if isDirectory.boolValue {
        guard path.hasSuffix("/Generated") else { continue }
        let left = try Set(FileManager.default.subpathsOfDirectory(atPath: committed.path))
          .subtracting(try FileManager.default.subpathsOfDirectory(atPath: fresh.path))
        #expect(left.isEmpty, "files that the schema no longer gives: run make proto")
      } else {
        let isSame = try Data(contentsOf: fresh) == Data(contentsOf: committed)
        #expect(isSame, "\(path) differs: run make proto")
        compared += 1
      }
    }
    #expect(compared > 40)
  }

  @Test func noMessageTakesMoreThanItsRulesSay() {
    #expect(Validator.shared.faults.isEmpty)
    #expect(Schema.shared.records.isEmpty == false)
    for type in MessageTypes.all {
      #expect(type.descriptor?.fullName == type.fullName)
    }
  }
}
