import Domain
import PunosMessages
import Store

/// Gathers feedback and promises of a period, and has them counted.
struct ExperienceMaker {
  /// Touchpoints shown, those with the widest gap: nobody reads more.
  static let maximumTouchpoints = 200
  /// Promises that answers name, looked up for one call.
  static let maximumNamed = 2_000

  private let reading: AccountReading
  private let period: ExperiencePeriod
  private let today: String

  /// - Parameter now: the moment that is read from.
  init(_ reading: AccountReading, _ period: ExperiencePeriod, now: Moment) {
    self.reading = reading
    self.period = period
    today = Days.text(min(now, period.moments.upperBound))
  }

  func experience(_ request: GetExperienceRequest) async throws(Problem) -> Experience {
    let account = try await account(request.parent)
    let tallies = try await tallies(in: account?.key.account)
    let messages = ExperienceMessages(SentenceLanguage(code: request.language))
    var experience = messages.experience(tallies)
    experience.parent = account?.name ?? NounCatalog.anyAccount
    experience.revision = try await reading.revision().rawValue
    experience.startTime = ProtoTimestamp(period.moments.lowerBound)
    experience.endTime = ProtoTimestamp(period.moments.upperBound)
    let touches = try await touches(in: account?.key.account)
    experience.deeds = messages.deeds(try await promises(in: account?.key.account), touches.all)
    experience.touchpoints = try await touchpoints(tallies, touches, messages)
    experience.endCustomers = try await segments(tallies, messages)
    return experience
  }

  /// nil: all accounts.
  private func account(_ parent: String) async throws(Problem) -> (key: RecordKey, name: String)? {
    guard parent != NounCatalog.anyAccount else { return nil }
    let found = try await reading.account(named: parent, field: "parent")
    return (found.key, found.account.name)
  }

  private func tallies(in account: String?) async throws(Problem) -> ExperienceTallies {
    var tallies = ExperienceTallies(period: period.seconds, step: period.step)
    let start = Moment(seconds: tallies.before.lowerBound)
    let filter = ColumnFilter.all([
      .compare(column: "time", .greaterOrEqual, .moment(start)),
      .compare(column: "time", .less, .moment(period.moments.upperBound)),
    ])
    let catalog = reading.world.catalog
    try await ColumnReading(reading, NounCatalog.feedbackKind, in: account).each(filter) { record throws(Problem) in
      let feedback = try Feedback(record, named: catalog.resourceName(of: record.key))
      tallies.add(FeedbackAnswer(feedback), account: "accounts/\(record.key.account ?? "")")
    }
    return tallies
  }

  /// Promises whose day lies in the period.
  private func promises(in account: String?) async throws(Problem) -> PromiseTally {
    var tally = PromiseTally()
    let first = Days.text(period.moments.lowerBound)
    let last = Days.text(period.moments.upperBound)
    let columns = ["settled_date", "due_date", "promised_date"]
    let filter = ColumnFilter.anyOf(
      columns.map { column in
        .all([
          .compare(column: column, .greaterOrEqual, .text(first)), .compare(column: column, .lessOrEqual, .text(last)),
        ])
      })
    let catalog = reading.world.catalog
    try await ColumnReading(reading, NounCatalog.commitmentKind, in: account).each(filter) { record throws(Problem) in
      let commitment = try Commitment(record, named: catalog.resourceName(of: record.key))
      let day = PromiseTally.day(of: commitment)
      if day >= first, day <= last { tally.add(commitment, on: today) }
    }
    return tally
  }

  /// Interactions of the period, of one account: over all accounts they are too many to be counted for one answer.
  private func touches(in account: String?) async throws(Problem) -> TouchTally {
    var tally = TouchTally()
    guard let account else { return tally }
    let filter = ColumnFilter.all([
      .compare(column: "time", .greaterOrEqual, .moment(period.moments.lowerBound)),
      .compare(column: "time", .less, .moment(period.moments.upperBound)),
    ])
    let catalog = reading.world.catalog
    try await ColumnReading(reading, NounCatalog.interactionKind, in: account).each(filter) { record throws(Problem) in
      let interaction = try Interaction(record, named: catalog.resourceName(of: record.key))
      let time = interaction.time?.seconds ?? 0
      guard period.seconds.contains(time) else { return }
      tally.add(GapPlace(touchpoint: interaction.touchpoint, stage: interaction.stage), at: time)
    }
    return tally
  }

  private func touchpoints(
    _ tallies: ExperienceTallies, _ touches: TouchTally, _ messages: ExperienceMessages
  ) async throws(Problem) -> [TouchpointExperience] {
    let places = tallies.gaps.filter { $0.value.responses > 0 }.sorted { left, right in
      let gaps = (left.value.gap ?? 1, right.value.gap ?? 1)
      if gaps.0 != gaps.1 { return gaps.0 < gaps.1 }
      return (left.key.touchpoint, left.key.stage) < (right.key.touchpoint, right.key.stage)
    }
    let shown = places.prefix(Self.maximumTouchpoints)
    let named = try await commitments(named: shown.reduce(into: Set()) { $0.formUnion($1.value.about) })
    return shown.map { place, tally in
      var promises = PromiseTally()
      for name in tally.about { named[name].map { promises.add($0, on: today) } }
      return messages.touchpoint(place, tally, messages.deeds(promises, touches.touches(in: place)))
    }
  }

  private func commitments(named names: Set<String>) async throws(Problem) -> [String: Commitment] {
    var found: [String: Commitment] = [:]
    for name in names.sorted().prefix(Self.maximumNamed) {
      guard let key = reading.world.catalog.key(of: name), key.kind == NounCatalog.commitmentKind,
        let record = try await reading.record(key)
      else { continue }
      found[name] = try Commitment(record, named: name)
    }
    return found
  }

  private func segments(
    _ tallies: ExperienceTallies, _ messages: ExperienceMessages
  ) async throws(Problem) -> [SegmentExperience] {
    var told: [SegmentExperience] = []
    for (place, answers) in tallies.segments.sorted(by: { $0.key < $1.key }) {
      var segment: EndCustomerSegment?
      if let key = reading.world.catalog.key(of: place.segment), let record = try await reading.record(key) {
        segment = try EndCustomerSegment(record, named: place.segment)
      }
      told.append(messages.segment(place, answers, segment))
    }
    return told
  }
}
