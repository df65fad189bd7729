/// One field of a request that breaks a rule of the schema.
public struct FieldViolation: Sendable, Hashable {
  /// Why, for programs.
  public enum Reason: String, Sendable {
    /// It must be present and is not.
    case required = "REQUIRED"
    /// A text, bytes or list has too few or too many.
    case length = "LENGTH"
    /// A number or a time is out of its range.
    case range = "RANGE"
    /// A text does not match its pattern.
    case pattern = "PATTERN"
    /// A text is not in its format.
    case format = "FORMAT"
    /// A text has control characters.
    case controlCharacter = "CONTROL_CHARACTER"
    /// An enum's number is zero or not known.
    case unknownValue = "UNKNOWN_VALUE"
    /// A text is not the resource name of what it should refer to.
    case reference = "REFERENCE"
    /// The bytes are not a value of the field.
    case malformed = "MALFORMED"
    /// The field may be set at creation only.
    case immutable = "IMMUTABLE"
  }
  /// From the message down: `emails[0].address`, `attributes.sector`.
  public var path: String
  /// Why, for programs.
  public var reason: Reason
  /// What came and what was expected, in one sentence. Of personal data it says the shape, never the value.
  public var description: String

  /// A violation.
  public init(path: String, reason: Reason, description: String) {
    self.path = path
    self.reason = reason
    self.description = description
  }
}
