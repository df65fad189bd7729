import Glibc

extension ConfigurationLoader {
  /// Joins what file, environment and command line say.
  ///
  /// - Parameters:
  ///   - arguments: flags as they came, `--log-level debug` or `--log-level=debug`.
  ///   - configurationFile: nil: `punosd.conf` in the data folder, where there is one.
  /// - Throws: ``ConfigurationProblem`` or ``ServerProblem``.
  public static func load(
    arguments: [String], configurationFile: String?, environment: [String: String]
  ) throws -> Configuration {
    let flags = try flags(of: arguments)
    let file = try file(named: configurationFile, flags: flags, environment: environment)
    return try load(file: file, environment: environment, flags: flags)
  }

  private static func flags(of arguments: [String]) throws(ConfigurationProblem) -> [(name: String, value: String)] {
    let names = Dictionary(ConfigurationKey.all.map { ($0.flag, $0.name) }, uniquingKeysWith: { first, _ in first })
    var flags: [(String, String)] = []
    var index = 0
    while index < arguments.count {
      let argument = arguments[index]
      index += 1
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard let name = names[parts[0]] else { throw unknownFlag(parts[0], among: Array(names.keys)) }
      if parts.count == 2 {
        flags.append((name, parts[1]))
      } else if index < arguments.count {
        flags.append((name, arguments[index]))
        index += 1
      } else {
        throw ConfigurationProblem(key: parts[0], origin: "command line", came: "no value", expected: "one behind it")
      }
    }
    return flags
  }

  /// The file named, or the data folder's own; a file that was named must be there.
  private static func file(
    named name: String?, flags: [(name: String, value: String)], environment: [String: String]
  ) throws -> (name: String, text: String)? {
    if let name {
      return (name, try text(of: name))
    }
    guard let data = flags.last(where: { $0.name == "data" })?.value ?? environment["PUNOS_DATA"] else { return nil }
    let path = DataFolder(path: data).configurationFile
    return DataFolder.exists(path) ? (path, try text(of: path)) : nil
  }

  private static func text(of path: String) throws -> String {
    String(decoding: try DataFolder.read(path, limit: maximumFileBytes), as: UTF8.self)
  }
}

/// The process's environment, read once, before any thread could change it.
public enum ProcessEnvironment {
  /// All variables.
  public static let all: [String: String] = {
    var variables: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
      let parts = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
      next += 1
    }
    return variables
  }()
}
