import ProtobufSchema

/// A service with all standard methods on one kind of record: what is said once for all of them in
/// `StandardMethods.swift` is tied to this service's own messages here.
struct StandardOutput {
  private let record: String
  private let base: String
  private let field: String
  private let listField: String
  private let get, list, create, update, delete, undelete, upsert: MethodDescriptor
  private let type: (MessageDescriptor) -> String

  /// - Parameters:
  ///   - base: what the service is called in Swift.
  ///   - type: the Swift name of a message.
  /// - Returns: nil for a service that is not exactly the seven standard methods on one kind of record.
  init?(_ service: ServiceDescriptor, base: String, type: @escaping (MessageDescriptor) -> String) {
    guard let get = service.methods.first(where: { $0.name.hasPrefix("Get") }), let rule = get.output.record else {
      return nil
    }
    let noun = get.output.name
    func method(_ verb: String) -> MethodDescriptor? {
      service.methods.first { $0.name.hasPrefix(verb + noun) && !$0.clientStreams && !$0.serverStreams }
    }
    guard get.name == "Get" + noun, service.methods.count == 7, let list = method("List"),
      let create = method("Create"), let update = method("Update"), let delete = method("Delete"),
      let undelete = method("Undelete"), let upsert = method("BatchUpsert"),
      let listField = list.output.fields.first(where: { $0.message?.fullName == get.output.fullName })
    else { return nil }
    self.get = get
    self.list = list
    self.create = create
    self.update = update
    self.delete = delete
    self.undelete = undelete
    self.upsert = upsert
    self.base = base
    self.type = type
    self.listField = Names.property(listField.name)
    record = type(get.output)
    field = rule.kind
  }

  /// Whether a method's handler answers with wire bytes: the Get method of a standard service, whose answer is a
  /// stored record.
  static func answersEncoded(_ method: MethodDescriptor, _ service: ServiceDescriptor) -> Bool {
    StandardOutput(service, base: "", type: { $0.name })?.get.name == method.name
  }

  func write(_ lines: inout Lines) {
    writeRequests(&lines)
    writeHandler(&lines)
    writeClient(&lines)
  }

  private func writeRequests(_ lines: inout Lines) {
    let property = Names.property(field)
    lines.add()
    lines.block("extension \(type(get.input)): StandardGetRequest") { lines in
      lines.add("/// As of when; nil: now.")
      lines.block("public var point: AsOfPoint?") { lines in
        lines.add("get { switch asOf { case .asOfTime(let time): .time(time); case .asOfRevision(let r): .revision(r); case nil: nil } }")
        lines.add("set { asOf = switch newValue { case .time(let time): .asOfTime(time); case .revision(let r): .asOfRevision(r); case nil: nil } }")
      }
    }
    lines.block("extension \(type(list.input)): StandardListRequest") { parent(list, &$0) }
    lines.block("extension \(type(list.output)): StandardListResponse") { alias("records", listField, "[\(record)]", &$0) }
    lines.block("extension \(type(create.input)): StandardCreateRequest") { lines in
      parent(create, &lines)
      alias("record", property, "\(record)?", &lines)
      alias("recordID", Names.property(field + "_id"), "String", &lines)
    }
    lines.block("extension \(type(update.input)): StandardUpdateRequest") { alias("record", property, "\(record)?", &$0) }
    lines.add("extension \(type(delete.input)): StandardNamedRequest {}")
    lines.add("extension \(type(undelete.input)): StandardNamedRequest {}")
    lines.block("extension \(type(upsert.input)): StandardUpsertRequest") { lines in
      parent(upsert, &lines)
      alias("records", listField, "[\(record)]", &lines)
    }
    lines.add("extension \(type(upsert.output)): StandardUpsertResponse {}")
  }

  /// Records outside accounts have no parent.
  private func parent(_ method: MethodDescriptor, _ lines: inout Lines) {
    guard method.input.field(named: "parent") == nil else { return }
    lines.add("/// Records of this kind have no parent.")
    lines.add("public var parent: String { get { \"\" } set {} }")
  }

  private func alias(_ name: String, _ property: String, _ type: String, _ lines: inout Lines) {
    lines.add("/// `\(property)`.")
    lines.add("public var \(name): \(type) { get { \(property) } set { \(property) = newValue } }")
  }

  private func writeHandler(_ lines: inout Lines) {
    lines.add()
    lines.add("/// Serves \(base) by answers that know no single kind of record.")
    lines.block("public struct \(base)StandardHandler<Answers: StandardAnswers>: \(base)Handler where Answers.Record == \(record)") { lines in
      lines.add("private let answers: Answers")
      lines.add("/// Serves with these answers.")
      lines.add("public init(_ answers: Answers) { self.answers = answers }")
      for (method, verb) in verbs {
        lines.block(
          "public func \(Names.method(method.name))(_ request: \(type(method.input)), _ context: CallContext) async throws -> \(answer(of: method))"
        ) { $0.add("try await answers.\(verb)(request, context)") }
      }
    }
  }

  private func answer(of method: MethodDescriptor) -> String {
    method.name == get.name ? "Encoded<\(type(method.output))>" : type(method.output)
  }

  private func writeClient(_ lines: inout Lines) {
    lines.add()
    lines.block("extension \(base)Client: StandardClient") { lines in
      for (method, verb) in verbs {
        lines.add("/// `\(method.name)`.")
        lines.block(
          "public func \(verb)(_ request: \(type(method.input)), _ options: CallOptions) async throws -> \(type(method.output))"
        ) { $0.add("try await \(Names.method(method.name))(request, options)") }
      }
    }
  }

  private var verbs: [(MethodDescriptor, String)] {
    [
      (get, "get"), (list, "list"), (create, "create"), (update, "update"), (delete, "delete"),
      (undelete, "undelete"), (upsert, "batchUpsert"),
    ]
  }
}
