/// What travels beside the messages of a call: an ordered multi-map of lower-case ASCII names.
///
/// Names that end in `-bin` carry bytes (base64 on the wire), all others printable ASCII text.
public struct Metadata: Sendable, Hashable {
  /// One value under a name.
  public enum Value: Sendable, Hashable {
    /// Printable ASCII.
    case text(String)
    /// Any bytes; only under names that end in `-bin`.
    case binary([UInt8])
  }

  /// A name and its value, in the order they were sent.
  public struct Entry: Sendable, Hashable {
    /// Lower-case ASCII.
    public let name: String
    /// The value under it.
    public let value: Value

    package init(uncheckedName name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// Why a name or value was refused.
  public enum Refusal: Error, Sendable, Hashable {
    /// The name is empty or has a character other than `0-9 a-z _ - .`.
    case badName(String)
    /// The name belongs to gRPC or HTTP (`grpc-…`, `content-type`, `te`).
    case reservedName(String)
    /// The text has a character outside printable ASCII.
    case badText(name: String)
    /// A `-bin` name was given text, or another name bytes.
    case wrongKind(name: String)
  }

  /// All entries in order.
  public private(set) var entries: [Entry] = []

  /// Nothing.
  public init() {}

  /// Whether there is nothing in it.
  public var isEmpty: Bool { entries.isEmpty }

  /// The first text under a name, or nil when there is none.
  ///
  /// - Parameter name: lower-case.
  public subscript(name: String) -> String? {
    for entry in entries where entry.name == name {
      if case .text(let text) = entry.value { return text }
    }
    return nil
  }

  /// The first bytes under a `-bin` name, or nil when there are none.
  public func bytes(_ name: String) -> [UInt8]? {
    for entry in entries where entry.name == name {
      if case .binary(let bytes) = entry.value { return bytes }
    }
    return nil
  }

  /// Every value under a name, in order.
  public func values(_ name: String) -> [Value] {
    entries.filter { $0.name == name }.map(\.value)
  }

  /// Adds a text value; others under the same name stay.
  ///
  /// - Parameters:
  ///   - name: upper case is lowered.
  ///   - text: printable ASCII; blanks at either end are removed, as they would be on the way.
  public mutating func add(_ name: String, _ text: String) throws(Refusal) {
    let name = try Self.checkedName(name)
    guard !name.hasSuffix("-bin") else { throw .wrongKind(name: name) }
    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 <= 0x7E }) else { throw .badText(name: name) }
    let trimmed = text.drop(while: { $0 == " " })
    let end = trimmed.lastIndex(where: { $0 != " " }).map(trimmed.index(after:)) ?? trimmed.startIndex
    entries.append(Entry(uncheckedName: name, value: .text(String(trimmed[..<end]))))
  }

  /// Adds bytes under a name that ends in `-bin`; others under the same name stay.
  public mutating func add(_ name: String, bytes: [UInt8]) throws(Refusal) {
    let name = try Self.checkedName(name)
    guard name.hasSuffix("-bin") else { throw .wrongKind(name: name) }
    entries.append(Entry(uncheckedName: name, value: .binary(bytes)))
  }

  /// Adds every entry of another, after those already here.
  public mutating func add(_ other: Metadata) {
    if entries.isEmpty { entries = other.entries } else { entries.append(contentsOf: other.entries) }
  }

  /// Removes every value under a name.
  public mutating func remove(_ name: String) {
    entries.removeAll { $0.name == name }
  }

  /// Adds what was received and has been checked by the HTTP/2 layer already.
  package mutating func addReceived(_ name: String, _ value: Value) {
    entries.append(Entry(uncheckedName: name, value: value))
  }

  private static func checkedName(_ name: String) throws(Refusal) -> String {
    let lowered = name.utf8.contains(where: { $0 >= 0x41 && $0 <= 0x5A }) ? name.lowercased() : name
    let allowed = lowered.utf8.allSatisfy { byte in
      (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
        || byte == 0x2D || byte == 0x5F || byte == 0x2E
    }
    guard allowed, !lowered.isEmpty else { throw .badName(name) }
    guard !lowered.hasPrefix("grpc-"), lowered != "content-type", lowered != "te" else {
      throw .reservedName(lowered)
    }
    return lowered
  }
}

extension Metadata.Refusal: CustomStringConvertible {
  public var description: String {
    switch self {
    case .badName(let name):
      "metadata name \"\(name)\" is not allowed: use lower-case letters, digits, '-', '_' and '.'"
    case .reservedName(let name): "metadata name \"\(name)\" belongs to gRPC itself: choose another"
    case .badText(let name):
      "the value of \"\(name)\" is not printable ASCII: send it as bytes under a name ending in -bin"
    case .wrongKind(let name): "\"\(name)\": names ending in -bin take bytes, all others take text"
    }
  }
}
