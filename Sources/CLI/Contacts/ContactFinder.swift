internal import FieldFormats
internal import PunosAPI
internal import PunosMessages
internal import RPC
internal import Terminal

/// Contacts as people name them: by id, e-mail address, or a part of the name.
struct ContactFinder {
  let session: Session

  private static let mostCandidates: Int32 = 10

  /// The name to send for what a person wrote.
  ///
  /// - Throws: ``CLIProblem`` with the candidates where more than one person fits.
  func name(of text: String) async throws -> String {
    if text.hasPrefix("contacts/") { return text }
    if text.utf8.count >= 20, text.contains(where: \.isNumber),
      FieldFormat.resourceID.problem(in: text) == nil
    {
      return "contacts/\(text)"
    }
    var request = SearchRequest()
    request.query = text
    request.kinds = ["contact"]
    request.prefix = true
    request.pageSize = Self.mostCandidates
    let hits = try await session.searching.search(request, session.call).hits
    let folded = text.lowercased()
    for fits in [{ $0 == folded }, { $0.hasPrefix(folded) }, { $0.contains(folded) }] as [(String) -> Bool] {
      let found = hits.filter { fits($0.title.lowercased()) }
      if found.count == 1 { return found[0].record }
      if found.count > 1 { throw ambiguous(text, found) }
    }
    if hits.count == 1 { return hits[0].record }
    if hits.isEmpty {
      let isID = FieldFormat.resourceID.problem(in: text) == nil
      if isID { return "contacts/\(text)" }
      throw CLIProblem(
        .notFound, Term(en: "No person fits “\(text)”.", fi: "Kukaan ei sovi hakuun ”\(text)”."),
        remedy: Term(
          en: "Try fewer letters, or: punos contact list", fi: "Kokeile lyhyempää, tai: punos contact list"))
    }
    throw ambiguous(text, hits)
  }

  private func ambiguous(_ text: String, _ hits: [SearchHit]) -> CLIProblem {
    CLIProblem(
      .conflict,
      Term(
        en: "More than one person fits “\(text)”:", fi: "Useampi kuin yksi henkilö sopii hakuun ”\(text)”:"),
      details: hits.map { "\($0.title)  (\($0.record))" },
      remedy: Term(
        en: "Say more of the name, or name the person by id.",
        fi: "Anna nimestä enemmän, tai käytä tunnistetta."))
  }
}
