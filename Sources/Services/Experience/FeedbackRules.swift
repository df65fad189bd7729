import Domain
public import PunosMessages
public import Store

extension Feedback: RecordMessage {}

/// What feedback asks beyond the schema.
public struct FeedbackRules: NounRules {
  public static let kind = NounCatalog.feedbackKind

  /// How far the clock of another system may be ahead of ours, in seconds.
  static let clockSkew: Int64 = 86_400

  public init() {}

  public func complete(_ value: inout Feedback, before: Feedback?, _ world: RecordWorld) throws {
    if value.voice == .unspecified { value.voice = value.segment.isEmpty ? .customer : .endCustomer }
    // Touchpoints and stages are compared by their words; blanks around them are nobody's intention.
    value.touchpoint = value.touchpoint.trimmingBlanks
    value.stage = value.stage.trimmingBlanks
  }

  public func problems(of value: Feedback, _ world: RecordWorld) throws -> [FieldProblem] {
    var problems = scoreProblems(of: value)
    if value.voice == .customer, !value.segment.isEmpty {
      problems.append(
        FieldProblem(
          path: "segment",
          description: "a segment of the customer's own customers cannot speak as the customer; set voice to END_CUSTOMER, "
            + "or leave the segment out",
          reason: "SEGMENT_OF_CUSTOMER"))
    }
    if let time = value.time, time.seconds > world.now.seconds + Self.clockSkew {
      problems.append(
        FieldProblem(
          path: "time", description: "it lies in the future; the moment at which the feedback was given was expected",
          reason: "FUTURE_DATE"))
    }
    problems += SameAccount.problems(value.segment, at: "segment", in: value.name)
    for (index, name) in value.about.enumerated() {
      problems += SameAccount.problems(name, at: "about[\(index)]", in: value.name)
    }
    return problems
  }

  private func scoreProblems(of value: Feedback) -> [FieldProblem] {
    guard let scale = value.measure.scale else { return textProblems(of: value) }
    var problems: [FieldProblem] = []
    if value.score == nil {
      problems.append(
        FieldProblem(
          path: "score",
          description: "\(value.measure.word) goes from \(scale.lowerBound) to \(scale.upperBound), and no score came; "
            + "set it, or set measure to TEXT",
          reason: "REQUIRED"))
    }
    for (path, score) in [("score", value.score), ("expected_score", value.expectedScore)] {
      guard let score, !scale.contains(score) else { continue }
      problems.append(
        FieldProblem(
          path: path,
          description: "\(score) came; \(value.measure.word) goes from \(scale.lowerBound) to \(scale.upperBound)",
          reason: "OFF_SCALE"))
    }
    return problems
  }

  private func textProblems(of value: Feedback) -> [FieldProblem] {
    guard value.measure == .text else { return [] }
    var problems: [FieldProblem] = []
    if value.text.isEmpty {
      problems.append(
        FieldProblem(
          path: "text", description: "feedback in words only says nothing without them; nothing came", reason: "REQUIRED"))
    }
    for (path, score) in [("score", value.score), ("expected_score", value.expectedScore)] where score != nil {
      problems.append(
        FieldProblem(
          path: path,
          description: "words only have no score; set measure to NPS, CSAT or CES, or leave the score out",
          reason: "NO_SCALE"))
    }
    return problems
  }

  public func externalIDs(of value: Feedback) -> [ExternalId] { value.externalIds }

  public func unite(_ incoming: Feedback, into current: Feedback) -> Feedback {
    Unite.messages(incoming, into: current)
  }
}

extension String {
  /// Without blanks at both ends.
  fileprivate var trimmingBlanks: String {
    guard first == " " || last == " " else { return self }
    let kept = drop { $0 == " " }
    return String(kept.prefix(upTo: kept.lastIndex { $0 != " " }.map { kept.index(after: $0) } ?? kept.startIndex))
  }
}
