import ProtobufBridge
import PunosMessages

/// What must hold of any bytes that are taken for a message, and of any text that is taken for its JSON: the
/// properties that the fuzzers and the tests share.
enum MessageExercise {
  /// A property that does not hold.
  struct Broken: Error, CustomStringConvertible {
    var description: String
  }

  /// Decodes, encodes, shows, checks, prunes, merges and compares; nothing may trap, and what was accepted
  /// must come back as it is.
  static func decode<M: Message>(_ type: M.Type, _ bytes: UnsafeRawBufferPointer) throws {
    guard let descriptor = M.descriptor else {
      throw Broken(description: "\(M.fullName) is not in the schema")
    }
    let raw = Array(bytes)
    generic(raw, descriptor)
    let value: M
    do throws(DecodingError) {
      value = try M(serialized: bytes)
    } catch {
      guard !error.description.isEmpty else { throw Broken(description: "a refusal without words") }
      return
    }
    let encoded = value.serialized()
    let again = try M(serialized: encoded)
    guard again.serialized() == encoded else { throw Broken(description: "the second encoding differs") }
    var appended: [UInt8] = [0xFF]
    value.serialize(into: &appended)
    guard appended.dropFirst().elementsEqual(encoded) else { throw Broken(description: "appending differs") }
    // A time beyond year 9999 has no JSON: a refusal is an answer.
    if value.unknownFields.isEmpty, let text = try? value.jsonString() {
      let back = try M(jsonString: text)
      guard try back.jsonString() == text else {
        throw Broken(description: "JSON does not come back: \(text)")
      }
    }
    guard !value.redacted.isEmpty else { throw Broken(description: "a value without a description") }
  }

  /// What works on bytes without a Swift value.
  private static func generic(_ bytes: [UInt8], _ descriptor: MessageDescriptor) {
    _ = Validator.shared.violations(in: bytes, of: descriptor)
    _ = try? JSON.encode(bytes, as: descriptor, in: .shared)
    _ = try? OwnedFields.withoutOutputOnly(bytes, of: descriptor)
    _ = try? FieldDifferences.between(bytes, Array(bytes.dropFirst(2)), of: descriptor, in: .shared)
    let names = descriptor.fields.prefix(6).map { $0.name }
    if let mask = try? FieldMaskPaths(names, in: descriptor) {
      _ = try? mask.prune(bytes)
      _ = try? mask.merge(from: bytes, into: Array(bytes.reversed()))
    }
    if let paths = try? CompiledPaths(names, in: descriptor) { _ = paths.rows(in: bytes) }
  }

  /// Reads JSON; what was accepted must come back as it is.
  static func json<M: Message>(_ type: M.Type, _ bytes: UnsafeRawBufferPointer) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let value = try? M(jsonString: text) else { return }
    guard let written = try? value.jsonString() else { return }
    let back = try M(jsonString: written)
    guard back.serialized() == value.serialized() else {
      throw Broken(description: "JSON does not come back: \(written)")
    }
  }
}
