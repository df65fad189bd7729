internal import CProtobufC

/// Where libprotobuf-c keeps the fields of a message type: its descriptor, a constant of the C target.
///
/// @unchecked Sendable: the descriptor is read-only static data that lives as long as the process.
public struct MessageLayout: @unchecked Sendable {
  let raw: UnsafeRawPointer

  /// - Parameter descriptor: a `ProtobufCMessageDescriptor` with static lifetime, from a generated C getter.
  @inlinable
  public init(descriptor: UnsafeRawPointer) {
    self.init(raw: descriptor)
  }

  @usableFromInline
  init(raw: UnsafeRawPointer) { self.raw = raw }

  @inline(__always)
  var descriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    raw.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
  }
}
