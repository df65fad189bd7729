import FieldFormats
import ProtobufBridge
import PunosMessages
import RPC
import Store

/// What is withheld from whom: the one place that knows. Whatever answers with a record, a change or a hit asks it.
///
/// A kind can be withheld where its message has a field of type `punos.v1.Withholding`; what is taken out are its
/// fields that the schema has as `withheld`. The record *as it is now* decides: what is withheld now is withheld in
/// all its past, and what is released is released with its past. The record's team and owner always see it.
struct Veil: Sendable {
  private struct Plan: Sendable {
    /// Numbers of the fields that are taken out.
    var fields: Set<UInt32>
    /// Their names.
    var names: Set<String>
    /// Number of the field that narrows who may see the record.
    var withholding: UInt32
    /// Numbers of the fields with the record's own team and owner; zero where it has none.
    var team: UInt32
    var owner: UInt32
    /// Number of the field that says that something was taken out; zero where it has none.
    var flag: UInt32
  }

  private let plans: [RecordKind: Plan]

  init(_ catalog: NounCatalog) {
    plans = catalog.nouns.compactMapValues { noun in
      guard
        let withholding = noun.message.fields.first(where: { $0.message?.fullName == Withholding.fullName })
      else {
        return nil
      }
      func number(_ name: String) -> UInt32 { noun.message.field(named: name)?.number ?? 0 }
      let taken = noun.message.fields.filter { $0.rule?.withheld == true }
      return Plan(
        fields: Set(taken.map(\.number)), names: Set(taken.map(\.name)),
        withholding: withholding.number, team: number("team"), owner: number("owner"),
        flag: number("withheld"))
    }
  }

  /// Whether records of a kind can be withheld at all.
  func canHide(_ kind: RecordKind) -> Bool { plans[kind] != nil }

  /// Whether one of these fields of a kind can be withheld: then even that a record is found by it tells what it says.
  ///
  /// - Parameter paths: as filters and orders write them, "evidence.record".
  func canHide(_ kind: RecordKind, anyOf paths: some Sequence<String>) -> Bool {
    guard let names = plans[kind]?.names else { return false }
    return paths.contains { path in names.contains(String(path.prefix { $0 != "." })) }
  }

  /// Why a record is withheld from a caller; nil where they may see it.
  ///
  /// - Parameters:
  ///   - body: the record's body as it is now.
  ///   - today: YYYY-MM-DD.
  func withholding(_ kind: RecordKind, _ body: [UInt8], from caller: Principal, today: String) -> Withholding?
  {
    guard let plan = plans[kind] else { return nil }
    var withholding: Withholding?
    var team = ""
    var owner = ""
    body.withUnsafeBytes { buffer in
      var reader = WireReader(buffer)
      while let field = try? reader.next() {
        switch field.number {
        case plan.withholding:
          withholding = try? Withholding(serialized: Array(field.bytes), limits: .trusted)
        case plan.team: team = String(decoding: field.bytes, as: UTF8.self)
        case plan.owner: owner = String(decoding: field.bytes, as: UTF8.self)
        default: break
        }
      }
    }
    guard let withholding, withholding.untilDate.isEmpty || today < withholding.untilDate else { return nil }
    let isOwn = caller.team == team || (!owner.isEmpty && caller.name == owner)
    return isOwn || withholding.teams.contains(caller.team) ? nil : withholding
  }

  /// A body without what is withheld.
  func hidden(_ kind: RecordKind, _ body: [UInt8]) -> [UInt8] {
    guard let plan = plans[kind] else { return body }
    return body.withUnsafeBytes { buffer in
      var kept: [UInt8] = []
      var reader = WireReader(buffer)
      while let field = try? reader.next() {
        if !plan.fields.contains(field.number) { kept.append(contentsOf: buffer[field.range]) }
      }
      // A bool that is true: its tag as a varint, and one.
      if plan.flag > 0 {
        var tag = plan.flag << 3
        while tag >= 0x80 {
          kept.append(UInt8(truncatingIfNeeded: tag) | 0x80)
          tag >>= 7
        }
        kept += [UInt8(tag), 1]
      }
      return kept
    }
  }
}

