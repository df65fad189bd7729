internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// An item of a handover on the command line.
struct ItemArgument: ParsableArguments {
  @Argument(
    help: .say(
      en: "The item: its id, as `show` and the file have it, or words of its title.",
      fi: "Kohta: sen tunniste niin kuin `show` ja tiedosto sen näyttävät, tai sanoja sen otsikosta."))
  var item: String

  /// The id of the item in a handover.
  func id(in handover: String, _ session: Session) async throws -> String {
    try await Self.id(of: item, in: handover, session)
  }

  /// The id of an item that a person named.
  static func id(of item: String, in handover: String, _ session: Session) async throws -> String {
    var request = GetHandoverRequest()
    request.name = handover
    return try find(item, in: try await session.handovers.getHandover(request, session.call)).id
  }

  /// The item of a handover.
  func item(of handover: Handover) throws(CLIProblem) -> HandoverItem { try Self.find(item, in: handover) }

  private static func find(_ item: String, in handover: Handover) throws(CLIProblem) -> HandoverItem {
    if let found = handover.items.first(where: { $0.id == item }) { return found }
    let named = handover.items.filter { $0.title.lowercased().contains(item.lowercased()) }
    if let found = named.first, named.count == 1 { return found }
    throw CLIProblem(
      named.isEmpty ? .notFound : .conflict,
      named.isEmpty
        ? Term(
          en: "\(handover.title) has no item “\(item)”.",
          fi: "Luovutuksessa \(handover.title) ei ole kohtaa ”\(item)”.")
        : Term(
          en: "\(handover.title) has more than one item “\(item)”.",
          fi: "Luovutuksessa \(handover.title) on useita kohtia ”\(item)”."),
      at: handover.name, details: (named.isEmpty ? handover.items : named).map { "\($0.id): \($0.title)" },
      remedy: Term(en: "Choose one of these ids.", fi: "Valitse jokin näistä tunnisteista."))
  }
}
