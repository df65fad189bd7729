import Domain
import PunosMessages
import Store

/// Reads where the people of an account stand, by what was last said of it up to a moment.
struct StanceReader {
  private let reader: RecordReader
  private let now: Moment

  init(_ reader: RecordReader, _ now: Moment) {
    self.reader = reader
    self.now = now
  }

  /// Where people stand in the account's committees, by contact; of several what was said last.
  ///
  /// What was said by then counts, not what it was changed into since. Where nothing had been said yet it is what is
  /// told of that day in hindsight.
  ///
  /// - Parameter moment: members who took part on its day are looked at.
  func stances(
    in account: RecordKey, at moment: Moment
  ) async throws(Problem) -> [String: CommitteeMember.Stance] {
    let members = try reader.mapped {
      try reader.world.world(of: reader.caller).values(
        of: NounCatalog.committeeMemberKind, inAccount: account.id, as: CommitteeMember.self)
    }
    let day = moment.day
    var told: [CommitteeMember] = []
    for member in members where member.tookPart(on: day) {
      let then = try await said(of: member, by: moment)
      if then.stance != .unspecified { told.append(then) }
    }
    return Dictionary(told.sorted { $0.revision < $1.revision }.map { ($0.contact, $0.stance) }) { _, last in
      last
    }
  }

  /// The member as it was said by a moment.
  private func said(of member: CommitteeMember, by moment: Moment) async throws(Problem) -> CommitteeMember {
    guard moment < now, let created = member.createTime?.moment, created <= moment,
      let changed = member.updateTime?.moment, changed > moment,
      let key = reader.world.catalog.key(of: member.name)
    else { return member }
    let record: StoredRecord?
    do {
      record = try await reader.world.store.read(key, in: reader.caller.tenant, asOf: .moment(moment))
    } catch is Compacted {
      // The history does not go back as far: where they stood is not known.
      var unknown = member
      unknown.stance = .unspecified
      return unknown
    } catch {
      throw .from(error, reader.world.catalog)
    }
    guard let record, !record.isDeleted else { return member }
    let then = try CommitteeMember(record, named: member.name)
    return then.stance == .unspecified ? member : then
  }
}

extension CommitteeMember {
  /// Whether the person took part on a day, YYYY-MM-DD.
  fileprivate func tookPart(on day: String) -> Bool {
    (validFrom.isEmpty || validFrom <= day) && (validTo.isEmpty || day < validTo)
  }
}
