import ProtobufBridge
import PunosMessages
import RPC
import Store
import Testing

@testable import Services

/// Answers made of stored bytes must be what encoding the message would give: nobody else checks that.
@Suite struct RecordBytesAnswers {
  private let bytes: RecordBytes

  init() throws {
    let message = try #require(Schema.shared.message(Account.fullName))
    bytes = try #require(RecordBytes(message))
  }

  private func record(_ account: Account, revision: Int64 = 7, deleted: Bool = false) -> StoredRecord {
    stored(account.serialized(), revision: revision, deleted: deleted)
  }

  private func stored(_ body: [UInt8], revision: Int64 = 7, deleted: Bool = false) -> StoredRecord {
    let updated = Moment(seconds: 1_700_000_000, nanoseconds: 123_456_000)
    return StoredRecord(
      key: RecordKey(account: "kuura", kind: NounCatalog.accountKind, id: "kuura"), body: body,
      createdRevision: Revision(3), revision: Revision(revision),
      createdTime: Moment(seconds: 1_600_000_000, nanoseconds: 0), updatedTime: updated,
      deletedTime: deleted ? updated : nil)
  }

  private var account: Account {
    var account = Account()
    account.name = "accounts/kuura"
    account.displayName = "Kuura Oy"
    account.employees = 0
    account.tags = ["a", "b"]
    var parent = AccountParent()
    parent.account = "accounts/lumo"
    account.parents = [parent]
    return account
  }

  @Test(arguments: [false, true])
  func aRecordsAnswerHasTheBytesOfItsMessage(deleted: Bool) throws {
    let record = record(account, deleted: deleted)
    let name = "accounts/kuura"
    #expect(try bytes.message(record, named: name) == Account(record, named: name).serialized())
  }

  @Test func numbersOfEveryLengthAreWritten() throws {
    for revision: Int64 in [1, 127, 128, 16_383, 16_384, 1 << 35, .max] {
      let record = record(account, revision: revision)
      let read = try Account(serialized: bytes.message(record, named: "accounts/kuura"))
      #expect(read.revision == revision)
      #expect(read.etag == "r\(revision)")
      #expect(read.createTime?.moment == record.createdTime && read.updateTime?.moment == record.updatedTime)
    }
  }

  @Test func whatTheBodySaysOfTheServersOwnFieldsIsLeftOut() throws {
    var stale = account
    stale.name = "accounts/old"
    stale.etag = "r1"
    stale.createTime = ProtoTimestamp(Moment(seconds: 5, nanoseconds: 999_000))
    stale.deleteTime = stale.createTime
    let record = record(stale)
    let read = try Account(serialized: bytes.message(record, named: "accounts/kuura"))
    #expect(read == (try Account(self.record(account), named: "accounts/kuura")))
    #expect(read.deleteTime == nil)
  }

  @Test func fieldsOfANewerSchemaAreKept() throws {
    var newer = account
    newer.unknownFields.bytes = [0xFA, 0x3F, 0x02, 0x68, 0x69]
    let answer = try bytes.message(record(newer), named: "accounts/kuura")
    #expect(try Account(serialized: answer).unknownFields == newer.unknownFields)
  }

  @Test func aBodyThatIsNoMessageIsDataLoss() throws {
    let error = #expect(throws: Problem.self) {
      try bytes.message(stored([0x0A, 0x7F, 0x61]), named: "accounts/kuura")
    }
    #expect(error?.code == .dataLoss)
  }
}
