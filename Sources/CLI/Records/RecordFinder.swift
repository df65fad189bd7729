internal import FieldFormats
internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import RPC
internal import Terminal

/// Records of a kind as people name them: by resource name, by the id that lists show, by an external id, or by words
/// of their title.
struct RecordFinder<Noun: CLINoun> {
  let session: Session

  private static var mostCandidates: Int32 { 10 }

  /// The name to send for what a person wrote.
  ///
  /// - Parameter mayBeGone: a record that is deleted is meant as well; those are found by their ids only.
  /// - Throws: ``CLIProblem`` with the candidates where more than one record fits.
  func name(of text: String, mayBeGone: Bool = false) async throws -> String {
    if let certain = Self.certainName(text) { return certain }
    let byID = Self.nameByID(text)
    if let byID, try await isThere(byID) { return byID }
    var request = SearchRequest()
    request.query = text
    request.kinds = [Noun.kind]
    request.prefix = true
    request.pageSize = Self.mostCandidates
    let hits = try await session.searching.search(request, session.call).hits
    let folded = text.lowercased()
    let exact = hits.filter { $0.title.lowercased() == folded }
    if exact.count == 1 { return exact[0].record }
    // What has figures in it is an id that is mistyped, and the server names the nearest.
    if let byID, hits.isEmpty, mayBeGone || text.contains(where: \.isNumber) { return byID }
    if hits.count == 1 { return hits[0].record }
    throw hits.isEmpty ? missing(text) : ambiguous(text, hits)
  }

  /// The name of a record that is deleted, for what a person wrote: an id, for nobody finds it by its title any more.
  func nameOfDeleted(_ text: String) async throws -> String {
    if let name = Self.certainName(text) ?? Self.nameByID(text) { return name }
    return try await name(of: text)
  }

  /// The name where the text alone tells it.
  static func certainName(_ text: String) -> String? {
    let collection = Noun.collection
    if text.hasPrefix("accounts/") || text.hasPrefix(collection + "/") { return text }
    if text.hasPrefix("ext:") {
      return Noun.isInAccount ? "accounts/-/\(collection)/\(text)" : "\(collection)/\(text)"
    }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.allSatisfy({ FieldFormat.resourceID.problem(in: $0) == nil }) else { return nil }
    if Noun.isInAccount, parts.count == 2 { return "accounts/\(parts[0])/\(collection)/\(parts[1])" }
    return nil
  }

  /// The name where the text is an id of its kind, which a title may be, too.
  static func nameByID(_ text: String) -> String? {
    guard !Noun.isInAccount, FieldFormat.resourceID.problem(in: text) == nil else { return nil }
    return "\(Noun.collection)/\(text)"
  }

  private func isThere(_ name: String) async throws -> Bool {
    var request = Noun.Client.GetRequest()
    request.name = name
    do {
      _ = try await session.client(Noun.self).get(request, session.call)
      return true
    } catch let error as RPCError where error.code == .notFound {
      return false
    }
  }

  private func missing(_ text: String) -> CLIProblem {
    CLIProblem(
      .notFound,
      Term(
        en: "No \(Noun.one(in: .english)) fits “\(text)”.",
        fi: "Mikään \(Noun.one(in: .finnish)) ei sovi hakuun ”\(text)”."),
      remedy: Term(
        en: "Look at the list: punos \(Noun.command) list", fi: "Katso luetteloa: punos \(Noun.command) list")
    )
  }

  private func ambiguous(_ text: String, _ hits: [SearchHit]) -> CLIProblem {
    CLIProblem(
      .conflict,
      Term(
        en: "More than one \(Noun.one(in: .english)) fits “\(text)”:",
        fi: "Useampi kuin yksi \(Noun.one(in: .finnish)) sopii hakuun ”\(text)”:"),
      details: hits.map { "\($0.title)  (\(RecordNames.short($0.record)))" },
      remedy: Term(en: "Name it by its id.", fi: "Käytä tunnistetta."))
  }
}
