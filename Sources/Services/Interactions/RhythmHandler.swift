import Domain
public import PunosAPI
public import PunosMessages
public import RPC
import Store

/// Answers `punos.v1.RhythmService`.
public struct RhythmHandler: RhythmServiceHandler {
  private let world: ServiceWorld

  public init(_ world: ServiceWorld) { self.world = world }

  public func getRhythm(_ request: GetRhythmRequest, _ context: CallContext) async throws -> Rhythm {
    let caller = try context.caller()
    return try await answering { () throws(Problem) in
      try RequestRules.check(request)
      try world.require(caller, .read, request.name)
      let reader = RecordReader(world, caller)
      let account = try await reader.account(named: request.name)
      let now = request.asOfTime?.moment ?? world.clock()
      let interactions = try await reader.interactions(
        IndexQuery(
          kind: NounCatalog.interactionKind, index: "time", range: .between(from: nil, to: .moment(now.next)),
          account: account.id, isDescending: true))
      return Self.rhythm(of: world.catalog.resourceName(of: account), interactions, at: now)
    }
  }

  private static func rhythm(of name: String, _ interactions: [Interaction], at now: Moment) -> Rhythm {
    let times = interactions.compactMap { $0.time?.moment }
    let rhythm = ContactRhythm(times: times.map(\.seconds), at: now.seconds)
    var answer = Rhythm()
    answer.name = name
    answer.interactions = Int64(clamping: interactions.count)
    answer.days = Int64(clamping: rhythm.days)
    answer.firstTime = times.min().map { ProtoTimestamp($0) }
    answer.lastTime = times.max().map { ProtoTimestamp($0) }
    answer.medianGapDays = rhythm.medianGapDays
    answer.longestGapDays = rhythm.longestGapDays.map { Int32(clamping: $0) }
    answer.silentDays = rhythm.silentDays.map { Int32(clamping: $0) }
    answer.silence = rhythm.silence
    answer.channels = channels(of: interactions)
    return answer
  }

  private static func channels(of interactions: [Interaction]) -> [ChannelRhythm] {
    Dictionary(grouping: interactions, by: \.channel)
      .map { channel, own in
        var rhythm = ChannelRhythm()
        rhythm.channel = channel
        rhythm.interactions = Int64(clamping: own.count)
        rhythm.lastTime = own.compactMap { $0.time?.moment }.max().map { ProtoTimestamp($0) }
        return rhythm
      }
      .sorted { ($1.interactions, $0.channel.rawValue) < ($0.interactions, $1.channel.rawValue) }
  }
}

extension Moment {
  /// The next moment that can be told apart: the end of a range that is to hold this one.
  var next: Moment { Moment(microseconds: rawValue == .max ? rawValue : rawValue + 1) }
}
