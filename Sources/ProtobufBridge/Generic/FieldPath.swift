/// A path that is not in the schema.
public struct FieldPathError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The path as given.
  public var path: String
  /// The message in which the walk ended.
  public var message: String
  /// The segment that could not be followed, and why.
  public var problem: String

  /// One sentence.
  public var description: String { "\(path): \(problem) in \(message)" }
}

/// A path of field names through messages: `employments.account`, `attributes.sector` (a map's key).
public struct FieldPath: Sendable {
  /// One step.
  public enum Step: Sendable {
    /// Into a field.
    case field(FieldDescriptor)
    /// Into the map of the field before, at a key.
    case key(String)
  }
  /// The path as given.
  public let text: String
  /// The steps, at least one.
  public let steps: [Step]

  /// Paths deeper than this are refused: no message of ours is nested half as deep.
  public static let depthLimit = 32

  /// The field that the path ends in; for a map's key, the map.
  public var field: FieldDescriptor? {
    for step in steps.reversed() {
      if case .field(let field) = step { return field }
    }
    return nil
  }

  /// Reads a path. Names may be as in the schema or as in JSON; a key with other than letters, digits, `_`
  /// and `-` stands in backticks.
  public init(_ text: String, in message: MessageDescriptor) throws(FieldPathError) {
    self.text = text
    var steps: [Step] = []
    var current: MessageDescriptor? = message
    var map: FieldDescriptor?
    let segments = FieldPath.segments(text)
    guard !segments.isEmpty, segments.count <= Self.depthLimit else {
      throw FieldPathError(
        path: text, message: message.fullName, problem: "a path has 1 to \(Self.depthLimit) segments")
    }
    for segment in segments {
      if let outer = map {
        steps.append(.key(segment))
        current = outer.message?.field(2)?.message
        map = nil
        continue
      }
      guard let here = current else {
        throw FieldPathError(
          path: text, message: message.fullName,
          problem: "“\(segment)” goes into a field that is not a message")
      }
      guard let field = here.field(named: segment) else {
        throw FieldPathError(path: text, message: here.fullName, problem: "there is no field “\(segment)”")
      }
      steps.append(.field(field))
      map = field.isMap ? field : nil
      current = field.isMap ? nil : field.message
    }
    self.steps = steps
  }

  /// Splits at dots that are not within backticks.
  static func segments(_ text: String) -> [String] {
    var segments: [String] = []
    var current = ""
    var isQuoted = false
    for character in text {
      if character == "`" {
        isQuoted.toggle()
      } else if character == ".", !isQuoted {
        segments.append(current)
        current = ""
      } else {
        current.append(character)
      }
    }
    segments.append(current)
    return segments.contains("") ? [] : segments
  }

  /// A map key as a segment.
  static func segment(key: String) -> String {
    let isPlain =
      !key.isEmpty
      && key.utf8.allSatisfy {
        ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x41 && $0 <= 0x5A) || ($0 >= 0x30 && $0 <= 0x39)
          || $0 == 0x5F || $0 == 0x2D
      }
    return isPlain ? key : "`" + key.filter { $0 != "`" } + "`"
  }
}
