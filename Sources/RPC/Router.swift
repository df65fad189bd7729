/// Why services cannot be served together.
public enum RouterError: Error, Sendable, Hashable {
  /// Two services, or two methods of one, have the same name.
  case duplicate(String)
  /// A method says it belongs to another service than the one that holds it.
  case foreignMethod(service: String, path: String)
}

/// Finds the method a request asks for.
public struct Router: Sendable {
  /// One reference to pass along.
  private final class Storage: Sendable {
    let serviceNames: [String]
    let interceptors: [any ServerInterceptor]
    let methods: [RegisteredMethod]
    let paths: [[UInt8]]
    /// Open addressing over the hash of the path: a lookup allocates nothing. Empty slots are -1.
    let slots: [Int32]

    init(_ names: [String], _ interceptors: [any ServerInterceptor], _ methods: [RegisteredMethod]) {
      serviceNames = names
      self.interceptors = interceptors
      self.methods = methods
      paths = methods.map { Array($0.path.utf8) }
      var size = 8
      while size < methods.count * 2 { size *= 2 }
      var slots = [Int32](repeating: -1, count: size)
      for (index, path) in paths.enumerated() {
        var slot = path.withUnsafeBytes { Router.hash($0) } & (size - 1)
        while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
        slots[slot] = Int32(clamping: index)
      }
      self.slots = slots
    }
  }

  private let storage: Storage

  /// The services in the order given.
  public var serviceNames: [String] { storage.serviceNames }
  /// All interceptors, first in, first asked.
  package var interceptors: [any ServerInterceptor] { storage.interceptors }

  /// - Parameters:
  ///   - services: everything to serve.
  ///   - interceptors: asked in this order when a call starts, told in reverse order when it ended.
  /// - Throws: ``RouterError``.
  public init(services: [any RPCService], interceptors: [any ServerInterceptor] = []) throws {
    var names: [String] = []
    var methods: [RegisteredMethod] = []
    var seen: Set<String> = []
    for service in services {
      let definition = service.definition
      guard !names.contains(definition.name) else { throw RouterError.duplicate(definition.name) }
      names.append(definition.name)
      for method in definition.methods {
        guard method.service == definition.name else {
          throw RouterError.foreignMethod(service: definition.name, path: method.path)
        }
        guard seen.insert(method.path).inserted else { throw RouterError.duplicate(method.path) }
        methods.append(method)
      }
    }
    storage = Storage(names, interceptors, methods)
  }

  /// Every method served.
  public var registeredMethods: [RegisteredMethod] { storage.methods }

  /// The method under a path, or nil.
  package func method(at path: UnsafeRawBufferPointer) -> RegisteredMethod? {
    let storage = storage
    let mask = storage.slots.count - 1
    var slot = Self.hash(path) & mask
    while storage.slots[slot] >= 0 {
      let index = Int(storage.slots[slot])
      let equal = storage.paths[index].withUnsafeBytes { $0.equals(path) }
      if equal { return storage.methods[index] }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// FNV-1a. A peer who finds collisions gains nothing: the table holds only our own methods.
  private static func hash(_ bytes: UnsafeRawBufferPointer) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return Int(truncatingIfNeeded: hash >> 8)
  }
}
