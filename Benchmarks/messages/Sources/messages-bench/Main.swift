// Measures decoding and encoding of 100 accounts of about 900 bytes with 8 contacts each: Punos,
// swift-protobuf and raw libprotobuf-c, in turns in one run; the median of all turns. Prints the ratios that
// the targets are about.

import BenchMessages
import CRawBench
import Glibc
import ProtobufBridge
import SwiftProtobuf
import SwiftProtobufAccounts

/// A fixed sequence of numbers, so that every run measures the same bytes.
struct Numbers {
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15
  mutating func next(_ bound: UInt64) -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state % bound
  }
  mutating func pick(_ words: [String]) -> String { words[Int(next(UInt64(words.count)))] }
}

func accounts() -> [[UInt8]] {
  var numbers = Numbers()
  let firms = ["Kiilto Oy", "Fazer Oyj", "Mäkelän Konepaja Oy", "Pohjolan Voima", "Ässä-Rakennus Oy"]
  let given = ["Aino", "Eero", "Väinö", "Helmi", "Sisko"]
  let family = ["Virtanen", "Mäkinen", "Korhonen", "Hämäläinen", "Niemi"]
  let titles = ["Hankintajohtaja", "CTO", "Toimitusjohtaja", "Buyer", "Service Manager"]
  return (0..<100).map { index in
    BenchAccount.with { account in
      account.name = "accounts/a\(index + 100)"
      account.displayName = numbers.pick(firms)
      account.businessId = "0\(100_000 + numbers.next(899_999))-\(numbers.next(10))"
      account.status = .current
      account.employees = Int64(numbers.next(5000))
      account.revenue = Double(numbers.next(1_000_000)) / 8
      account.domains = ["example.fi", "example.com"]
      account.createTime = BenchMoment.with { $0.seconds = 1_700_000_000 }
      account.updateTime = BenchMoment.with {
        $0.seconds = 1_750_000_000
        $0.nanos = 5_000_000
      }
      account.revision = Int64(numbers.next(1 << 40))
      account.contacts = (0..<8).map { contact in
        BenchContact.with {
          $0.name = "contacts/c\(index * 8 + contact)"
          $0.displayName = numbers.pick(given) + " " + numbers.pick(family)
          $0.email = "aino.\(numbers.pick(family).filter(\.isASCII).lowercased())@example.fi"
          $0.phone = "+35840\(1_000_000 + numbers.next(8_999_999))"
          $0.title = numbers.pick(titles)
          $0.strength = Double(numbers.next(100)) / 100
          $0.decides = numbers.next(2) == 1
          $0.lastContact = BenchMoment.with { $0.seconds = 1_740_000_000 + Int64(contact) }
        }
      }
    }.serialized()
  }
}

func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Keeps what was measured from being optimised away.
nonisolated(unsafe) var sink = 0

func measure(_ body: () throws -> Void) rethrows -> Double {
  let start = now()
  try body()
  return now() - start
}

@main
enum Main {
  static func main() throws {
    let encoded = accounts()
    let sizes = encoded.map { $0.count }
    let mine = try encoded.map { try BenchAccount(serialized: $0) }
    let theirs = try encoded.map { try Punos_Bench_V1_BenchAccount(serializedBytes: $0) }
    for (a, b) in zip(mine, theirs) {
      let bytes: [UInt8] = try b.serializedBytes()
      guard a.serialized() == bytes else {
        print("the two encoders disagree")
        exit(1)
      }
    }
    let pointers = encoded.map { bytes in
      let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
      copy.initialize(from: bytes, count: bytes.count)
      return UnsafePointer<UInt8>(copy) as UnsafePointer<UInt8>?
    }
    var times: [String: [Double]] = [:]
    let rounds = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1]) ?? 400 : 400
    for _ in 0..<rounds {
      times["decode punos", default: []].append(
        try measure { for bytes in encoded { sink &+= try BenchAccount(serialized: bytes).contacts.count } })
      times["decode swift-protobuf", default: []].append(
        try measure {
          for bytes in encoded {
            sink &+= try Punos_Bench_V1_BenchAccount(serializedBytes: bytes).contacts.count
          }
        })
      times["decode raw protobuf-c", default: []].append(raw_decode(pointers, sizes, Int32(encoded.count)))
      times["encode punos", default: []].append(
        measure { for account in mine { sink &+= account.serialized().count } })
      times["encode swift-protobuf", default: []].append(
        try measure {
          for account in theirs {
            let bytes: [UInt8] = try account.serializedBytes()
            sink &+= bytes.count
          }
        })
      times["encode raw protobuf-c", default: []].append(raw_encode(pointers, sizes, Int32(encoded.count)))
    }
    report(times, average: sizes.reduce(0, +) / sizes.count)
    try Generic.report()
  }

  static func report(_ times: [String: [Double]], average: Int) {
    let median = times.mapValues { $0.sorted()[$0.count / 2] * 1e6 }
    print(
      "100 accounts of \(average) bytes with 8 contacts each, median of \(times.values.first?.count ?? 0)")
    for direction in ["decode", "encode"] {
      let punos = median["\(direction) punos"] ?? 0
      for other in ["punos", "swift-protobuf", "raw protobuf-c"] {
        let time = median["\(direction) \(other)"] ?? 0
        let ratio = time > 0 ? punos / time : 0
        print(
          "\(direction) \(other): \((time * 10).rounded() / 10) µs, Punos is \((ratio * 100).rounded() / 100) ×"
        )
      }
    }
  }
}
