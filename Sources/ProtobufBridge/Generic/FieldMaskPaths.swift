/// Field masks over encoded messages: check, read a part, write a part.
///
/// Paths are as in `google.protobuf.FieldMask`, in the schema's names or JSON's; `*` means every field; a
/// map's key may follow a map. A path through a repeated message field is followed in every element when
/// reading, and refused when writing: there is no telling which element is meant.
public struct FieldMaskPaths: Sendable {
  /// The message that the mask is of.
  public let message: MessageDescriptor
  /// The paths as given.
  public let paths: [String]
  private let root: Node

  /// A mask of more paths than this is refused: no message has as many fields.
  public static let pathLimit = 1000

  /// All of a mask's paths that cannot be followed.
  public struct Refusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// One for each path.
    public var problems: [FieldPathError]
    /// One sentence.
    public var description: String { problems.map { $0.description }.joined(separator: "; ") }
  }

  /// Checks and compiles a mask.
  /// - Throws: ``Refusal`` with every path that is not in the schema.
  public init(_ paths: [String], in message: MessageDescriptor) throws(Refusal) {
    guard paths.count <= Self.pathLimit else {
      throw Refusal(problems: [
        FieldPathError(
          path: "", message: message.fullName,
          problem: "\(paths.count) paths came, at most \(Self.pathLimit) are read")
      ])
    }
    let root = Node()
    var problems: [FieldPathError] = []
    for path in paths {
      if path == "*" {
        root.isWhole = true
        continue
      }
      do throws(FieldPathError) {
        root.add(try FieldPath(path, in: message).steps[...])
      } catch {
        problems.append(error)
      }
    }
    guard problems.isEmpty else { throw Refusal(problems: problems) }
    self.message = message
    self.paths = paths
    self.root = root
  }

  /// Which paths of a mask cannot be followed; none of a good one.
  public static func check(_ paths: [String], in message: MessageDescriptor) -> [FieldPathError] {
    do throws(Refusal) {
      _ = try FieldMaskPaths(paths, in: message)
      return []
    } catch {
      return error.problems
    }
  }

  /// Whether the mask names a field, one inside it or one around it.
  public func touches(_ path: String) -> Bool {
    guard let path = try? FieldPath(path, in: message) else { return false }
    return root.touches(path.steps[...])
  }

  /// The part of a message that the mask names. Unknown fields are kept by `*` only.
  public func prune(_ bytes: UnsafeRawBufferPointer) throws(DecodingError) -> [UInt8] {
    if root.isWhole { return Array(bytes) }
    var out = WireWriter(reserving: bytes.count)
    try root.prune(bytes, message, &out)
    return out.bytes
  }

  /// As ``prune(_:)-buffer`` for an array.
  public func prune(_ bytes: [UInt8]) throws(DecodingError) -> [UInt8] {
    try withBuffer(bytes) { (buffer) throws(DecodingError) in try prune(buffer) }
  }

  /// `base` with the fields that the mask names as they are in `patch`: a field that `patch` does not have is
  /// cleared, lists and maps are replaced whole. Everything else of `base` stays, unknown fields too.
  public func merge(from patch: [UInt8], into base: [UInt8]) throws(DecodingError) -> [UInt8] {
    if root.isWhole { return patch }
    return try withBuffer(patch) { (patch) throws(DecodingError) in
      try withBuffer(base) { (base) throws(DecodingError) in
        try root.merge(patch, base, message)
      }
    }
  }
}

extension FieldMaskPaths {
  /// The paths as a tree.
  ///
  /// @unchecked Sendable: it changes only while `FieldMaskPaths.init` builds it.
  final class Node: @unchecked Sendable {
    /// Everything below is meant.
    var isWhole = false
    private var fields: [UInt32: Node] = [:]
    private var keys: [String: Node] = [:]

    func add(_ steps: ArraySlice<FieldPath.Step>) {
      guard let step = steps.first else {
        isWhole = true
        return
      }
      let next: Node
      switch step {
      case .field(let field):
        next = fields[field.number] ?? Node()
        fields[field.number] = next
      case .key(let key):
        next = keys[key] ?? Node()
        keys[key] = next
      }
      next.add(steps.dropFirst())
    }

    func touches(_ steps: ArraySlice<FieldPath.Step>) -> Bool {
      guard !isWhole, let step = steps.first else { return true }
      switch step {
      case .field(let field): return fields[field.number]?.touches(steps.dropFirst()) ?? false
      case .key(let key): return keys[key]?.touches(steps.dropFirst()) ?? false
      }
    }

    // MARK: Reading

