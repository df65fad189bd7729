internal import PunosMessages

/// The sentences that tell what a strength rests on.
struct TieWords {
  let language: SentenceLanguage

  private func say(_ english: @autoclosure () -> String, _ finnish: @autoclosure () -> String) -> String {
    language.say(english(), finnish())
  }

  /// What somebody says of the two.
  func sentence(_ saying: TieStrength.Saying) -> String {
    let (from, to, kind) = (saying.from, saying.to, saying.claim.kind)
    // A Finnish name would have to be inflected, which only a person can do.
    let sentence = say(
      "somebody says that \(from) \(kind.words) \(to)",
      "suhteesta \(from) → \(to) sanotaan: \(kind.finnishWords)")
    guard saying.claim.said == nil, !saying.claim.isConflict else { return sentence }
    return sentence + say(", which usually means this much", ", mikä yleensä merkitsee tämän verran")
  }

  /// What answers add.
  var answered: String {
    say(
      "messages went both ways, and answers count double",
      "viestejä kulki molempiin suuntiin, ja vastaus lasketaan kahdesti")
  }

  /// What was left out.
  func more(_ count: Int) -> String {
    count == 1
      ? say("1 more interaction", "1 vuorovaikutus lisäksi")
      : say("\(count) more interactions", "\(count) vuorovaikutusta lisäksi")
  }

  /// Why an encounter weighs what it weighs.
  func sentence(_ encounter: Encounter, at now: Int64) -> String {
    let channel = say(encounter.channel.words, encounter.channel.finnishWords)
    let days = (now - encounter.time) / Int64(TieScale.secondsADay)
    let age =
      switch days {
      case 0: say("within a day", "vuorokauden sisällä")
      case 1: say("1 day ago", "1 päivä sitten")
      default: say("\(days) days ago", "\(days) päivää sitten")
      }
    let others = encounter.people - 2
    let company =
      switch others {
      case ...0: ""
      case 1: say(", with 1 more", ", lisäksi 1 muu")
      default: say(", with \(others) more", ", lisäksi \(others) muuta")
      }
    return "\(channel) \(age), \(ways(encounter.direction))\(company)"
  }

  private func ways(_ direction: Interaction.Direction) -> String {
    switch direction {
    case .mutual: say("both ways", "molempiin suuntiin")
    case .inbound: say("from them", "heiltä")
    case .outbound: say("from us", "meiltä")
    default: say("one way", "yhteen suuntaan")
    }
  }
}

extension Relationship.Kind {
  /// In a sentence: "A reports to B".
  fileprivate var words: String {
    switch self {
    case .reportsTo: "reports to"
    case .influences: "influences"
    case .trusts: "trusts"
    case .conflictsWith: "does not get on with"
    case .sponsors: "sponsors"
    case .knows: "knows"
    default: "is connected with"
    }
  }

  fileprivate var finnishWords: String {
    switch self {
    case .reportsTo: "raportoi"
    case .influences: "vaikuttaa"
    case .trusts: "luottaa"
    case .conflictsWith: "ei tule toimeen"
    case .sponsors: "puhuu puolesta"
    case .knows: "tuntee"
    default: "on yhteydessä"
    }
  }
}

extension Interaction.Channel {
  /// In a sentence: "a meeting".
  fileprivate var words: String {
    switch self {
    case .meeting: "a meeting"
    case .video: "a video meeting"
    case .phone: "a phone call"
    case .email: "an e-mail"
    case .chat: "a chat"
    case .event: "an event"
    case .web: "a visit to the web site"
    case .portal: "something done in the portal"
    case .letter: "a letter"
    case .order: "an order"
    case .ticket: "a service request"
    case .delivery: "a delivery"
    case .invoice: "an invoice"
    case .social: "a post"
    default: "an interaction"
    }
  }

  fileprivate var finnishWords: String {
    switch self {
    case .meeting: "tapaaminen"
    case .video: "videotapaaminen"
    case .phone: "puhelu"
    case .email: "sähköposti"
    case .chat: "viestittely"
    case .event: "tapahtuma"
    case .web: "käynti verkkosivuilla"
    case .portal: "toiminta portaalissa"
    case .letter: "kirje"
    case .order: "tilaus"
    case .ticket: "palvelupyyntö"
    case .delivery: "toimitus"
    case .invoice: "lasku"
    case .social: "julkaisu"
    default: "vuorovaikutus"
    }
  }
}
