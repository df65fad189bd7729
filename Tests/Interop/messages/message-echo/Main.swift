// Answers a peer that compares: reads frames on standard input, answers each on standard output.
//
// A frame is an operation (one byte), the length of a message's full name (one byte), the name, the length of
// the content (four bytes, little endian) and the content. The answer is a status (0: done, 1: refused), the
// length of the content (four bytes) and the content: bytes, JSON or the reason.
//   b  decode into the Swift value, encode       j  decode, write JSON       J  read JSON, decode, encode

import Glibc
import InteropMessages
import ProtobufBridge
import PunosMessages
import ShapeMessages

struct Frames {
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var start = 0
  private var end = 0

  mutating func take(_ count: Int) -> [UInt8]? {
    var result: [UInt8] = []
    while result.count < count {
      if start == end {
        end = read(0, &buffer, buffer.count)
        start = 0
        if end <= 0 { return nil }
      }
      let part = min(count - result.count, end - start)
      result.append(contentsOf: buffer[start..<start + part])
      start += part
    }
    return result
  }
}

let types: [String: any Message.Type] = Dictionary(
  (PunosMessages.MessageTypes.all + InteropMessages.MessageTypes.all + ShapeMessages.MessageTypes.all)
    .map { ($0.fullName, $0) }, uniquingKeysWith: { first, _ in first })

func answer<M: Message>(_ type: M.Type, _ operation: UInt8, _ content: [UInt8]) throws -> [UInt8] {
  switch operation {
  case UInt8(ascii: "b"):
    let value = try M(serialized: content)
    let bytes = value.serialized()
    // The generic path of a call and the value's own must agree, and a copy must equal what it was copied
    // from.
    var appended: [UInt8] = [1]
    value.serialize(into: &appended)
    guard Array(appended.dropFirst()) == bytes, try M(serialized: bytes).serialized() == bytes else {
      throw Refusal(description: "two ways to encode one value disagree")
    }
    return bytes
  case UInt8(ascii: "j"): return Array(try M(serialized: content).jsonString().utf8)
  default: return try M(jsonString: String(decoding: content, as: UTF8.self)).serialized()
  }
}

struct Refusal: Error, CustomStringConvertible {
  var description: String
}

@main
enum Main {
  static func main() {
    var frames = Frames()
    while let head = frames.take(2), let name = frames.take(Int(head[1])), let size = frames.take(4),
      let content = frames.take(size.reversed().reduce(0) { $0 << 8 | Int($1) })
    {
      var status: UInt8 = 0
      var out: [UInt8]
      do {
        guard let type = types[String(decoding: name, as: UTF8.self)] else {
          throw Refusal(description: "no such message")
        }
        out = try answer(type, head[0], content)
      } catch {
        status = 1
        out = Array("\(error)".utf8)
      }
      var frame = [status]
      for shift in [0, 8, 16, 24] { frame.append(UInt8(truncatingIfNeeded: out.count >> shift)) }
      frame += out
      var done = 0
      while done < frame.count {
        let count = frame.withUnsafeBytes { write(1, $0.baseAddress.map { $0 + done }, $0.count - done) }
        if count <= 0 { return }
        done += count
      }
    }
  }
}