    func prune(
      _ bytes: UnsafeRawBufferPointer, _ message: MessageDescriptor, _ out: inout WireWriter
    ) throws(DecodingError) {
      var reader = WireReader(bytes)
      do throws(WireFault) {
        while let wire = try reader.next() {
          guard let node = fields[wire.number], let field = message.field(wire.number) else { continue }
          if node.isWhole || wire.type != .lengthDelimited {
            out.bytes.append(contentsOf: bytes[wire.range])
          } else if field.isMap {
            guard let key = field.message?.field(1), let entry = MapEntry(wire.bytes, key: key) else {
              continue
            }
            if let inner = node.keys[entry.key] { inner.pruneEntry(bytes, wire, field, &out) }
          } else if let inner = field.message {
            var part = WireWriter()
            do throws(DecodingError) {
              try node.prune(wire.bytes, inner, &part)
            } catch {
              continue
            }
            out.field(wire.number, part.bytes)
          }
        }
      } catch {
        throw DecodingError(DecodingError.Reason(error))
      }
    }

    private func pruneEntry(
      _ bytes: UnsafeRawBufferPointer, _ wire: WireField, _ field: FieldDescriptor, _ out: inout WireWriter
    ) {
      guard !isWhole, let value = field.message?.field(2)?.message else {
        out.bytes.append(contentsOf: bytes[wire.range])
        return
      }
      var entry = WireWriter()
      var reader = WireReader(wire.bytes)
      while let part = try? reader.next() {
        if part.number == 2 {
          var inner = WireWriter()
          try? prune(part.bytes, value, &inner)
          entry.field(2, inner.bytes)
        } else {
          entry.bytes.append(contentsOf: wire.bytes[part.range])
        }
      }
      out.field(wire.number, entry.bytes)
    }

    // MARK: Writing

    func merge(
      _ patch: UnsafeRawBufferPointer, _ base: UnsafeRawBufferPointer, _ message: MessageDescriptor
    ) throws(DecodingError) -> [UInt8] {
      let old = try FieldRuns(base, of: message)
      let new = try FieldRuns(patch, of: message)
      let displaced = displacedChoices(old, new, message)
      var out = WireWriter(reserving: base.count + patch.count)
      for field in message.fields where !displaced.contains(field.number) {
        let before = old.of(field)
        let after = new.of(field)
        guard let node = fields[field.number] else {
          for wire in before { out.bytes.append(contentsOf: base[wire.range]) }
          continue
        }
        if node.isWhole {
          for wire in after { out.bytes.append(contentsOf: patch[wire.range]) }
        } else if field.isMap {
          node.mergeMap(after, patch, before, base, field, &out)
        } else if field.isRepeated {
          throw DecodingError(.malformed, at: field.name)
        } else if let inner = field.message {
          try node.mergeMessage(after, before, field, inner, &out)
        }
      }
      for range in old.unknown { out.bytes.append(contentsOf: base[range]) }
      return out.bytes
    }

    /// Where the patch sets one field of a oneof, the others of that oneof go.
    private func displacedChoices(
      _ old: FieldRuns, _ new: FieldRuns, _ message: MessageDescriptor
    ) -> Set<UInt32> {
      var displaced: Set<UInt32> = []
      for oneof in message.oneofs {
        let chosen = oneof.fields.filter { fields[$0.number] != nil && !new.of($0).isEmpty }
        guard let last = chosen.max(by: { position($0, new) < position($1, new) }) else { continue }
        for field in oneof.fields where field !== last { displaced.insert(field.number) }
      }
      return displaced
    }

    private func position(_ field: FieldDescriptor, _ runs: FieldRuns) -> Int {
      runs.of(field).last?.range.lowerBound ?? -1
    }

    private func mergeMessage(
      _ after: ArraySlice<WireField>, _ before: ArraySlice<WireField>, _ field: FieldDescriptor,
      _ inner: MessageDescriptor, _ out: inout WireWriter
    ) throws(DecodingError) {
      if after.isEmpty && before.isEmpty { return }
      do throws(DecodingError) {
        let merged = try FieldRuns.merged(after) { (patch) throws(DecodingError) in
          try FieldRuns.merged(before) { (base) throws(DecodingError) in try merge(patch, base, inner) }
        }
        out.field(field.number, merged)
      } catch {
        throw error.inside(field.name)
      }
    }

    private func mergeMap(
      _ after: ArraySlice<WireField>, _ patch: UnsafeRawBufferPointer, _ before: ArraySlice<WireField>,
      _ base: UnsafeRawBufferPointer, _ field: FieldDescriptor, _ out: inout WireWriter
    ) {
      guard let key = field.message?.field(1) else { return }
      var entries: [(key: String, bytes: Slice<UnsafeRawBufferPointer>)] = []
      for wire in before {
        guard let entry = MapEntry(wire.bytes, key: key), keys[entry.key] == nil else { continue }
        entries.append((entry.key, base[wire.range]))
      }
      for wire in after {
        guard let entry = MapEntry(wire.bytes, key: key), keys[entry.key] != nil else { continue }
        entries.append((entry.key, patch[wire.range]))
      }
      for entry in entries { out.bytes.append(contentsOf: entry.bytes) }
    }
  }
}
