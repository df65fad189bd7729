internal import Glibc
internal import Terminal

/// Reads lines from a terminal with editing, history and completion.
///
/// Belongs to one task; the terminal is put back as it was after each line.
final class LineEditor {
  /// What a person did.
  enum Input: Equatable {
    /// A line.
    case line(String)
    /// Gave the line up (Ctrl-C).
    case interrupted
    /// Wants to leave (Ctrl-D on an empty line, or the input ended).
    case end
  }

  /// Lines remembered.
  private static let mostHistory = 1000
  /// Letters of a line: more is no command.
  private static let longestLine = 16_384
  /// Ctrl-C.
  private static let interrupt: UInt8 = 0x03
  /// Ctrl-D.
  private static let endOfInput: UInt8 = 0x04

  private let complete: (String) async -> [String]
  private(set) var history: [String]
  private var buffer: [Character] = []
  private var cursor = 0
  private var place = 0
  private var draft: [Character] = []
  private var pending: [UInt8] = []

  /// - Parameters:
  ///   - history: earlier lines, oldest first.
  ///   - complete: gives what the line up to the cursor may go on with: whole lines.
  init(history: [String], complete: @escaping (String) async -> [String]) {
    self.history = Array(history.suffix(Self.mostHistory))
    self.complete = complete
  }

  /// Reads a line.
  func read(prompt: String) async -> Input {
    takeTypedAhead()
    let input = await edited(prompt)
    guard case .line = input else { return input }
    // Behind the line, while the terminal was still the editor's, a Ctrl-C was but a letter.
    takeTypedAhead()
    guard let last = pending.lastIndex(of: Self.interrupt) else { return input }
    pending.removeSubrange(...last)
    write("^C\r\n")
    return .interrupted
  }

