import Domain
import ProtobufBridge
import PunosMessages

/// Committees as tests tell them.
enum CommitteeSamples {
  static let account = "accounts/kuura"
  static let purchase = "accounts/kuura/purchases/mills"
  /// 2026-06-01T12:00:00Z.
  static let now: Int64 = 1_780_315_200
  static let today = "2026-06-01"
  static let day: Int64 = 86_400

  static func member(
    _ id: String, _ role: CommitteeMember.Role, _ fill: (inout CommitteeMember) -> Void = { _ in }
  ) -> CommitteeMember {
    var member = CommitteeMember()
    member.name = "\(account)/committeeMembers/\(id)"
    member.contact = "contacts/\(id)"
    member.displayName = id.prefix(1).uppercased() + id.dropFirst()
    member.role = role
    fill(&member)
    return member
  }

  static func met(
    _ member: inout CommitteeMember, _ coverage: CommitteeMember.Coverage, daysAgo: Int64,
    by teammates: [String]
  ) {
    member.coverage = coverage
    member.lastContactTime = ProtoTimestamp()
    member.lastContactTime?.seconds = now - daysAgo * day
    member.coveredBy = teammates
  }

  /// - Parameters:
  ///   - purchase: empty: whatever is bought.
  ///   - employments: of those who are not employed for good.
  static func committee(
    _ members: [CommitteeMember], of purchase: String = purchase, type: Purchase.Type_ = .renewal,
    decision: CommitteeDecision = .ahead,
    employments: [String: [Employment]] = [:], at moment: Int64 = now,
    touches: [ContactTouch] = [], relationships: [Relationship] = []
  ) -> Committee {
    Committee(
      account: account, purchase: purchase, purchaseType: type, decision: decision, members: members,
      employments: employments.merging(members.map { ($0.contact, [Employment()]) }) { said, _ in said },
      date: today, moment: moment, touches: touches, relationships: relationships)
  }

  static func employment(from first: String = "", to end: String = "") -> Employment {
    var employment = Employment()
    (employment.account, employment.validFrom, employment.validTo) = (account, first, end)
    return employment
  }

  static func time(daysAgo days: Int64) -> ProtoTimestamp {
    var time = ProtoTimestamp()
    time.seconds = now - days * day
    return time
  }

  /// What interactions show of one of the members, at any time up to 400 days ago.
  static func randomTouch(_ generator: inout SeededGenerator) -> ContactTouch {
    ContactTouch(
      contact: "contacts/p\(Int.random(in: 0...9, using: &generator))",
      last: now - Int64.random(in: 0...400, using: &generator) * day,
      channels: Int.random(in: 1...3, using: &generator),
      teammates: Set(["aino", "eero", "sanna"].filter { _ in Bool.random(using: &generator) }))
  }

  /// A tie between two of the members.
  static func randomRelationship(_ generator: inout SeededGenerator) -> Relationship {
    var relationship = Relationship()
    relationship.name = "\(account)/relationships/r\(Int.random(in: 0...99, using: &generator))"
    relationship.kind = Relationship.Kind(rawValue: Int32.random(in: 1...6, using: &generator))
    relationship.fromContact = "contacts/p\(Int.random(in: 0...9, using: &generator))"
    relationship.to = "contacts/p\(Int.random(in: 0...9, using: &generator))"
    relationship.validTo = Bool.random(using: &generator) ? "2026-01-01" : ""
    return relationship
  }

  /// The committee of docs/committees.md.
  static let worked: [CommitteeMember] = [
    member("kaisa", .economicBuyer) { kaisa in
      kaisa.influence = 0.9
      kaisa.wantedCoverage = .several
    },
    member("pekka", .champion) { pekka in
      pekka.influence = 0.6
      pekka.stance = .supportive
      met(&pekka, .deep, daysAgo: 10, by: ["aino"])
    },
    member("liisa", .user) { liisa in
      liisa.influence = 0.4
      met(&liisa, .several, daysAgo: 135, by: ["aino"])
    },
    member("olavi", .decisionMaker) { olavi in
      olavi.influence = 0.8
      olavi.stance = .against
    },
  ]

  /// Members drawn by a generator whose seed the test prints.
  static func random(_ generator: inout SeededGenerator) -> [CommitteeMember] {
    let roles: [CommitteeMember.Role] = [
      .economicBuyer, .decisionMaker, .champion, .influencer, .technicalEvaluator, .user, .procurement,
      .legal,
    ]
    return (0..<Int.random(in: 0...9, using: &generator)).map { index in
      member("p\(index)", roles.randomElement(using: &generator) ?? .user) { member in
        member.purchase = Bool.random(using: &generator) ? purchase : ""
        member.influence = Bool.random(using: &generator) ? Double.random(in: 0...1, using: &generator) : nil
        member.stance = CommitteeMember.Stance(rawValue: Int32.random(in: 0...5, using: &generator))
        member.wantedCoverage = CommitteeMember.Coverage(rawValue: Int32.random(in: 0...4, using: &generator))
        member.coverage = CommitteeMember.Coverage(rawValue: Int32.random(in: 0...4, using: &generator))
        member.updateTime = time(daysAgo: Int64.random(in: 0...400, using: &generator))
        member.coveredBy = ["aino", "eero", "sanna"].filter { _ in Bool.random(using: &generator) }
        if Bool.random(using: &generator) {
          met(
            &member, member.coverage, daysAgo: Int64.random(in: 0...400, using: &generator),
            by: member.coveredBy)
        }
        member.accessTo = (0..<10).map { "contacts/p\($0)" }.filter { _ in
          Int.random(in: 0..<4, using: &generator) == 0
        }
      }
    }
  }
}
