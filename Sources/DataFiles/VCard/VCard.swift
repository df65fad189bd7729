/// A vCard: a person or organisation as address books exchange them (RFC 6350, RFC 2426).
public struct VCard: Sendable, Hashable {
  /// A property such as `TEL;TYPE=work:+358…`.
  public struct Property: Sendable, Hashable {
    /// The group that ties properties together (`item1`); nil for none.
    public var group: String?
    /// The name in upper case.
    public var name: String
    /// Parameters in order; names in upper case, each value of a list on its own.
    public var parameters: [Parameter]
    /// The value as it is written, with its escapes: what they mean depends on the property.
    public var rawValue: String

    /// A property with a text that is escaped here.
    public init(_ name: String, text: String, parameters: [Parameter] = []) {
      self.init(name, rawValue: VCard.escaped(text), parameters: parameters)
    }

    /// A property of components (`N`, `ADR`, `ORG`), each escaped here.
    public init(_ name: String, components: [String], parameters: [Parameter] = []) {
      self.init(name, rawValue: components.map(VCard.escaped).joined(separator: ";"), parameters: parameters)
    }

    init(_ name: String, rawValue: String, parameters: [Parameter], group: String? = nil) {
      self.name = name
      self.rawValue = rawValue
      self.parameters = parameters
      self.group = group
    }

    /// The value as text, without escapes.
    public var text: String { VCard.unescaped(rawValue[...]) }

    /// The value's components, split at semicolons that are not escaped.
    public var components: [String] { VCard.split(rawValue, at: ";").map(VCard.unescaped) }

    /// The values of all parameters with a name, in lower case; types given without a name, as version 2.1 does, count
    /// as `TYPE`.
    public func parameter(_ name: String) -> [String] {
      // A list may stand in quotes as a whole: TYPE="work,voice".
      parameters.filter { $0.name == name }.flatMap { $0.value.lowercased().split(separator: ",").map(String.init) }
    }

    /// Whether the property is the preferred of its name.
    public var isPreferred: Bool { parameter("PREF").first != nil || parameter("TYPE").contains("pref") }
  }

  /// A property's parameter.
  public struct Parameter: Sendable, Hashable {
    /// The name in upper case.
    public var name: String
    /// The value, without quotes.
    public var value: String

    /// A parameter.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The version it is written in: `3.0` or `4.0`.
  public var version: String
  /// The properties in order, without BEGIN, VERSION and END.
  public var properties: [Property]
  /// The line it begins on, from 1; 0 for one that was not read from a file.
  public var line: Int

  /// A vCard.
  public init(version: String = "4.0", properties: [Property] = [], line: Int = 0) {
    self.version = version
    self.properties = properties
    self.line = line
  }

  /// The preferred property of a name, or else the first.
  public func first(_ name: String) -> Property? {
    let all = properties.filter { $0.name == name }
    return all.first(where: \.isPreferred) ?? all.first
  }

  /// Splits at a separator that no backslash stands before; by scalars, because a combining mark may follow it.
  static func split(_ raw: String, at separator: Unicode.Scalar) -> [Substring] {
    let scalars = raw.unicodeScalars
    var parts: [Substring] = []
    var start = scalars.startIndex
    var index = scalars.startIndex
    while index < scalars.endIndex {
      if scalars[index] == "\\" {
        index = scalars.index(after: index)
        if index == scalars.endIndex { break }
      } else if scalars[index] == separator {
        parts.append(Substring(scalars[start..<index]))
        start = scalars.index(after: index)
      }
      index = scalars.index(after: index)
    }
    parts.append(Substring(scalars[start...]))
    return parts
  }

  static func unescaped(_ raw: Substring) -> String {
    guard raw.utf8.contains(UInt8(ascii: "\\")) else { return String(raw) }
    var result = String.UnicodeScalarView()
    var escaped = false
    for scalar in raw.unicodeScalars {
      if escaped {
        result.append(scalar == "n" || scalar == "N" ? "\n" : scalar)
        escaped = false
      } else if scalar == "\\" {
        escaped = true
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", ",", ";": result.unicodeScalars.append(contentsOf: ["\\", scalar])
      case "\n": result += "\\n"
      case "\r": continue
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
