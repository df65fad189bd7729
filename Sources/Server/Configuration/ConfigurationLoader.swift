import FieldFormats

/// Reads the configuration from file, environment and flags; what comes later in that order wins.
public enum ConfigurationLoader {
  /// Longest configuration file read: a thousand settings with comments fit; anything larger is the wrong file.
  public static let maximumFileBytes = 262_144

  /// Joins what the three places say.
  ///
  /// - Parameters:
  ///   - file: the text of the configuration file and its name for messages, if there is one.
  ///   - environment: all environment variables; those that begin with `PUNOS_` must be known.
  ///   - flags: name (as in the file) and value of each flag given, in order.
  /// - Throws: the first ``ConfigurationProblem`` met, with where it was said.
  public static func load(
    file: (name: String, text: String)?, environment: [String: String], flags: [(name: String, value: String)]
  ) throws(ConfigurationProblem) -> Configuration {
    var configuration = Configuration()
    if let file {
      try apply(fileNamed: file.name, text: file.text, to: &configuration)
    }
    try apply(environment: environment, to: &configuration)
    for (name, value) in flags {
      try set(name, to: value, origin: "--" + name, in: &configuration)
    }
    return configuration
  }

  private static func apply(
    fileNamed fileName: String, text: String, to configuration: inout Configuration
  ) throws(ConfigurationProblem) {
    var seen: [String: Int] = [:]
    var lineNumber = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      lineNumber += 1
      let trimmed = trim(line)
      if trimmed.isEmpty || trimmed.first == "#" { continue }
      let origin = "\(fileName), line \(lineNumber)"
      guard let equals = trimmed.firstIndex(of: "=") else {
        throw ConfigurationProblem(
          key: String(trimmed.prefix(40)), origin: origin, came: "a line without \"=\"",
          expected: "key = value")
      }
      let key = String(trim(trimmed[..<equals]))
      let value = String(trim(trimmed[trimmed.index(after: equals)...]))
      if let first = seen[key] {
        throw ConfigurationProblem(
          key: key, origin: origin, came: "a second value", expected: "one only; the first is on line \(first)")
      }
      seen[key] = lineNumber
      try set(key, to: value, origin: origin, in: &configuration)
    }
  }

  private static func apply(
    environment: [String: String], to configuration: inout Configuration
  ) throws(ConfigurationProblem) {
    let known = Dictionary(
      ConfigurationKey.all.map { ($0.environmentName, $0.name) }, uniquingKeysWith: { first, _ in first })
    for (variable, value) in environment.sorted(by: { $0.key < $1.key }) {
      guard variable.hasPrefix("PUNOS_") else { continue }
      guard let name = known[variable] else {
        // The client's own variables share the prefix: they are the client's business.
        if clientVariables.contains(variable) { continue }
        throw unknown(variable, among: Array(known.keys), origin: "environment")
      }
      try set(name, to: value, origin: variable, in: &configuration)
    }
  }

  /// Variables that `punos`, the client, reads; a shell that has them may start the server too.
  static let clientVariables: Set<String> = [
    "PUNOS_CONTEXT", "PUNOS_CONFIG", "PUNOS_LANG", "PUNOS_BIN_DIR", "PUNOS_TEST_DATA", "PUNOS_INTEROP_BIN",
  ]

  private static func set(
    _ name: String, to value: String, origin: String, in configuration: inout Configuration
  ) throws(ConfigurationProblem) {
    guard let key = ConfigurationKey.named(name) else {
      throw unknown(name, among: ConfigurationKey.all.map(\.name), origin: origin)
    }
    do {
      try key.apply(value, &configuration)
    } catch {
      var problem = error
      problem.origin = origin
      throw problem
    }
  }

  private static func unknown(
    _ name: String, among known: [String], origin: String
  ) -> ConfigurationProblem {
    let nearest = EditDistance.nearest(to: name, among: known.sorted(), within: 4)
    return ConfigurationProblem(
      key: name, origin: origin, came: "an unknown setting",
      expected: nearest.map { "a known one; did you mean \"\($0)\"?" }
        ?? "a known one; `punosd config` lists them all")
  }

  static func unknownFlag(_ flag: String, among known: [String]) -> ConfigurationProblem {
    unknown(flag, among: known, origin: "command line")
  }

  private static func trim(_ text: Substring) -> Substring {
    var result = text
    while let first = result.first, first == " " || first == "\t" || first == "\r" { result.removeFirst() }
    while let last = result.last, last == " " || last == "\t" || last == "\r" { result.removeLast() }
    return result
  }
}
