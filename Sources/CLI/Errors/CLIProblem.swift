public import Terminal

/// Why a command did not do what was asked: what happened, where, and what to do next.
public struct CLIProblem: Error, Sendable {
  /// What kind of end it is, for scripts.
  public var exit: ExitStatus
  /// What happened, in one sentence.
  public var what: Term
  /// Where: a server, a file with its line, a record. Empty where there is no such place.
  public var place: String
  /// Everything that is wrong in detail, a line each.
  public var details: [String]
  /// What to do next; nil where nothing helps but the sentence itself.
  public var remedy: Term?

  /// A problem.
  public init(
    _ exit: ExitStatus, _ what: Term, at place: String = "", details: [String] = [], remedy: Term? = nil
  ) {
    self.exit = exit
    self.what = what
    self.place = place
    self.details = details
    self.remedy = remedy
  }
}

/// How a command ended, as the shell sees it. The numbers are part of the interface: docs/cli.md lists them.
public enum ExitStatus: Int32, Sendable, CaseIterable {
  /// All was done.
  case success = 0
  /// Something failed that fits nothing below.
  case failure = 1
  /// Part of it was done: some rows or records were refused.
  case partial = 2
  /// There is no such record.
  case notFound = 3
  /// The server refused what was sent.
  case refused = 4
  /// It clashes with what is there, or more than one record fits.
  case conflict = 5
  /// The credential is missing, not known, or may not do this.
  case notAllowed = 6
  /// The server could not be reached, or did not answer in time.
  case unreachable = 7
  /// The command line is wrong (`EX_USAGE` of sysexits).
  case usage = 64
  /// A file is not what it should be (`EX_DATAERR`).
  case badFile = 65
  /// The client's own configuration is wrong (`EX_CONFIG`).
  case configuration = 78
  /// Interrupted by the user: 128 + SIGINT, as shells have it.
  case interrupted = 130
  /// Whoever read the output stopped reading: 128 + SIGPIPE.
  case brokenPipe = 141
}
