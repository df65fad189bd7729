import Domain
public import PunosAPI
public import PunosMessages
public import RPC
import Store

/// Answers `punos.v1.ExperienceService`.
public struct ExperienceHandler: ExperienceServiceHandler {
  private let world: ServiceWorld

  public init(_ world: ServiceWorld) { self.world = world }

  public func getExperience(_ request: GetExperienceRequest, _ context: CallContext) async throws -> Experience {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .read, request.parent)
      let reading = AccountReading(world, caller, at: request.asOf?.point)
      let now = try await reading.moment()
      let period = try ExperiencePeriod(request, now: now)
      return try await ExperienceMaker(reading, period, now: now).experience(request)
    }
  }
}

/// The period that is asked about.
struct ExperiencePeriod {
  /// From the first to the moment after the last.
  let moments: Range<Moment>
  let step: CalendarStep

  /// The period where none is asked for: a year.
  static let usualSeconds: Int64 = 365 * 86_400

  /// - Parameter now: the end where none is asked for.
  init(_ request: GetExperienceRequest, now: Moment) throws(Problem) {
    let end = request.endTime?.moment ?? now
    let start = request.startTime?.moment ?? Moment(seconds: end.seconds - Self.usualSeconds)
    guard start < end else {
      throw .invalid([
        FieldProblem(
          path: "end_time", description: "the end must lie after the beginning (start_time); correct one of the two",
          reason: "EMPTY_SPAN")
      ])
    }
    moments = start..<end
    switch request.step {
    case .month: step = .month
    case .year: step = .year
    default: step = .quarter
    }
  }

  /// The same in whole seconds, for tallies: the last second that the period touches counts.
  var seconds: Range<Int64> {
    let end = moments.upperBound
    return moments.lowerBound.seconds..<max(moments.lowerBound.seconds + 1, end.nanoseconds > 0 ? end.seconds + 1 : end.seconds)
  }
}

extension GetExperienceRequest.AsOf {
  /// The same as the store has it.
  var point: PointInTime {
    switch self {
    case .asOfTime(let time): .moment(time.moment)
    case .asOfRevision(let revision): .revision(Revision(revision))
    }
  }
}
