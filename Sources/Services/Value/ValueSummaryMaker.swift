import Domain
import PunosMessages
import Store

/// Gathers what a value summary may tell.
struct ValueSummaryMaker {
  private let world: ServiceWorld
  private let reading: AccountReading

  init(_ world: ServiceWorld, _ caller: Principal) {
    self.world = world
    reading = AccountReading(world, caller, at: nil)
  }

  func summary(_ request: ExportValueSummaryRequest) async throws(Problem) -> ExportValueSummaryResponse {
    let (key, account) = try await reading.account(named: request.name, field: "name")
    let language = SentenceLanguage(code: request.language)
    let people: [AccountContact] = try await reading.all(NounCatalog.accountContactKind, in: key)
    let drivers: [ValueDriver] = try await reading.all(NounCatalog.valueDriverKind, in: key)
    let named = try await named(request.namedContacts, among: people)
    let hidden = people.filter { person in !named.contains { $0.contact == person.contact } }
    let today = Days.text(try await reading.moment())
    let content = ValueSummaryContent(
      customer: account.displayName, sender: request.sender,
      date: request.date.isEmpty ? today : request.date, language: language,
      people: named.map { .init(name: $0.displayName, title: $0.presentTitle) }, drivers: drivers,
      redactor: NameRedactor(
        names: hidden.map(\.displayName), allowed: named.map(\.displayName), language: language))
    return response(content, request.format == .html, key.id)
  }

  /// The people that may be named, in the order asked.
  private func named(
    _ names: [String], among people: [AccountContact]
  ) async throws(Problem) -> [AccountContact] {
    let resolved = try await References(world, reading.caller).resolveAll(names.filter { References.isLookup($0) })
    var named: [AccountContact] = []
    var problems: [FieldProblem] = []
    for (index, name) in names.enumerated() {
      let contact = resolved[name] ?? name
      if let person = people.first(where: { $0.contact == contact && $0.isPresent }) {
        named.append(person)
      } else {
        problems.append(
          FieldProblem(
            path: "named_contacts[\(index)]",
            description: "this person does not work at the account now; name only people who do",
            reason: "NOT_AT_ACCOUNT"))
      }
    }
    guard problems.isEmpty else { throw .invalid(problems) }
    return named
  }

  private func response(
    _ content: ValueSummaryContent, _ isHTML: Bool, _ id: String
  ) -> ExportValueSummaryResponse {
    var response = ExportValueSummaryResponse()
    response.content = isHTML ? content.html() : content.markdown()
    response.mediaType = isHTML ? "text/html" : "text/markdown"
    response.fileName = "value-\(id)-\(content.date)." + (isHTML ? "html" : "md")
    response.omissions = content.omissions.sorted { $0.key < $1.key }.map { name, reason in
      var omission = ExportValueSummaryResponse.Omission()
      omission.valueDriver = name
      omission.reason = reason.message
      return omission
    }
    response.namesRemoved = Int32(clamping: content.namesRemoved)
    return response
  }
}

extension AccountContact {
  /// Whether the person works at the account now.
  fileprivate var isPresent: Bool { employments.contains { $0.validTo.isEmpty } }

  /// The title of the present employment; empty where it has none.
  fileprivate var presentTitle: String { employments.first { $0.validTo.isEmpty }?.title ?? "" }
}

extension ValueSummaryContent.Omission {
  /// The same as the API has it.
  fileprivate var message: ExportValueSummaryResponse.Omission.Reason {
    switch self {
    case .marked: .internal
    case .individual: .individual
    case .noRoom: .noRoom
    }
  }
}
