internal import PunosAPI
internal import PunosMessages
internal import Terminal

/// People whom questions are for, as they are called: a page for people does not name somebody by an id.
struct AskedPeople {
  private var called: [String: String] = [:]

  /// Looks up the people that questions name. One who cannot be read, for example because the person was erased since,
  /// stays an id.
  init(_ questions: [NextQuestion], _ session: Session) async {
    for name in Set(questions.map(\.contact)) where !name.isEmpty {
      var request = GetContactRequest()
      request.name = name
      guard let contact = try? await session.contacts.getContact(request, session.call) else { continue }
      let title = contact.employments.first { $0.validTo.isEmpty }?.title ?? ""
      called[name] = title.isEmpty ? contact.displayName : "\(contact.displayName), \(title)"
    }
  }

  /// Whom to ask, with the person where one is known.
  func text(_ question: NextQuestion, _ language: Language) -> String {
    let ask = UnderstandingPage.text(question.ask, language)
    if question.contact.isEmpty { return ask }
    guard let person = called[question.contact], !person.isEmpty else {
      return "\(ask) (\(question.contact))"
    }
    return (ask.hasSuffix(".") ? String(ask.dropLast()) : ask) + ": \(person)."
  }
}
