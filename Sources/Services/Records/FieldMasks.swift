import ProtobufBridge
import PunosMessages
import RPC

/// The fields of an answer that are wanted.
struct ReadMask {
  private let paths: FieldMaskPaths?

  /// - Parameter mask: paths; empty: all fields.
  /// - Throws: ``Problem`` with every path that is not there.
  init(_ mask: [String], of message: MessageDescriptor) throws(Problem) {
    paths = mask.isEmpty ? nil : try FieldMaskPaths.checked(mask, of: message, field: "read_mask")
  }

  /// The value with the wanted fields only.
  func pruned<Value: Message>(_ value: Value) throws(Problem) -> Value {
    guard paths != nil else { return value }
    do {
      return try Value(serialized: try pruned(value.serialized()), limits: .trusted)
    } catch {
      throw Problem(.internal, "INTERNAL", "The fields could not be picked out.", cause: error)
    }
  }

  /// An encoded value with the wanted fields only.
  func pruned(_ bytes: [UInt8]) throws(Problem) -> [UInt8] {
    guard let paths else { return bytes }
    do {
      return try paths.prune(bytes)
    } catch {
      throw Problem(.internal, "INTERNAL", "The fields could not be picked out.", cause: error)
    }
  }
}

/// The fields that a write is to change.
struct FieldMerge {
  private let paths: FieldMaskPaths?
  private let message: MessageDescriptor
  /// Names of the top-level fields that the caller named.
  private let named: Set<String>

  /// Whether the caller named no fields.
  var isEmpty: Bool { paths == nil }

  /// - Parameter mask: paths; empty: every field that is set.
  /// - Throws: ``Problem`` with every path that is not there.
  init(_ mask: [String], of message: MessageDescriptor) throws(Problem) {
    self.message = message
    named = Set(mask.map { String($0.prefix { $0 != "." }) })
    guard !mask.isEmpty else {
      paths = nil
      return
    }
    // What only the server writes is not emptied by naming it: it is ignored, in masks as in records.
    let output = Set(message.fields.filter { $0.rule?.outputOnly == true }.map(\.name))
    let checked = mask.filter { !output.contains($0) }
    paths = try FieldMaskPaths.checked(checked, of: message, field: "update_mask")
  }

  /// The top-level fields that a change says something of: those that were named, else those that are set.
  func told<Value: Message>(by incoming: Value) -> Set<String> {
    if isEmpty { return Set(SetFields.names(in: incoming.serialized(), message)) }
    return named.contains("*") ? Set(message.fields.map(\.name)) : named
  }

  /// The current value with the named fields as in the incoming one.
  func merging<Value: Message>(_ incoming: Value, into current: Value) throws(Problem) -> Value {
    let patch = incoming.serialized()
    let named = try FieldMaskPaths.checked(
      SetFields.names(in: patch, message), of: message, field: "update_mask")
    let paths = self.paths ?? named
    do {
      return try Value(serialized: try paths.merge(from: patch, into: current.serialized()), limits: .trusted)
    } catch {
      throw Problem(.invalidArgument, "INVALID_MASK", "The fields could not be put in place.", cause: error)
    }
  }
}

extension FieldMaskPaths {
  static func checked(
    _ paths: [String], of message: MessageDescriptor, field: String
  ) throws(Problem) -> FieldMaskPaths {
    do {
      return try FieldMaskPaths(paths, in: message)
    } catch {
      throw .invalid(
        error.problems.map { problem in
          FieldProblem(
            path: "\(field).paths", description: "\(problem)", reason: "UNKNOWN_FIELD")
        })
    }
  }
}

/// The fields that encoded bytes set.
enum SetFields {
  /// Names of the top-level fields that are there, each once.
  static func names(in bytes: [UInt8], _ message: MessageDescriptor) -> [String] {
    var numbers: Set<UInt32> = []
    bytes.withUnsafeBytes { buffer in
      var reader = WireReader(buffer)
      while let field = try? reader.next() { numbers.insert(field.number) }
    }
    return message.fields.filter { numbers.contains($0.number) }.map(\.name)
  }
}

/// A text at the top level of encoded bytes, without decoding the rest.
enum TopLevelText {
  static func value(of name: String, in bytes: [UInt8], _ message: MessageDescriptor) -> String {
    guard let number = message.field(named: name)?.number else { return "" }
    return bytes.withUnsafeBytes { buffer in
      var reader = WireReader(buffer)
      var text = ""
      while let field = try? reader.next() {
        if field.number == number { text = String(decoding: field.bytes, as: UTF8.self) }
      }
      return text
    }
  }
}
