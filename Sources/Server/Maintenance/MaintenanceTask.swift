import Store

/// Something that is done to a store as a whole, while it is served or while it rests.
enum MaintenanceTask: Equatable {
  /// Copy it into a new folder.
  case backup(to: String)
  /// Check everything against everything.
  case verify

  /// One line, as the running server is asked over its socket.
  var line: String {
    switch self {
    case .backup(let target): "backup \(target)"
    case .verify: "verify"
    }
  }

  /// Reads the line; nil where it is no task.
  init?(line: String) {
    if line == "verify" {
      self = .verify
    } else if line.hasPrefix("backup /"), !line.contains("\0") {
      self = .backup(to: String(line.dropFirst("backup ".count)))
    } else {
      return nil
    }
  }

  /// Does it.
  ///
  /// - Returns: whether all is well, and lines for the operator.
  func run(on store: any MaintainedStore) async -> MaintenanceReport {
    do {
      switch self {
      case .backup(let target):
        try await store.backUp(to: target)
        return MaintenanceReport(isWell: true, lines: ["Backed up to \(target)."])
      case .verify: return MaintenanceReport(try await store.verify())
      }
    } catch {
      return MaintenanceReport(isWell: false, lines: ["\(error)"])
    }
  }
}

/// What became of a task.
public struct MaintenanceReport: Sendable, Equatable {
  /// Whether it was done and nothing is wrong.
  public var isWell: Bool
  /// Lines for the operator.
  public var lines: [String]

  init(isWell: Bool, lines: [String]) {
    self.isWell = isWell
    self.lines = lines
  }

  init(_ report: VerifyReport) {
    isWell = report.problems.isEmpty
    let checked = "\(report.commits) commits, \(report.records) records, \(report.entries) index entries"
    if let advice = report.advice {
      lines =
        report.problems + report.omissions + ["\(report.problems.count) problems in \(checked).", advice]
    } else {
      let what = report.omissions.isEmpty ? "All is well" : "All that was checked is well"
      lines = report.omissions + ["\(what): \(checked)."]
    }
  }

  /// As lines over the socket: the first is "ok" or "failed", the last is empty.
  var text: String { ([isWell ? "ok" : "failed"] + lines).joined(separator: "\n") + "\n\n" }

  init?(text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
    guard let first = lines.first, first == "ok" || first == "failed" else { return nil }
    lines.removeFirst()
    self.init(isWell: first == "ok", lines: lines)
  }
}
