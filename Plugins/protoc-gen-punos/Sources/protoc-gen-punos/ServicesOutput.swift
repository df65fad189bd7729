import ProtobufSchema

/// Writes a Swift file of handler protocols, methods and client stubs for each `.proto` with services.
struct ServicesOutput {
  let request: Request
  let schema: Schema
  let files: [FileDescriptor]

  func write() -> [(name: String, content: String)] {
    let services = files.filter { !$0.services.isEmpty }.map { file in
      var lines = Lines()
      lines.head(file.name, "The services of package \(file.package).")
      lines.add("public import RPC")
      for module in request.parameters["import"] ?? [] { lines.add("public import \(module)") }
      for service in file.services {
        writeHandler(service, file, &lines)
        writeMethods(service, file, &lines)
        writeClient(service, file, &lines)
        StandardOutput(service, base: base(service, file), type: type)?.write(&lines)
      }
      return (Names.file(file.name, suffix: ".rpc.swift"), lines.text)
    }
    return services + [codec()]
  }

  private func type(_ message: MessageDescriptor) -> String {
    Names.type(message.fullName, package: schema.file(defining: message.fullName)?.package ?? "")
  }

  private func base(_ service: ServiceDescriptor, _ file: FileDescriptor) -> String {
    Names.prefix(file.package) + service.name
  }

  private func writeHandler(_ service: ServiceDescriptor, _ file: FileDescriptor, _ lines: inout Lines) {
    let base = base(service, file)
    lines.add()
    lines.document(service.comment, or: "`\(service.fullName)`.")
    lines.add("///")
    lines.add("/// Implemented by the one who serves `\(service.fullName)`.")
    lines.block("public protocol \(base)Handler: RPCService") { lines in
      for method in service.methods {
        lines.document(method.comment, or: "`\(method.name)`.")
        let q = type(method.input)
        let r = answer(of: method, service)
        let name = Names.method(method.name)
        let takes = method.clientStreams ? "_ requests: RequestStream<\(q)>" : "_ request: \(q)"
        if method.serverStreams {
          lines.add(
            "func \(name)(\(takes), _ responses: ResponseWriter<\(r)>, _ context: CallContext) async throws")
        } else {
          lines.add("func \(name)(\(takes), _ context: CallContext) async throws -> \(r)")
        }
      }
    }
    lines.add()
    lines.block("extension \(base)Handler") { lines in
      lines.add("/// Every method of the service, bound to this handler.")
      lines.block("public var definition: ServiceDefinition") { lines in
        lines.add("ServiceDefinition(")
        lines.indented { lines in
          lines.add("name: \"\(service.fullName)\",")
          lines.add("methods: [")
          lines.indented { lines in
            for method in service.methods { lines.add(bound(method, service, base)) }
          }
          lines.add("])")
        }
      }
    }
  }

  private func bound(_ method: MethodDescriptor, _ service: ServiceDescriptor, _ base: String) -> String {
    let name = Names.method(method.name)
    let arguments = method.serverStreams ? "$0, $1, $2" : "$0, $1"
    let form = StandardOutput.answersEncoded(method, service) ? ".encoded" : ""
    return ".\(kind(method))(\(base)Methods.\(name)\(form)) { try await self.\(name)(\(arguments)) },"
  }

  /// What a handler returns.
  private func answer(of method: MethodDescriptor, _ service: ServiceDescriptor) -> String {
    let r = type(method.output)
    return StandardOutput.answersEncoded(method, service) ? "Encoded<\(r)>" : r
  }

  private func kind(_ method: MethodDescriptor) -> String {
    switch (method.clientStreams, method.serverStreams) {
    case (false, false): "unary"
    case (true, false): "clientStreaming"
    case (false, true): "serverStreaming"
    case (true, true): "bidirectional"
    }
  }

  private func writeMethods(_ service: ServiceDescriptor, _ file: FileDescriptor, _ lines: inout Lines) {
    lines.add()
    lines.add("/// The methods of `\(service.fullName)`, as clients and servers name them.")
    lines.block("public enum \(base(service, file))Methods") { lines in
      for method in service.methods {
        lines.document(method.comment, or: "`\(method.name)`.")
        let type = "Method<\(type(method.input)), \(type(method.output))>"
        lines.add("public static let \(Names.method(method.name)) = \(type)(")
        lines.indented { lines in
          lines.add("service: \"\(service.fullName)\", name: \"\(method.name)\",")
          lines.add("clientStreams: \(method.clientStreams), serverStreams: \(method.serverStreams),")
          lines.add("request: .protobuf(), response: .protobuf())")
        }
      }
    }
  }

  private func writeClient(_ service: ServiceDescriptor, _ file: FileDescriptor, _ lines: inout Lines) {
    let base = base(service, file)
    lines.add()
    lines.add("/// Calls `\(service.fullName)` over a channel.")
    lines.block("public struct \(base)Client: Sendable") { lines in
      lines.add("/// Where the calls go.")
      lines.add("public let channel: any ClientChannel")
      lines.add("/// Calls over a channel.")
      lines.add("public init(_ channel: any ClientChannel) { self.channel = channel }")
      for method in service.methods {
        lines.document(method.comment, or: "`\(method.name)`.")
        writeCall(method, base, &lines)
      }
    }
  }

  private func writeCall(_ method: MethodDescriptor, _ base: String, _ lines: inout Lines) {
    let q = type(method.input)
    let r = type(method.output)
    let name = Names.method(method.name)
    let options = "_ options: CallOptions = CallOptions()"
    let send = "send: @escaping @Sendable (RequestWriter<\(q)>) async throws -> Void"
    let receive = "receive: @escaping @Sendable (ClientResponseStream<\(r)>) async throws -> T"
    let call = "channel.\(kind(method))(\(base)Methods.\(name)"
    switch (method.clientStreams, method.serverStreams) {
    case (false, false):
      lines.block("public func \(name)(_ request: \(q), \(options)) async throws -> \(r)") {
        $0.add("try await \(call), request, options).value")
      }
    case (true, false):
      lines.block("public func \(name)(\(options), \(send)) async throws -> \(r)") {
        $0.add("try await \(call), options, send).value")
      }
    case (false, true):
      lines.block(
        "public func \(name)<T: Sendable>(_ request: \(q), \(options), \(receive)) async throws -> T"
      ) {
        $0.add("try await \(call), request, options, receive)")
      }
    case (true, true):
      lines.block("public func \(name)<T: Sendable>(\(options), \(send), \(receive)) async throws -> T") {
        $0.add("try await \(call), options, send, receive)")
      }
    }
  }

  /// How messages travel in calls: the same few lines in every module of services.
  private func codec() -> (name: String, content: String) {
    var lines = Lines()
    lines.head("its own text", "How protobuf messages travel in calls.")
    lines.add("internal import ProtobufBridge")
    lines.add("internal import RPC")
    lines.add()
    lines.block("extension MessageCodec where Value: Message") { lines in
      lines.add("/// A protobuf message; what cannot be decoded is INVALID_ARGUMENT with the field's path.")
      lines.block("static func protobuf() -> MessageCodec<Value>") { lines in
        lines.add("MessageCodec(")
        lines.indented { lines in
          lines.block("decode: { bytes in do throws(DecodingError)") { lines in
            lines.add("return try Value(serialized: bytes)")
          }
          lines.block("catch") { lines in
            lines.add("throw RPCError(code: .invalidArgument, message: \"\\(Value.fullName): \\(error)\")")
          }
          lines.add("}, encode: { value, bytes in value.serialize(into: &bytes) })")
        }
      }
    }
    return ("MessageCodec+Protobuf.swift", lines.text)
  }
}
