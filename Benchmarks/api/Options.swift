/// `--name value` pairs behind a command.
struct Options {
  private var values: [String: String] = [:]

  init(_ arguments: some Sequence<String>) throws {
    var iterator = arguments.makeIterator()
    while let name = iterator.next() {
      guard name.hasPrefix("--"), let value = iterator.next() else {
        throw BenchProblem(description: "\(name): a flag with a value was expected")
      }
      values[String(name.dropFirst(2))] = value
    }
  }

  func text(_ name: String) throws -> String {
    guard let value = values[name] else { throw BenchProblem(description: "--\(name) is missing") }
    return value
  }

  func number(_ name: String, default fallback: Int, least: Int = 1) throws -> Int {
    guard let text = values[name] else { return fallback }
    guard let number = Int(text), number >= least else {
      throw BenchProblem(description: "--\(name) \(text): a number from \(least) on was expected")
    }
    return number
  }
}

/// What keeps the benchmark from running.
struct BenchProblem: Error, CustomStringConvertible {
  var description: String
}
