/// Why a descriptor set could not be read.
public enum SchemaError: Error, Sendable, CustomStringConvertible {
  /// The bytes are not a descriptor set.
  case malformed(WireFault)
  /// A type is named that no file of the set defines.
  case missingType(String, usedBy: String)
  /// A message contains itself, directly or through others: decoding depth would have no bound.
  case recursive(String)

  /// What happened and what to do.
  public var description: String {
    switch self {
    case .malformed(let fault): "The descriptor set cannot be read (\(fault)): generate it anew with protoc."
    case .missingType(let type, let user):
      "\(user) uses \(type), which the descriptor set does not contain: pass --include_imports to protoc."
    case .recursive(let cycle):
      "The message \(cycle) contains itself: replace the inner use by a list of names or of flat entries."
    }
  }
}

/// Everything the `.proto` files say, for code that works on any message.
public final class Schema: Sendable {
  /// Files, each after those it imports.
  public let files: [FileDescriptor]
  private let messages: [String: MessageDescriptor]
  private let enums: [String: EnumDescriptor]
  private let services: [String: ServiceDescriptor]
  private let filesBySymbol: [String: FileDescriptor]

  /// Reads an encoded `google.protobuf.FileDescriptorSet`.
  public convenience init(descriptorSet: UnsafeRawBufferPointer) throws(SchemaError) {
    var files: [FileDescriptor] = []
    do throws(WireFault) {
      var reader = WireReader(descriptorSet)
      while let field = try reader.next() {
        guard field.number == 1 else { continue }
        files.append(try FileDescriptor(wire: field.bytes))
      }
    } catch {
      throw .malformed(error)
    }
    try self.init(files: files)
  }

  /// The schema that a C target embeds. Empty should the bytes not be one, which a test of each target rules
  /// out: a server must not fall over its own descriptors.
  public static func embedded(_ start: UnsafeRawPointer, size: Int) -> Schema {
    let set = UnsafeRawBufferPointer(start: start, count: size)
    return (try? Schema(descriptorSet: set)) ?? Schema()
  }

  private init() {
    files = []
    messages = [:]
    enums = [:]
    services = [:]
    filesBySymbol = [:]
  }

  init(files: [FileDescriptor]) throws(SchemaError) {
    var messages: [String: MessageDescriptor] = [:]
    var enums: [String: EnumDescriptor] = [:]
    var services: [String: ServiceDescriptor] = [:]
    var symbols: [String: FileDescriptor] = [:]
    for file in files {
      var waiting = file.messages
      while let message = waiting.popLast() {
        messages[message.fullName] = message
        symbols[message.fullName] = file
        for enumeration in message.enums {
          enums[enumeration.fullName] = enumeration
          symbols[enumeration.fullName] = file
        }
        waiting.append(contentsOf: message.messages)
      }
      for enumeration in file.enums {
        enums[enumeration.fullName] = enumeration
        symbols[enumeration.fullName] = file
      }
      for service in file.services {
        services[service.fullName] = service
        symbols[service.fullName] = file
        for method in service.methods { symbols[service.fullName + "." + method.name] = file }
      }
    }
    for message in messages.values {
      for field in message.fields { try Self.link(field, of: message.fullName, messages, enums) }
    }
    Self.spread(messages.values)
    for service in services.values {
      for method in service.methods {
        guard let input = messages[method.inputName], let output = messages[method.outputName] else {
          throw .missingType("\(method.inputName) or \(method.outputName)", usedBy: service.fullName)
        }
        method.input = input
        method.output = output
      }
    }
    self.files = files
    self.messages = messages
    self.enums = enums
    self.services = services
    self.filesBySymbol = symbols
  }

  /// What holds of a message because of what is inside it, until nothing more is found: types may be
  /// recursive in what others wrote (descriptors are).
  private static func spread(_ messages: some Collection<MessageDescriptor>) {
    var isChanged = true
    while isChanged {
      isChanged = false
      for message in messages {
        let outputOnly = message.fields.contains {
          $0.rule?.outputOnly == true || $0.message?.holdsOutputOnly == true
        }
        let personal = message.fields.contains { $0.isPersonal || $0.message?.holdsPersonal == true }
        guard outputOnly != message.holdsOutputOnly || personal != message.holdsPersonal else { continue }
        message.holdsOutputOnly = outputOnly
        message.holdsPersonal = personal
        isChanged = true
      }
    }
  }

  private static func link(
    _ field: FieldDescriptor, of owner: String, _ messages: [String: MessageDescriptor],
    _ enums: [String: EnumDescriptor]
  ) throws(SchemaError) {
    guard !field.typeName.isEmpty else { return }
    field.message = messages[field.typeName]
    field.enumeration = enums[field.typeName]
    if field.message == nil && field.enumeration == nil {
      throw .missingType(field.typeName, usedBy: "\(owner).\(field.name)")
    }
  }

  /// The message of a full name.
  public func message(_ fullName: String) -> MessageDescriptor? { messages[fullName] }

  /// The enum of a full name.
  public func enumeration(_ fullName: String) -> EnumDescriptor? { enums[fullName] }

  /// The service of a full name.
  public func service(_ fullName: String) -> ServiceDescriptor? { services[fullName] }

  /// The file of a path.
  public func file(_ name: String) -> FileDescriptor? { files.first { $0.name == name } }

  /// The file that defines a message, enum, service or method, by its full name.
  public func file(defining symbol: String) -> FileDescriptor? { filesBySymbol[symbol] }

  /// All messages, in the order of their full names.
  public var allMessages: [MessageDescriptor] { messages.values.sorted { $0.fullName < $1.fullName } }

  /// All services, in the order of their full names.
  public var allServices: [ServiceDescriptor] { services.values.sorted { $0.fullName < $1.fullName } }

  /// Messages that are stored, in the order of their full names.
  public var records: [MessageDescriptor] { allMessages.filter { $0.record != nil } }

  /// Refuses messages that contain themselves.
  /// - Parameter isLookedAt: which files, by path, to look at.
  public func refuseRecursion(inFiles isLookedAt: (String) -> Bool) throws(SchemaError) {
    for file in files where isLookedAt(file.name) {
      var waiting = file.messages
      while let message = waiting.popLast() {
        var trail: [String] = []
        if let cycle = Self.cycle(from: message, &trail) { throw .recursive(cycle) }
        waiting.append(contentsOf: message.messages)
      }
    }
  }

  private static func cycle(from message: MessageDescriptor, _ trail: inout [String]) -> String? {
    if let first = trail.firstIndex(of: message.fullName) {
      return (trail[first...] + [message.fullName]).joined(separator: " → ")
    }
    trail.append(message.fullName)
    defer { trail.removeLast() }
    for field in message.fields {
      if let inner = field.message, let found = cycle(from: inner, &trail) { return found }
    }
    return nil
  }
}
