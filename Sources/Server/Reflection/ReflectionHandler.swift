import ProtobufBridge
import PunosAPI
import PunosMessages
import RPC

/// Answers `grpc.reflection.v1`: what services there are and what their messages look like, from the descriptors in
/// the program, so that grpcurl and its like need no files of ours.
struct ReflectionHandler: GRPCReflectionServerReflectionHandler {
  let schema: Schema
  /// Full names of the services that are served.
  let services: [String]

  func serverReflectionInfo(
    _ requests: RequestStream<GRPCReflectionServerReflectionRequest>,
    _ responses: ResponseWriter<GRPCReflectionServerReflectionResponse>, _ context: CallContext
  ) async throws {
    for try await request in requests { try await responses.write(answer(request)) }
  }

  func answer(_ request: GRPCReflectionServerReflectionRequest) -> GRPCReflectionServerReflectionResponse {
    var response = GRPCReflectionServerReflectionResponse()
    response.validHost = request.host
    response.originalRequest = request
    switch request.messageRequest {
    case .fileByFilename(let name):
      response.messageResponse = files(schema.file(name), asked: name)
    case .fileContainingSymbol(let symbol):
      response.messageResponse = files(file(containing: symbol), asked: symbol)
    case .fileContainingExtension(let wanted):
      let file = schema.files.first { file in
        file.extensions.contains {
          $0.extendee == wanted.containingType && Int64($0.number) == Int64(wanted.extensionNumber)
        }
      }
      response.messageResponse = files(file, asked: wanted.containingType)
    case .allExtensionNumbersOfType(let type):
      var numbers = GRPCReflectionExtensionNumberResponse()
      numbers.baseTypeName = type
      numbers.extensionNumber = schema.files.flatMap(\.extensions).filter { $0.extendee == type }
        .compactMap { Int32(exactly: $0.number) }
      response.messageResponse =
        schema.message(type) == nil ? notFound(type) : .allExtensionNumbersResponse(numbers)
    case .listServices:
      var list = GRPCReflectionListServiceResponse()
      list.service = services.sorted().map { name in
        var service = GRPCReflectionServiceResponse()
        service.name = name
        return service
      }
      response.messageResponse = .listServicesResponse(list)
    case nil:
      var error = GRPCReflectionErrorResponse()
      error.errorCode = Int32(StatusCode.invalidArgument.rawValue)
      error.errorMessage = "The request asks for nothing; set one of its questions."
      response.messageResponse = .errorResponse(error)
    }
    return response
  }

  /// A method, field or enum value is defined where the type around it is.
  private func file(containing symbol: String) -> FileDescriptor? {
    var name = Substring(symbol)
    while true {
      if let file = schema.file(defining: String(name)) { return file }
      guard let dot = name.lastIndex(of: ".") else { return nil }
      name = name[..<dot]
    }
  }

  /// The file with all that it depends on, each once.
  private func files(
    _ file: FileDescriptor?, asked: String
  ) -> GRPCReflectionServerReflectionResponse.MessageResponse {
    guard let file else { return notFound(asked) }
    var answer = GRPCReflectionFileDescriptorResponse()
    var waiting = [file]
    var seen: Set<String> = []
    while let next = waiting.popLast() {
      guard seen.insert(next.name).inserted else { continue }
      answer.fileDescriptorProto.append(next.encoded)
      waiting += next.dependencies.compactMap { schema.file($0) }
    }
    return .fileDescriptorResponse(answer)
  }

  private func notFound(_ asked: String) -> GRPCReflectionServerReflectionResponse.MessageResponse {
    var error = GRPCReflectionErrorResponse()
    error.errorCode = Int32(StatusCode.notFound.rawValue)
    error.errorMessage = "\(asked.prefix(200)) is not in this server's schema."
    return .errorResponse(error)
  }
}

/// The same under its older name. The messages are alike to the byte, so they are read as each other's.
struct ReflectionAlphaHandler: GRPCReflectionAlphaServerReflectionHandler {
  let handler: ReflectionHandler

  func serverReflectionInfo(
    _ requests: RequestStream<GRPCReflectionAlphaServerReflectionRequest>,
    _ responses: ResponseWriter<GRPCReflectionAlphaServerReflectionResponse>, _ context: CallContext
  ) async throws {
    for try await request in requests {
      let same = try GRPCReflectionServerReflectionRequest(serialized: request.serialized())
      let answer = handler.answer(same).serialized()
      try await responses.write(try GRPCReflectionAlphaServerReflectionResponse(serialized: answer))
    }
  }
}
