internal import Terminal

/// Values that are printed one by one as they come: elements of one array as JSON, a line each as JSON lines.
struct JSONElements: Sendable {
  private let isArray: Bool
  private var isFirst = true

  /// - Parameter format: `json`, or `jsonl`.
  init(_ format: OutputMode) { isArray = format == .json }

  /// Prints a value.
  mutating func add(_ json: String, to output: Output) throws(CLIProblem) {
    guard isArray else { return try output.line(json) }
    try output.write((isFirst ? "[\n" : ",\n") + json)
    isFirst = false
  }

  /// Closes the array.
  func end(_ output: Output) throws(CLIProblem) {
    if isArray { try output.line(isFirst ? "[]" : "\n]") }
  }
}
