internal import ProtobufBridge
internal import PunosAPI
internal import PunosMessages
internal import RPC
internal import Terminal

/// Finds out what people call records that others refer to.
struct RecordTitles {
  /// Records read at the same time: enough to hide the way there and back, few beside what a server has under way.
  private static let atOnce = 16

  private let session: Session

  init(_ session: Session) { self.session = session }

  /// Titles with those of more records.
  ///
  /// - Parameters:
  ///   - names: of records of any kind; empty ones are left out.
  ///   - known: titles that are known already.
  /// - Returns: titles by names. Records that are gone, or that the caller may not see, have none.
  func adding(_ names: some Sequence<String>, to known: [String: String] = [:]) async throws -> [String:
    String]
  {
    var titles = known
    let wanted = Set(names).filter { !$0.isEmpty && known[$0] == nil }
    try await withThrowingTaskGroup(of: (String, String?).self) { group in
      for (count, name) in wanted.enumerated() {
        if count >= Self.atOnce, let (name, title) = try await group.next() { titles[name] = title }
        group.addTask { (name, try await title(of: name)) }
      }
      for try await (name, title) in group { titles[name] = title }
    }
    return titles
  }

  private func title(of name: String) async throws -> String? {
    do {
      let title = try await read(name)
      return title?.isEmpty == false ? title : nil
    } catch let error as RPCError where [.notFound, .permissionDenied, .invalidArgument].contains(error.code)
    {
      return nil
    }
  }

  private func read(_ name: String) async throws -> String? {
    let parts = name.split(separator: "/")
    switch (parts.count, parts.first) {
    case (2, "accounts"):
      let request = GetAccountRequest.with { $0.name = name }
      return try await session.accounts.getAccount(request, session.call).displayName
    case (2, "contacts"):
      let request = GetContactRequest.with { $0.name = name }
      return try await session.contacts.getContact(request, session.call).displayName
    default:
      let collection = parts.count == 4 ? parts[2] : parts.first ?? ""
      guard let noun = CLINouns.all.first(where: { $0.collection == collection }) else { return nil }
      return try await title(of: name, noun)
    }
  }

  private func title<Noun: CLINoun>(of name: String, _: Noun.Type) async throws -> String {
    var request = Noun.Client.GetRequest()
    request.name = name
    return Noun.title(try await session.client(Noun.self).get(request, session.call))
  }
}
