/// What a request's header block says, gathered field by field as it is decoded.
package struct RequestHead: Sendable {
  package enum ContentType: Sendable { case missing, grpc, other }

  package enum Encoding: Sendable, Hashable {
    case known(MessageEncoding)
    case unknown(String)
  }

  /// How much of a peer's own text is quoted back to it in an error.
  private static let quotedBytes = 128

  package private(set) var method: RegisteredMethod?
  package private(set) var unknownPath = ""
  package private(set) var isPost = false
  package private(set) var contentType = ContentType.missing
  package private(set) var timeout: Duration?
  package private(set) var badTimeout: String?
  package private(set) var encoding = Encoding.known(.identity)
  package private(set) var acceptsGzip = false
  package private(set) var metadata = Metadata()
  package private(set) var unreadableMetadata: String?

  /// Nothing received yet.
  package init() {}

  /// Takes one field.
  ///
  /// - Parameters:
  ///   - name: lower-case, checked by the HTTP/2 layer.
  ///   - value: without control characters, checked by the HTTP/2 layer.
  ///   - router: where `:path` is looked up.
  package mutating func add(
    _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, router: Router
  ) {
    switch name.first {
    case UInt8(ascii: ":"):
      addPseudo(name, value, router: router)
    case UInt8(ascii: "g") where name.starts(with: "grpc-"):
      addGRPC(name, value)
    case UInt8(ascii: "c") where name.equals("content-type"):
      contentType = Self.isGRPC(value) ? .grpc : .other
    case UInt8(ascii: "t") where name.equals("te"):
      break  // says "trailers"; a proxy may have removed it, and nothing depends on it
    default:
      addMetadata(name, value)
    }
  }

  private mutating func addPseudo(
    _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, router: Router
  ) {
    if name.equals(":path") {
      method = router.method(at: value)
      if method == nil { unknownPath = Self.quoted(value) }
    } else if name.equals(":method") {
      isPost = value.equals("POST")
    }
  }

  private mutating func addGRPC(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    if name.equals("grpc-timeout") {
      timeout = WireText.timeout(value)
      if timeout == nil { badTimeout = Self.quoted(value) }
    } else if name.equals("grpc-encoding") {
      if value.equals("identity") {
        encoding = .known(.identity)
      } else if value.equals("gzip") {
        encoding = .known(.gzip)
      } else {
        encoding = .unknown(Self.quoted(value))
      }
    } else if name.equals("grpc-accept-encoding") {
      acceptsGzip = Self.lists(value, "gzip")
    } else {
      addMetadata(name, value)
    }
  }

  private mutating func addMetadata(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    if !metadata.addReceivedField(name, value) { unreadableMetadata = Self.quoted(name) }
  }

  /// `application/grpc`, alone or with `+proto` or parameters; other formats are not ours to read.
  package static func isGRPC(_ value: UnsafeRawBufferPointer) -> Bool {
    guard value.starts(with: "application/grpc") else { return false }
    let rest = UnsafeRawBufferPointer(rebasing: value.dropFirst(16))
    return rest.isEmpty || rest.equals("+proto") || rest.first == UInt8(ascii: ";")
      || rest.starts(with: "+proto;")
  }

  /// Whether a comma-separated list names a word.
  package static func lists(_ value: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
    value.split(separator: UInt8(ascii: ",")).contains { part in
      let trimmed = part.drop(while: { $0 == 0x20 })
      let end = trimmed.lastIndex(where: { $0 != 0x20 }).map { $0 + 1 } ?? trimmed.startIndex
      return UnsafeRawBufferPointer(rebasing: trimmed[trimmed.startIndex..<end]).equals(word)
    }
  }

  private static func quoted(_ value: UnsafeRawBufferPointer) -> String {
    String(decoding: value.prefix(quotedBytes), as: UTF8.self)
  }
}
