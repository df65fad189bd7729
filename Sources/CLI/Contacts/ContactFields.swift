internal import ArgumentParser
internal import ProtobufBridge
internal import PunosMessages
internal import Terminal

/// A preferred channel on the command line.
enum ChannelArgument: String, ExpressibleByArgument, CaseIterable, Sendable {
  case email, phone, text, video, person, letter

  var channel: Contact.Channel {
    switch self {
    case .email: .email
    case .phone: .phone
    case .text: .textMessage
    case .video: .video
    case .person: .inPerson
    case .letter: .letter
    }
  }
}

/// Fields of a contact on the command line. Lists are added to; `--clear FIELD` empties one.
struct ContactFields: ParsableArguments, Sendable {
  @Option(name: .customLong("given-name"), help: .say(en: "Given names.", fi: "Etunimet.")) var givenName:
    String?
  @Option(name: .customLong("family-name"), help: .say(en: "Family name.", fi: "Sukunimi.")) var familyName:
    String?
  @Option(help: .say(en: "E-mail address.", fi: "Sähköpostiosoite.")) var email: [String] = []
  @Option(help: .say(en: "Phone number, E.164.", fi: "Puhelinnumero, E.164.")) var phone: [String] = []
  @Option(
    help: .say(
      en: "The employer: id, ext:SYSTEM:ID, business id, domain or name.",
      fi: "Työnantaja: tunniste, ext:JÄRJESTELMÄ:TUNNUS, Y-tunnus, verkkotunnus tai nimi."),
    completion: .custom { words, _, word in await Completions.accounts(word, in: words) })
  var account: String?
  @Option(help: .say(en: "Job title at that employer.", fi: "Tehtävänimike siellä.")) var title: String?
  @Option(help: .say(en: "Department there.", fi: "Osasto siellä.")) var department: String?
  @Option(help: .say(en: "Role in the cooperation with us.", fi: "Rooli yhteistyössä kanssamme.")) var role:
    String?
  @Option(help: .say(en: "First day there, YYYY-MM-DD.", fi: "Ensimmäinen päivä siellä, VVVV-KK-PP."))
  var from: String?
  @Option(
    help: .say(
      en: "The day after the last day there, YYYY-MM-DD.", fi: "Viimeistä päivää seuraava päivä, VVVV-KK-PP.")
  ) var until: String?
  @Option(
    name: .customLong("writes"),
    help: .say(en: "The language to write in, BCP 47.", fi: "Kieli, jolla kirjoitetaan, BCP 47."))
  var language: String?
  @Option(
    help: .say(
      en: "How to reach them: email, phone, text, video, person, letter.",
      fi: "Miten tavoittaa: email, phone, text, video, person, letter.")) var channel: ChannelArgument?
  @Option(help: .say(en: "A label.", fi: "Tunniste (tag).")) var tag: [String] = []
  @Option(
    help: .say(
      en: "The person's id in another system, SYSTEM=ID.",
      fi: "Henkilön tunnus toisessa järjestelmässä, JÄRJESTELMÄ=TUNNUS.")) var ext: [PairArgument] = []
  @Option(help: .say(en: "A custom attribute, NAME=TEXT.", fi: "Oma lisätieto, NIMI=TEKSTI.")) var attribute:
    [PairArgument] = []
  @Option(help: .say(en: "What a colleague should know.", fi: "Mitä kollegan pitää tietää.")) var description:
    String?

  /// Writes what was given.
  ///
  /// - Parameter accountName: the employer's resource name, where one was given.
  /// - Returns: the paths of the fields that were given.
  func write(to contact: inout Contact, accountName: String?) -> [String] {
    var paths: [String] = []
    func set(_ value: String?, _ path: String, _ write: (String) -> Void) {
      guard let value else { return }
      write(value)
      paths.append(path)
    }
    set(givenName, "given_name") { contact.givenName = $0 }
    set(familyName, "family_name") { contact.familyName = $0 }
    set(language, "language") { contact.language = $0 }
    set(description, "description") { contact.description = $0 }
    if let channel {
      contact.preferredChannel = channel.channel
      paths.append("preferred_channel")
    }
    for address in email where !contact.emails.contains(where: { $0.address == address }) {
      contact.emails.append(EmailAddress.with { $0.address = address })
    }
    for number in phone where !contact.phones.contains(where: { $0.number == number }) {
      contact.phones.append(PhoneNumber.with { $0.number = number })
    }
    for value in tag where !contact.tags.contains(value) { contact.tags.append(value) }
    for pair in ext {
      contact.externalIds.removeAll { $0.system == pair.name }
      contact.externalIds.append(ExternalId.with { ($0.system, $0.id) = (pair.name, pair.value) })
    }
    for pair in attribute {
      contact.attributes[pair.name] = AttributeValue.with { $0.value = .text(pair.value) }
    }
    for (list, path) in [
      (email, "emails"), (phone, "phones"), (tag, "tags"), (ext.map(\.name), "external_ids"),
      (attribute.map(\.name), "attributes"),
    ] where !list.isEmpty {
      paths.append(path)
    }
    if writeEmployment(to: &contact, accountName) { paths.append("employments") }
    return paths
  }

  /// Changes the present employment at the account, or adds one.
  private func writeEmployment(to contact: inout Contact, _ accountName: String?) -> Bool {
    guard
      accountName != nil || title != nil || department != nil || role != nil || from != nil || until != nil
    else {
      return false
    }
    let place = contact.employments.firstIndex { employment in
      employment.validTo.isEmpty && (accountName == nil || employment.account == accountName)
    }
    var employment = place.map { contact.employments[$0] } ?? Employment()
    if let accountName { employment.account = accountName }
    if let title { employment.title = title }
    if let department { employment.department = department }
    if let role { employment.role = role }
    if let from { employment.validFrom = from }
    if let until { employment.validTo = until }
    if let place {
      contact.employments[place] = employment
    } else {
      contact.employments.insert(employment, at: 0)
    }
    return true
  }
}
