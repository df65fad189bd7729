import ProtobufBridge
import PunosMessages
import Store

/// Keeps the name that a committee shows of a person in step with the contact.
enum CommitteeNames {
  /// The writes that follow from a person's new name.
  static func following(_ before: Contact?, _ after: Contact?, _ world: RecordWorld) throws -> [CommitOperation] {
    guard let before, let after, before.displayName != after.displayName else { return [] }
    let accounts = Set(before.employments.map(\.account) + after.employments.map(\.account)).sorted()
    return try accounts.flatMap { name -> [CommitOperation] in
      guard let account = world.catalog.key(of: name)?.account else { return [] }
      let members: [CommitteeMember] = try world.values(of: CommitteeMemberRules.kind, inAccount: account)
      return members.filter { $0.contact == after.name }.compactMap { member in
        guard let key = world.catalog.key(of: member.name) else { return nil }
        var renamed = member
        let revision = Revision(member.revision)
        renamed.clearOutputFields()
        renamed.displayName = after.displayName
        return .put(key, body: renamed.serialized(), expecting: .revision(revision))
      }
    }
  }
}
