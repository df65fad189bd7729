import ProtobufBridge

/// Puts what another source says of a record into what is there, by the schema alone.
enum SchemaUnite {
  /// - Parameters:
  ///   - incoming: encoded; of it every field that is set counts.
  ///   - current: encoded.
  /// - Throws: ``WireFault`` where bytes are no message.
  static func merged(
    _ incoming: [UInt8], into current: [UInt8], _ message: MessageDescriptor
  ) throws(WireFault) -> [UInt8] {
    let new = try runs(incoming)
    let old = try runs(current)
    var merged: [UInt8] = []
    for (number, elements) in old {
      guard let field = message.fields.first(where: { $0.number == number }), new[number] != nil else {
        merged += elements.joined()
        continue
      }
      if field.isRepeated { merged += united(elements, new[number] ?? [], field).joined() }
    }
    for (number, elements) in new {
      let isUnited = old[number] != nil && message.fields.first { $0.number == number }?.isRepeated == true
      if !isUnited { merged += elements.joined() }
    }
    return merged
  }

  /// The elements that are there, and behind them those that are not; a map's and an external id's key is kept once.
  private static func united(_ old: [[UInt8]], _ new: [[UInt8]], _ field: FieldDescriptor) -> [[UInt8]] {
    // A map's entry, and an external id, is known by its first field alone.
    let isKeyed = field.isMap || field.message?.fullName == "punos.v1.ExternalId"
    let keys = Set(new.map { isKeyed ? key($0) : $0 })
    let kept = isKeyed ? old.filter { !keys.contains(key($0)) } : old
    let known = Set(kept)
    return kept + new.filter { isKeyed || !known.contains($0) }
  }

  /// The bytes of the first field of an element.
  private static func key(_ element: [UInt8]) -> [UInt8] {
    element.withUnsafeBytes { buffer in
      var reader = WireReader(buffer)
      guard let outer = try? reader.next() else { return [] }
      var inner = WireReader(outer.bytes)
      while let field = try? inner.next() {
        if field.number == 1 { return Array(field.bytes) }
      }
      return []
    }
  }

  /// Elements with their tags by field number.
  private static func runs(_ body: [UInt8]) throws(WireFault) -> [UInt32: [[UInt8]]] {
    let result: Result<[UInt32: [[UInt8]]], WireFault> = body.withUnsafeBytes { buffer in
      var runs: [UInt32: [[UInt8]]] = [:]
      do throws(WireFault) {
        var reader = WireReader(buffer)
        while let field = try reader.next() { runs[field.number, default: []].append(Array(buffer[field.range])) }
        return .success(runs)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}
