#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What is known about where output goes.
public struct TerminalInfo: Sendable, Hashable {
  /// Columns; 80 where nobody says.
  public var width: Int
  /// Whether a person sees it at once: it is a terminal, not a file or pipe.
  public var isInteractive: Bool
  /// Whether colours and bold may be used.
  public var usesColour: Bool

  /// Narrowest width anything is laid out for; below it lines are left to wrap.
  public static let narrowest = 20
  /// Widest: lines longer than this are hard to follow and cost memory.
  public static let widest = 1000

  /// An output with these properties.
  public init(width: Int, isInteractive: Bool, usesColour: Bool) {
    self.width = min(max(width, Self.narrowest), Self.widest)
    self.isInteractive = isInteractive
    self.usesColour = usesColour
  }

  /// Looks at an open descriptor and the environment.
  ///
  /// Colour only on a terminal that is not `dumb`, and never with `NO_COLOR` set to anything (no-color.org).
  ///
  /// - Parameters:
  ///   - descriptor: standard output is 1, standard error 2.
  ///   - environment: `COLUMNS`, `TERM` and `NO_COLOR` are read.
  public init(descriptor: Int32, environment: (String) -> String?) {
    let interactive = isatty(descriptor) == 1
    var size = winsize()
    var columns = 0
    if interactive, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 { columns = Int(size.ws_col) }
    if columns == 0 { columns = environment("COLUMNS").flatMap { Int($0) } ?? 80 }
    let noColour = environment("NO_COLOR").map { !$0.isEmpty } ?? false
    self.init(
      width: columns, isInteractive: interactive,
      usesColour: interactive && !noColour && environment("TERM") != "dumb" && environment("TERM") != nil)
  }

  /// Looks at an open descriptor and the process's environment.
  public init(descriptor: Int32) {
    self.init(descriptor: descriptor) { name in getenv(name).map { String(cString: $0) } }
  }
}

/// Colours and bold, or nothing where they are not wanted.
public struct Style: Sendable, Hashable {
  /// Whether sequences are written at all.
  public var isOn: Bool

  /// A style.
  public init(_ isOn: Bool) { self.isOn = isOn }

  private func wrap(_ text: String, _ code: StaticString) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  /// Headings and names.
  public func bold(_ text: String) -> String { wrap(text, "1") }
  /// What matters less: sources, times, hints.
  public func faint(_ text: String) -> String { wrap(text, "2") }
  /// What went wrong.
  public func bad(_ text: String) -> String { wrap(text, "31") }
  /// What went well.
  public func good(_ text: String) -> String { wrap(text, "32") }
  /// What needs attention.
  public func warning(_ text: String) -> String { wrap(text, "33") }
  /// Titles of sections and columns.
  public func title(_ text: String) -> String { wrap(text, "36") }
}

/// Where command output goes: collected and written in large pieces.
///
/// Belongs to one task at a time.
public final class OutputStream {
  /// The reader went away; the program should end quietly, as `head` expects.
  public struct BrokenPipe: Error, Sendable {
    /// A broken pipe.
    public init() {}
  }

  /// The system refused to write; the number is its `errno`.
  public struct WriteFailure: Error, Sendable {
    /// The number.
    public var errno: Int32
  }

  /// Bytes collected before they are written: one system call for a screenful and more.
  static let bufferSize = 32 * 1024

  private let descriptor: Int32
  private var buffer: [UInt8] = []
  /// What is known about the output.
  public let info: TerminalInfo

  /// Writes to an open descriptor, which stays open. The process must ignore SIGPIPE.
  public init(descriptor: Int32, info: TerminalInfo) {
    self.descriptor = descriptor
    self.info = info
  }

  /// Writes text; on a terminal it appears at once when it ends a line.
  ///
  /// - Throws: ``BrokenPipe``, ``WriteFailure``.
  public func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.bufferSize || (info.isInteractive && text.utf8.last == 0x0A) { try flush() }
  }

  /// Writes bytes.
  ///
  /// - Throws: ``BrokenPipe``, ``WriteFailure``.
  public func write(bytes: some Collection<UInt8>) throws {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes what was collected.
  ///
  /// - Throws: ``BrokenPipe``, ``WriteFailure``.
  public func flush() throws {
    let bytes = buffer
    buffer.removeAll(keepingCapacity: true)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { raw in
        systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: raw[written...]))
      }
      if count >= 0 {
        written += count
      } else if errno == EPIPE {
        throw BrokenPipe()
      } else if errno != EINTR {
        throw WriteFailure(errno: errno)
      }
    }
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  #if canImport(Glibc)
    Glibc.write(descriptor, bytes.baseAddress, bytes.count)
  #else
    Musl.write(descriptor, bytes.baseAddress, bytes.count)
  #endif
}