extension ServiceWorld {
  /// Today in UTC, YYYY-MM-DD.
  var today: String {
    let seconds = clock().seconds
    let (whole, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
    return Int(exactly: rest < 0 ? whole - 1 : whole).flatMap { CalendarDate(daysSince1970: $0) }?.description
      ?? ""
  }

  /// Why a record is withheld from a caller; nil where they may see it.
  ///
  /// - Parameter body: what to go by where there is no such record any more.
  /// - Parameter isCurrent: whether that is how the record is now.
  func withholding(
    of key: RecordKey, _ body: [UInt8], from caller: Principal, isCurrent: Bool
  ) throws -> Withholding? {
    guard veil.canHide(key.kind) else { return nil }
    let present = isCurrent ? body : try store.read(key, in: caller.tenant)?.body ?? body
    guard let found = veil.withholding(key.kind, present, from: caller, today: today),
      try !hasEntered(found.untilStage, key.account, since: found.sinceTime, caller)
    else { return nil }
    return found
  }

  /// Whether an account has entered a stage since a moment; a move that was taken back does not count.
  private func hasEntered(
    _ stage: String, _ account: String?, since: ProtoTimestamp?, _ caller: Principal
  ) throws -> Bool {
    guard !stage.isEmpty, let account else { return false }
    var scan = AccountScan(kinds: [NounCatalog.stageTransitionKind])
    repeat {
      let page = try store.scan(account: account, in: caller.tenant, scan)
      for record in page.records {
        let move = try StageTransition(serialized: record.body, limits: .trusted)
        let moved = move.movedTime?.moment ?? record.createdTime
        if !move.reverted, move.toStage == stage, since.map({ moved >= $0.moment }) ?? true { return true }
      }
      scan.after = page.next
    } while scan.after != nil
    return false
  }

  /// A record as a caller may see it.
  ///
  /// - Parameter isCurrent: false for a record as it was.
  func seen(_ record: StoredRecord, by caller: Principal, isCurrent: Bool = true) throws -> StoredRecord {
    guard try withholding(of: record.key, record.body, from: caller, isCurrent: isCurrent) != nil else {
      return record
    }
    var seen = record
    seen.body = veil.hidden(record.key.kind, record.body)
    return seen
  }

  /// Those of some records that a caller may see whole, in the same order.
  func uncovered(_ records: [StoredRecord], by caller: Principal) throws -> [StoredRecord] {
    try records.filter { try withholding(of: $0.key, $0.body, from: caller, isCurrent: true) == nil }
  }

  /// A change as a caller may see it. Why it was made is as free a text as what it changed.
  func seen(_ change: StoredChange, by caller: Principal) throws -> StoredChange {
    let body = change.after ?? change.before ?? []
    guard try withholding(of: change.key, body, from: caller, isCurrent: false) != nil else { return change }
    var seen = change
    seen.reason = ""
    seen.before = change.before.map { veil.hidden(change.key.kind, $0) }
    seen.after = change.after.map { veil.hidden(change.key.kind, $0) }
    return seen
  }

  /// Refuses who wants to change what is withheld from them: nobody changes what they may not see.
  func requireSight(of record: StoredRecord, by caller: Principal) throws(Problem) {
    let withholding: Withholding?
    do {
      withholding = try self.withholding(of: record.key, record.body, from: caller, isCurrent: true)
    } catch {
      throw .from(error, catalog)
    }
    guard let withholding else { return }
    let name = catalog.resourceName(of: record.key)
    var end = withholding.untilDate.isEmpty ? "" : " It ends on \(withholding.untilDate)."
    if !withholding.untilStage.isEmpty { end += " It ends with the stage \(withholding.untilStage)." }
    throw Problem(
      .permissionDenied, "WITHHELD",
      "\(name) is withheld from your team: \(withholding.reason)\(end) Ask the team that it belongs to.",
      resource: name)
  }
}
