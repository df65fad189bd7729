// protoc-gen-punos: Swift values, services and C getters from descriptors.
//
// As a protoc plugin (no arguments) it reads a CodeGeneratorRequest; the parameter says what to write:
//   output=messages,c=CPunosMessages,schema=shared[,import=PunosMessages]
//   output=services,import=PunosMessages
//   output=c,c=CPunosMessages
// With `plain IN OUT` it rewrites a descriptor set so that protoc-c accepts it.

import Glibc
import ProtobufSchema

/// What protoc asks for: google.protobuf.compiler.CodeGeneratorRequest.
struct Request {
  var files: Set<String> = []
  var parameters: [String: [String]] = [:]
  var descriptorSet: [UInt8] = []

  init(_ bytes: [UInt8]) throws {
    var set = WireWriter()
    try bytes.withUnsafeBytes { buffer in
      var reader = WireReader(buffer)
      while let field = try reader.next() {
        let text = { String(decoding: field.bytes, as: UTF8.self) }
        switch field.number {
        case 1: files.insert(text())
        case 2:
          for pair in text().split(separator: ",") {
            let parts = pair.split(separator: "=", maxSplits: 1).map { String($0) }
            if parts.count == 2 { parameters[parts[0], default: []].append(parts[1]) }
          }
        case 15: set.field(1, field.bytes)
        default: break
        }
      }
    }
    descriptorSet = set.bytes
  }

  func parameter(_ name: String) -> String { parameters[name]?.first ?? "" }
}

/// What went wrong, for the one who runs protoc.
struct Refusal: Error, CustomStringConvertible {
  var description: String
}

func generate(_ request: Request) throws -> [(name: String, content: String)] {
  let schema = try request.descriptorSet.withUnsafeBytes { try Schema(descriptorSet: $0) }
  let files = schema.files.filter { request.files.contains($0.name) }
  try schema.refuseRecursion { request.files.contains($0) }
  switch request.parameter("output") {
  case "messages":
    return try MessagesOutput(request: request, files: files).write()
  case "services":
    return ServicesOutput(request: request, schema: schema, files: files).write()
  case "c":
    return COutput(request: request, files: files).write()
  default:
    throw Refusal(description: "output= must be messages, services or c")
  }
}

func readAll(_ descriptor: Int32) throws -> [UInt8] {
  var result: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &chunk, chunk.count)
    if count < 0 { throw Refusal(description: "cannot read: \(String(cString: strerror(errno)))") }
    if count == 0 { return result }
    result.append(contentsOf: chunk[..<count])
  }
}

func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) throws {
  var done = 0
  while done < bytes.count {
    let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done) }
    if count <= 0 { throw Refusal(description: "cannot write: \(String(cString: strerror(errno)))") }
    done += count
  }
}

func answer(_ request: [UInt8]) -> [UInt8] {
  var response = WireWriter()
  do {
    let files = try generate(try Request(request))
    response.field(2, 1)  // FEATURE_PROTO3_OPTIONAL
    for file in files {
      var entry = WireWriter()
      entry.field(1, file.name)
      entry.field(15, file.content)
      response.field(15, entry.bytes)
    }
  } catch {
    response.field(1, "protoc-gen-punos: \(error)")
  }
  return response.bytes
}

@main
enum Main {
  static func main() {
    do {
      let arguments = CommandLine.arguments
      if arguments.count == 4, arguments[1] == "plain" {
        let input = open(arguments[2], O_RDONLY)
        let output = open(arguments[3], O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard input >= 0, output >= 0 else { throw Refusal(description: "cannot open a file") }
        try writeAll(output, try PlainSet.rewrite(try readAll(input)))
        close(output)
      } else {
        try writeAll(1, answer(try readAll(0)))
      }
    } catch {
      try? writeAll(2, Array("protoc-gen-punos: \(error)\n".utf8))
      exit(1)
    }
  }
}
