internal import PunosMessages
internal import Terminal

/// Contacts in rows.
struct ContactRows: RecordRows {
  let language: Language

  init(_ language: Language) { self.language = language }

  let columns: [Listing.Column] = [
    .init("display_name", en: "Name", fi: "Nimi", minimum: 18),
    .init("title", en: "Title", fi: "Tehtävä", minimum: 14),
    .init("email", en: "E-mail", fi: "Sähköposti", minimum: 24),
    .init("phone", en: "Phone", fi: "Puhelin", expendability: 1, minimum: 16),
    .init("account", en: "Works at", fi: "Työpaikka", expendability: 2, minimum: 35),
    .init("name", en: "Id", fi: "Id", expendability: 3, minimum: 26),
  ]

  func row(_ contact: Contact) -> [String] {
    let employment = contact.employments.first { $0.validTo.isEmpty } ?? contact.employments.first
    let phone = contact.phones.first.map { $0.number.isEmpty ? $0.asWritten : PhoneText.shown($0.number) }
    return [
      contact.displayName
        + (contact.deleteTime == nil ? "" : language.say(en: " (deleted)", fi: " (poistettu)")),
      employment?.title ?? "", contact.emails.first?.address ?? "", phone ?? "", employment?.account ?? "",
      String(contact.name.drop { $0 != "/" }.dropFirst()),
    ]
  }
}
