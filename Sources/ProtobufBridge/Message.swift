/// A protobuf message as a Swift value.
///
/// Types that conform are generated. A value is decoded and encoded through libprotobuf-c's structs, which
/// live in an ``Arena`` for the length of one call; what comes out holds no pointer.
public protocol Message: Sendable, Hashable, CustomDebugStringConvertible {
  /// Name with package and parents: `punos.v1.Account`.
  static var fullName: String { get }
  /// Where libprotobuf-c keeps the fields.
  static var layout: MessageLayout { get }
  /// The schema that defines it.
  static var schema: Schema { get }
  /// Every field at its default.
  init()
  /// Reads the fields from a C struct. For generated code.
  init(from c: CReader) throws(DecodingError)
  /// Writes the fields into a C struct. For generated code.
  func fill(_ c: CBuilder)
  /// Fields that this version of the schema does not know; kept through decode and encode.
  var unknownFields: UnknownFields { get set }
}

extension Message {
  /// A value whose fields `populate` sets: `Account.with { $0.displayName = "Fazer" }`.
  @inlinable
  public static func with(_ populate: (inout Self) throws -> Void) rethrows -> Self {
    var message = Self()
    try populate(&message)
    return message
  }
}

/// An enum of the schema. Any number can come from a newer peer, so a value is a number with names for some.
public protocol ProtoEnum: Sendable, Hashable, RawRepresentable where RawValue == Int32 {
  /// Name with package and parents.
  static var fullName: String { get }
  /// The values that this version of the schema knows, in its order.
  static var allCases: [Self] { get }
  /// A value of any number.
  init(rawValue: Int32)
}

extension ProtoEnum {
  /// Zero: not set.
  @inlinable public init() { self.init(rawValue: 0) }

  /// Whether this version of the schema has a name for the value.
  public var isKnown: Bool { Self.allCases.contains(self) }
}

/// Fields that the schema does not know, as they came.
public struct UnknownFields: Sendable, Hashable {
  /// Wire bytes: each field with its tag.
  public var bytes: [UInt8]

  /// None.
  @inlinable public init() { bytes = [] }

  /// Whether there are none.
  @inlinable public var isEmpty: Bool { bytes.isEmpty }
}

/// What decoding accepts at most.
public struct DecodingLimits: Sendable, Hashable {
  /// Bytes of the whole message.
  public var size: Int
  /// Elements in one repeated field or map.
  public var elements: Int
  /// Bytes of libprotobuf-c's structs: many tiny submessages cost far more in memory than on the wire.
  public var arena: Int

  /// Limits of one's own, all above zero.
  public init(size: Int, elements: Int, arena: Int) {
    self.size = size
    self.elements = elements
    self.arena = arena
  }

  /// What a peer's message may be: 4 MiB as gRPC has it; a hundred thousand elements, twenty times the
  /// largest batch; 32 MiB of structs, eight times the bytes, which no message of ordinary content comes
  /// near.
  public static let standard = DecodingLimits(size: 4 << 20, elements: 100_000, arena: 32 << 20)

  /// For what we wrote ourselves: stored records and files, up to 64 MiB.
  public static let trusted = DecodingLimits(size: 64 << 20, elements: 1 << 22, arena: 512 << 20)
}

/// Why bytes are not the message they should be.
public struct DecodingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: Sendable, Hashable {
    /// The bytes end inside a field.
    case truncated
    /// A varint of more than ten bytes or 64 bits.
    case overlongVarint
    /// Field number 0, or one beyond 2^29 - 1.
    case badFieldNumber
    /// A group, or a wire type that does not exist.
    case badWireType(UInt8)
    /// The field's wire type is not the one its type has.
    case wrongWireType(expected: WireType, came: WireType)
    /// A string that is not UTF-8.
    case invalidUTF8
    /// More elements than the limit.
    case tooManyElements(limit: Int)
    /// Messages inside messages, deeper than the limit.
    case tooDeep(limit: Int)
    /// More bytes than the limit.
    case tooLarge(limit: Int)
    /// More memory than the limit.
    case tooMuchMemory(limit: Int)
    /// libprotobuf-c refused the bytes and the checks above found nothing.
    case malformed
    /// A well-formed value for which JSON has no form; what it is.
    case withoutJSON(String)
  }
  /// What is wrong.
  public var reason: Reason
  /// The field, from the message down: `contacts[3].emails[0].address`. Empty for the message itself.
  public var path: String

  /// An error at a field.
  public init(_ reason: Reason, at path: String = "") {
    self.reason = reason
    self.path = path
  }

  /// The same error seen from the message around.
  func inside(_ outer: String) -> DecodingError {
    if path.isEmpty { return DecodingError(reason, at: outer) }
    return DecodingError(reason, at: path.hasPrefix("[") ? outer + path : outer + "." + path)
  }

  /// One sentence for the peer: the field, what came, what was expected.
  public var description: String {
    let what =
      switch reason {
      case .truncated: "the bytes end inside a field"
      case .overlongVarint: "a varint is longer than ten bytes"
      case .badFieldNumber: "a field number is 0 or beyond 536870911"
      case .badWireType(let type): "wire type \(type) is not one that proto3 has (0, 1, 2, 5)"
      case .wrongWireType(let expected, let came):
        "wire type \(came.rawValue) came, \(expected.rawValue) was expected"
      case .invalidUTF8: "a string that is not UTF-8 came"
      case .tooManyElements(let limit): "more than \(limit) elements came"
      case .tooDeep(let limit): "messages are nested deeper than \(limit)"
      case .tooLarge(let limit): "the message is larger than \(limit) bytes"
      case .tooMuchMemory(let limit): "the message needs more than \(limit) bytes of memory to decode"
      case .malformed: "the bytes are not a message of this type"
      case .withoutJSON(let what): "\(what) came, for which JSON has no form"
      }
    return path.isEmpty ? what : "\(path): \(what)"
  }
}
