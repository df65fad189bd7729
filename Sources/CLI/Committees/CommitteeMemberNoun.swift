internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

extension CommitteeMember: NamedRecord {}

/// Members of committees on the command line.
enum CommitteeMemberNoun: CLINoun {
  typealias Client = CommitteeMemberServiceClient
  typealias Record = CommitteeMember

  static let command = "committee"
  static let one = Term(en: "member of a committee", fi: "päätöksentekijä")
  static let many = Term(en: "members of committees", fi: "päätöksentekijät")
  static let abstract = Term(
    en: "Who takes part in customers' decisions: roles, stance, influence, and how well we are in touch.",
    fi: "Ketkä osallistuvat asiakkaiden päätöksiin: roolit, kanta, vaikutusvalta ja yhteytemme heihin.")

  static let columns: [NounColumn<CommitteeMember>] = [
    NounColumn(.init("display_name", en: "Person", fi: "Henkilö", minimum: 20)) { record, _ in
      record.displayName
    },
    NounColumn(.init("role", en: "Roles", fi: "Roolit", minimum: 14, wraps: true)) { record, writing in
      ([record.role] + record.moreRoles).map { $0.title(writing.language) }.joined(separator: ", ")
    },
    NounColumn(.init("stance", en: "Stance", fi: "Kanta", minimum: 8)) { record, writing in
      record.stance.title(writing.language)
    },
    NounColumn(.init("purchase", en: "Purchase", fi: "Osto", expendability: 1, minimum: 14)) {
      record, writing in
      record.purchase.isEmpty ? "" : writing.called(record.purchase)
    },
    NounColumn(.init("influence", en: "Weight", fi: "Paino", isNumber: true, expendability: 2)) {
      record, writing in
      record.influence.map { writing.format.number($0 * 100, decimals: 0) + " %" } ?? ""
    },
    NounColumn(.init("coverage", en: "Contact", fi: "Yhteys", minimum: 8)) { record, writing in
      record.coverage.title(writing.language)
    },
    NounColumn(.init("last_contact_time", en: "Last met", fi: "Tavattu", expendability: 2)) {
      record, writing in
      writing.ago(record.lastContactTime)
    },
    NounColumn(.init("valid_to", en: "Until", fi: "Asti", expendability: 3, minimum: 10)) { record, writing in
      writing.format.date(record.validTo)
    },
  ]

  static func title(_ record: CommitteeMember) -> String { record.displayName }
  static func externalIDs(_ record: CommitteeMember) -> [ExternalId] { record.externalIds }
  static func named(in record: CommitteeMember) -> [String] { [record.purchase] }
  static func shown(in view: AccountView) -> [CommitteeMember] {
    view.committeeMembers.filter { view.isOfItsDay(from: $0.validFrom, to: $0.validTo) }
  }
}

struct CommitteeCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    RecordCommands<CommitteeMemberNoun>.configuration(
      and: [AddMemberCommand.self, CoverageCommand.self])
  }
}

/// Adds a person to a committee: `create` with the fields that everybody needs as options.
struct AddMemberCommand: ServerCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "add",
      abstract: say(
        en: "Add a person to a customer's committee.",
        fi: "Lisää henkilö asiakkaan päätöksentekijöihin."),
      discussion: say(
        en: "Example: punos committee add Kuura 'Kaisa Virtanen' --role champion --set stance=supportive",
        fi: "Esimerkki: punos committee add Kuura 'Kaisa Virtanen' --role champion --set stance=supportive"))
  }

  @Argument(
    help: .say(
      en: "The account.",
      fi: "Asiakkuus."), completion: .custom { words, _, word in await Completions.accounts(word, in: words) }
  )
  var account: String
  @Argument(
    help: .say(
      en: "The person: name, e-mail address or id.",
      fi: "Henkilö: nimi, sähköpostiosoite tai tunniste."))
  var person: String
  @Option(
    help: .say(
      en: "The role; may be given more than once, the main one first.",
      fi: "Rooli; voi antaa monta kertaa, tärkein ensin."))
  var role: [String] = []
  @Option(
    help: .say(
      en: "The purchase; where not given, the person takes part in whatever they decide about us.",
      fi: "Osto; jos ei anneta, henkilö osallistuu kaikkiin meitä koskeviin päätöksiin."))
  var purchase: String?
  @OptionGroup var fields: RecordFields
  @OptionGroup var change: ChangeOptions
  @OptionGroup var globals: GlobalOptions

  func perform(_ session: Session) async throws {
    var fields = fields
    for (index, word) in role.enumerated() {
      if let pair = PairArgument(argument: "\(index == 0 ? "role" : "more_roles")=\(word)") {
        fields.set.append(pair)
      }
    }
    var request = CreateCommitteeMemberRequest()
    request.parent = try await AccountFinder(session: session).name(of: account)
    var member = try await fields.read(CommitteeMember.self, session).record
    member.contact = try await ContactFinder(session: session).name(of: person)
    if let purchase {
      member.purchase = try await RecordFinder<PurchaseNoun>(session: session).name(of: purchase)
    }
    request.committeeMember = member
    request.reason = change.reason
    request.requestId = change.requestID
    request.validateOnly = change.isDryRun
    let created = try await CommitteeMemberServiceClient(session.channel).createCommitteeMember(
      request, session.call)
    let (name, shown) = (RecordNames.short(created.name), created.displayName)
    try RecordPrinter(session, rows: NounRows<CommitteeMemberNoun>(session.language)).outcome(
      created,
      change.isDryRun
        ? Term(en: "Would add \(shown).", fi: "Lisäisi: \(shown).")
        : Term(en: "Added \(shown) (\(name)).", fi: "Lisättiin: \(shown) (\(name))."))
  }
}
