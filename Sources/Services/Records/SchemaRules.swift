import ProtobufBridge
import PunosMessages

/// The schema's rules, in the form of problems.
enum SchemaRules {
  /// Every field that breaks a rule of the schema.
  static func problems(of bytes: [UInt8], _ message: MessageDescriptor) -> [FieldProblem] {
    problems(validator.violations(in: bytes, of: message))
  }

  private static func problems(_ violations: [FieldViolation]) -> [FieldProblem] {
    violations.map { violation in
      FieldProblem(path: violation.path, description: violation.description, reason: violation.reason.rawValue)
    }
  }

  /// The reason of a text that is not the resource name it should be.
  static let reference = FieldViolation.Reason.reference.rawValue

  /// The rules of the whole schema, turned into plans once.
  private static let validator = Validator(.shared)

  static func problems<Value: Message>(of value: Value) -> [FieldProblem] {
    problems(validator.violations(in: value))
  }
}

/// What differs between two versions of a record, without what the store notes of every record. What else only the server
/// writes is told: that a handover was accepted is what its history is read for.
enum Differences {
  /// - Parameters:
  ///   - before: encoded; nil for a record that was not there.
  ///   - after: encoded; nil for one that is not there any more.
  static func between(
    _ before: [UInt8]?, _ after: [UInt8]?, _ message: MessageDescriptor
  ) -> [PunosMessages.FieldDifference] {
    // A body that cannot be read has no differences to tell; reading the record itself says so.
    let found = try? FieldDifferences.between(
      before ?? [], after ?? [], of: message, in: .shared, skipping: OutputFields.common)
    return (found ?? []).map { difference in
      var told = PunosMessages.FieldDifference()
      told.path = difference.path
      told.before = difference.before ?? ""
      told.after = difference.after ?? ""
      return told
    }
  }

  static func between<Value: Message>(
    _ before: Value?, _ after: Value?, _ message: MessageDescriptor
  ) -> [PunosMessages.FieldDifference] {
    between(before?.serialized(), after?.serialized(), message)
  }
}
