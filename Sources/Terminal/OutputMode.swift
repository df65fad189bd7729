/// How a command shows its results.
public enum OutputMode: String, Sendable, CaseIterable {
  /// For people: fitted to the terminal.
  case table
  /// One JSON document.
  case json
  /// A JSON value a line, each as soon as it is there.
  case jsonl
  /// A table for spreadsheets.
  case csv
  /// A table for documents.
  case markdown
}
