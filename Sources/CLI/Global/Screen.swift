internal import Glibc

/// Colours and weights, or none where the output is not for eyes.
struct Style: Sendable {
  /// One of the terminal's ways to make text stand out (ECMA-48, "select graphic rendition").
  enum Mark: Int, Sendable {
    case bold = 1
    case dim = 2
    case underline = 4
    case red = 31
    case green = 32
    case yellow = 33
    case blue = 34
    case magenta = 35
    case cyan = 36
  }

  /// Whether marks are written at all.
  let isOn: Bool

  /// The text with marks around it, or as it is.
  func callAsFunction(_ marks: Mark..., text: String) -> String { marked(marks, text) }

  /// The same without a label.
  func callAsFunction(_ mark: Mark, _ text: String) -> String { marked([mark], text) }

  /// The same with two marks.
  func callAsFunction(_ first: Mark, _ second: Mark, _ text: String) -> String { marked([first, second], text) }

  private func marked(_ marks: [Mark], _ text: String) -> String {
    guard isOn, !text.isEmpty else { return text }
    return "\u{1B}[" + marks.map { "\($0.rawValue)" }.joined(separator: ";") + "m" + text + "\u{1B}[0m"
  }
}