  private func edited(_ prompt: String) async -> Input {
    var saved = termios()
    guard tcgetattr(STDIN_FILENO, &saved) == 0 else { return .end }
    var raw = saved
    raw.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG | IEXTEN)
    raw.c_iflag &= ~tcflag_t(IXON | ICRNL)
    guard tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0 else { return .end }
    defer { tcsetattr(STDIN_FILENO, TCSADRAIN, &saved) }
    (buffer, cursor, draft) = ([], 0, [])
    place = history.count
    draw(prompt)
    while true {
      guard let byte = next() else { return .end }
      switch byte {
      case 0x0D, 0x0A:
        write("\r\n")
        let line = String(buffer)
        remember(line)
        return .line(line)
      case Self.interrupt:
        write("^C\r\n")
        return .interrupted
      case Self.endOfInput:
        if buffer.isEmpty {
          write("\r\n")
          return .end
        }
        remove(at: cursor)
      case 0x09: await completeWord(prompt)
      case 0x1B: escape()
      default: edit(byte)
      }
      draw(prompt)
    }
  }

  // MARK: Keys

  private func edit(_ byte: UInt8) {
    switch byte {
    case 0x01: cursor = 0
    case 0x05: cursor = buffer.count
    case 0x02: cursor = max(0, cursor - 1)
    case 0x06: cursor = min(buffer.count, cursor + 1)
    case 0x10: recall(-1)
    case 0x0E: recall(1)
    case 0x08, 0x7F:
      if cursor > 0 {
        cursor -= 1
        remove(at: cursor)
      }
    case 0x0B: buffer.removeSubrange(cursor...)
    case 0x15:
      buffer.removeSubrange(..<cursor)
      cursor = 0
    case 0x17: removeWord()
    case 0x0C: write("\u{1B}[H\u{1B}[2J")
    case 0x20...0x7E, 0xC2...0xF4: insert(byte)
    default: return
    }
  }

  /// Arrow keys and their like: `ESC [` letter, `ESC O` letter, `ESC [` digits `~`.
  private func escape() {
    guard let kind = next(), kind == UInt8(ascii: "[") || kind == UInt8(ascii: "O"), var final = next() else {
      return
    }
    var number: UInt8 = 0
    if (0x30...0x39).contains(final) {
      number = final
      repeat {
        guard let following = next() else { return }
        final = following
      } while final < 0x40
    }
    switch (final, number) {
    case (UInt8(ascii: "A"), _): recall(-1)
    case (UInt8(ascii: "B"), _): recall(1)
    case (UInt8(ascii: "C"), _): cursor = min(buffer.count, cursor + 1)
    case (UInt8(ascii: "D"), _): cursor = max(0, cursor - 1)
    case (UInt8(ascii: "H"), _), (UInt8(ascii: "~"), UInt8(ascii: "1")): cursor = 0
    case (UInt8(ascii: "F"), _), (UInt8(ascii: "~"), UInt8(ascii: "4")): cursor = buffer.count
    case (UInt8(ascii: "~"), UInt8(ascii: "3")): remove(at: cursor)
    default: return
    }
  }

  private func insert(_ first: UInt8) {
    var bytes = [first]
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    while bytes.count < length, let byte = next() { bytes.append(byte) }
    guard let text = String(validating: bytes, as: UTF8.self), buffer.count < Self.longestLine else { return }
    for character in text {
      buffer.insert(character, at: cursor)
      cursor += 1
    }
    // A combining mark joins the letter before it.
    let joined = Array(String(buffer))
    cursor = max(0, cursor - (buffer.count - joined.count))
    buffer = joined
  }

  private func remove(at index: Int) {
    if buffer.indices.contains(index) { buffer.remove(at: index) }
  }

  private func removeWord() {
    var start = cursor
    while start > 0, buffer[start - 1] == " " { start -= 1 }
    while start > 0, buffer[start - 1] != " " { start -= 1 }
    buffer.removeSubrange(start..<cursor)
    cursor = start
  }

  private func recall(_ step: Int) {
    let next = place + step
    guard (0...history.count).contains(next) else { return }
    if place == history.count { draft = buffer }
    place = next
    buffer = next == history.count ? draft : Array(history[next])
    cursor = buffer.count
  }

  private func remember(_ line: String) {
    guard line.contains(where: { $0 != " " }), history.last != line else { return }
    history.append(line)
    if history.count > Self.mostHistory { history.removeFirst() }
  }

  private func completeWord(_ prompt: String) async {
    let before = String(buffer[..<cursor])
    let found = await complete(before)
    guard let first = found.first else { return write("\u{7}") }
    let common = found.dropFirst().reduce(first) { String(zip($0, $1).prefix { $0 == $1 }.map(\.0)) }
    let isGrown = common.count > before.count
    if isGrown || found.count == 1 {
      buffer = Array(found.count == 1 ? first + " " : common) + buffer[cursor...]
      cursor = found.count == 1 ? first.count + 1 : common.count
    }
    guard found.count > 1, !isGrown else { return }
    // Only the last word differs.
    let start = before.lastIndex(of: " ").map { before.distance(from: before.startIndex, to: $0) + 1 } ?? 0
    let words = found.map { String($0.dropFirst(start)) }
    write(
      "\r\n"
        + DisplayWidth.wrapped(words.joined(separator: "  "), to: TerminalInfo(descriptor: 1).width).joined(
          separator: "\r\n") + "\r\n")
  }

  // MARK: The terminal

  private func draw(_ prompt: String) {
    let width = TerminalInfo(descriptor: STDOUT_FILENO).width
    let room = max(8, width - DisplayWidth.of(prompt) - 1)
    // A line that is longer than the terminal shows the part around the cursor.
    var start = 0
    while DisplayWidth.of(String(buffer[start..<cursor])) >= room { start += 1 }
    var shown = ""
    var used = 0
    for character in buffer[start...] {
      let next = DisplayWidth.of(character)
      if used + next > room { break }
      shown.append(character)
      used += next
    }
    let column = DisplayWidth.of(prompt) + DisplayWidth.of(String(buffer[start..<cursor]))
    write("\r\u{1B}[K\(prompt)\(DisplayWidth.harmless(shown))\r" + (column > 0 ? "\u{1B}[\(column)C" : ""))
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  }

  /// Takes what was typed while a command ran, as the terminal still understands it: a Ctrl-D is the end of the input
  /// there, and would be read as another letter once the terminal is the editor's.
  private func takeTypedAhead() {
    var chunk = [UInt8](repeating: 0, count: 4096)
    var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    while pending.count < Self.longestLine, poll(&waiting, 1, 0) == 1 {
      let count = Glibc.read(STDIN_FILENO, &chunk, chunk.count)
      guard count > 0 else {
        if count == 0 { pending.append(Self.endOfInput) }
        return
      }
      pending += chunk.prefix(count)
    }
  }

  /// The next byte typed; nil when the input ended.
  private func next() -> UInt8? {
    if pending.isEmpty {
      var chunk = [UInt8](repeating: 0, count: 256)
      while true {
        let count = Glibc.read(STDIN_FILENO, &chunk, chunk.count)
        if count > 0 {
          pending = Array(chunk.prefix(count))
          break
        }
        if count < 0, errno == EINTR { continue }
        return nil
      }
    }
    return pending.removeFirst()
  }
}
