internal import CProtobufC

/// Where libprotobuf-c keeps the fields of a message type, and what its wire bytes must look like.
///
/// @unchecked Sendable: the descriptor is read-only static data that lives as long as the process, and so is
/// the plan once it is made.
public struct MessageLayout: @unchecked Sendable {
  let descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  let scan: UnsafePointer<ScanPlan>

  /// - Parameter descriptor: a `ProtobufCMessageDescriptor` with static lifetime, from a generated C getter.
  public init(descriptor: UnsafeRawPointer) {
    self.descriptor = descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
    scan = ScanPlan.of(self.descriptor)
  }
}
