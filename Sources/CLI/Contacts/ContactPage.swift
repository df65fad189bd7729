internal import PunosMessages
internal import Terminal

/// The page about a person.
struct ContactPage {
  let contact: Contact
  /// Names of employers by their resource names, as far as known.
  let employers: [String: String]
  let writing: Writing

  func page() -> Page {
    let language = writing.language
    func say(_ english: String, _ finnish: String) -> String { language.say(en: english, fi: finnish) }
    var page = Page()
    let present = contact.employments.first { $0.validTo.isEmpty }
    let employer = present.map { employers[$0.account] ?? $0.account } ?? ""
    page.title(
      contact.displayName,
      note: (contact.deleteTime == nil ? "" : say("DELETED ", "POISTETTU "))
        + [present?.title ?? "", employer].filter { !$0.isEmpty }.joined(separator: ", "))
    page.paragraph(contact.description)
    page.pairs([
      (
        say("E-mail", "Sähköposti"),
        contact.emails.map { labelled($0.address, $0.label) }.joined(separator: "\n")
      ),
      (
        say("Phone", "Puhelin"),
        contact.phones.map {
          labelled($0.number.isEmpty ? $0.asWritten : PhoneText.shown($0.number), $0.label)
        }
        .joined(separator: "\n")
      ),
      (say("Writes", "Kieli"), contact.language),
      (say("Reach by", "Tavoittaa"), FieldNames.channel(contact.preferredChannel, language)),
      (say("Profession", "Ammatti"), contact.profession), (say("Age group", "Ikäryhmä"), contact.ageGroup),
      (say("Tags", "Tunnisteet"), contact.tags.map { "#" + $0 }.joined(separator: " ")),
    ])
    if !contact.employments.isEmpty {
      page.heading(say("Works and worked at", "Työpaikat"))
      page.items(
        contact.employments.map { employment in
          let what = [employment.title, employment.department, employment.role].filter { !$0.isEmpty }
          let place = employers[employment.account] ?? employment.account
          return (place + (what.isEmpty ? "" : ": " + what.joined(separator: ", ")), span(employment))
        })
    }
    var sources: [String] = []
    for source in contact.sources where !sources.contains(source.source) { sources.append(source.source) }
    page.heading(say("Where this is known from", "Mistä tämä tiedetään"))
    page.pairs([
      (say("Sources", "Lähteet"), sources.joined(separator: ", ")),
      (
        say("Ids there", "Tunnukset"),
        contact.externalIds.map { "\($0.system) \($0.id)" }.joined(separator: " · ")
      ),
      (say("Changed", "Muutettu"), writing.ago(contact.updateTime)), ("Id", contact.name),
    ])
    return page
  }

  private func labelled(_ text: String, _ label: String) -> String {
    label.isEmpty ? text : "\(text)  (\(FieldNames.label(label, writing.language)))"
  }

  private func span(_ employment: Employment) -> String {
    guard !employment.validFrom.isEmpty || !employment.validTo.isEmpty else { return "" }
    return "\(writing.format.date(employment.validFrom))–\(writing.format.date(employment.validTo))"
  }
}
