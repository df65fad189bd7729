internal import ProtobufBridge
internal import PunosMessages
internal import RPC
internal import Terminal

/// What a server says of a refused call beyond the status: read from `google.rpc.Status` and its details.
struct StatusDetails: Sendable {
  /// The case in upper snake case, such as `STALE_ETAG`; empty where the server says none.
  var reason = ""
  /// Facts by name, such as `nearest`.
  var facts: [String: String] = [:]
  /// Every field that breaks a rule: its path, what was expected, and the rule's name.
  var fields: [(path: String, problem: String, reason: String)] = []
  /// Fields that refer to an account that is not there.
  var missingRecords: Set<String> = []
  /// The record it is about.
  var resource = ""

  /// Reads details; what cannot be read is left out, since the status itself still tells the main thing.
  init(_ encoded: [UInt8]) {
    self.init((try? GoogleRPCStatus(serialized: encoded)) ?? GoogleRPCStatus())
  }

  /// Reads details of a status inside another message.
  init(_ status: GoogleRPCStatus) {
    for any in status.details {
      switch any.typeUrl.split(separator: "/").last.map(String.init) ?? "" {
      case GoogleRPCErrorInfo.fullName:
        guard let info = try? GoogleRPCErrorInfo(serialized: any.value) else { continue }
        reason = info.reason
        facts = info.metadata
      case GoogleRPCBadRequest.fullName:
        guard let request = try? GoogleRPCBadRequest(serialized: any.value) else { continue }
        fields += request.fieldViolations.map { ($0.field, $0.description, $0.reason) }
        missingRecords.formUnion(
          request.fieldViolations.filter { $0.reason.hasPrefix("UNKNOWN_") }.map(\.field))
      case GoogleRPCResourceInfo.fullName:
        guard let info = try? GoogleRPCResourceInfo(serialized: any.value) else { continue }
        resource = info.resourceName
      default: continue
      }
    }
  }
}

extension StatusDetails {
  /// Every faulty field with what is wrong with it.
  func told(in language: Language) -> [String] {
    fields.map {
      "\($0.path): \(Sentences.violation($0.problem, reason: $0.reason, field: $0.path, in: language))"
    }
  }
}

extension CLIProblem {
  /// Most faulty fields shown: a page of them.
  private static let mostFields = 40

  /// What a failed call means to the person who made it.
  ///
  /// - Parameter endpoint: the server that was called.
  init(_ error: RPCError, endpoint: String) {
    let details = StatusDetails(error.details)
    let lines =
      Array(details.told(in: HelpLanguage.current).prefix(Self.mostFields))
      + (details.fields.count > Self.mostFields ? ["… +\(details.fields.count - Self.mostFields)"] : [])
    let place = details.resource.isEmpty ? endpoint : "\(details.resource) (\(endpoint))"
    self.init(
      ExitStatus(error.code), Self.sentence(error, details, hasFields: !lines.isEmpty), at: place,
      details: lines,
      remedy: Self.remedy(error.code, details))
  }

  /// What only asks: where it is wrong, nothing was about to be changed.
  private static let questions: Set<String> = ["filter", "order_by", "query", "page_token", "read_mask"]

  private static func sentence(_ error: RPCError, _ details: StatusDetails, hasFields: Bool) -> Term {
    guard hasFields else {
      if let told = Refusal.finnish(error.message, reason: details.reason) {
        return Term(en: error.message, fi: told)
      }
      return Term(
        en: error.message,
        fi: finnish(error.code, details).map { "\($0) (\(error.message))" } ?? error.message)
    }
    if details.fields.allSatisfy({ questions.contains($0.path) }) {
      return Term(en: "The server cannot answer this:", fi: "Palvelin ei voi vastata tähän:")
    }
    return Term(
      en: "The server refuses these values; nothing was changed:",
      fi: "Palvelin ei hyväksy näitä arvoja; mitään ei muutettu:")
  }

  /// What a status means, in Finnish: servers speak English, and their sentence stands behind it.
  private static func finnish(_ code: StatusCode, _ details: StatusDetails) -> String? {
    switch code {
    case .notFound: "Sellaista tietuetta ei ole."
    case .alreadyExists: "Sellainen tietue on jo."
    case .aborted where details.reason == "STALE_ETAG": "Tietue on muuttunut sen jälkeen, kun se luettiin."
    case .failedPrecondition where details.reason == "BASE_ERASED":
      "Luovutuksesta poistettiin henkilön tietoja sen jälkeen, kun tiedosto haettiin; tiedosto toisi ne takaisin."
    case .unauthenticated: "Palvelin ei tunne sinua."
    case .permissionDenied: "Sinulla ei ole tähän oikeutta."
    case .unavailable: "Palvelimeen ei saada yhteyttä."
    case .deadlineExceeded: "Palvelin ei vastannut ajoissa."
    case .resourceExhausted: "Pyyntö on liian suuri, tai pyyntöjä on liikaa."
    case .internal, .dataLoss, .unknown: "Palvelimessa on vika."
    default: nil
    }
  }

  private static func remedy(_ code: StatusCode, _ details: StatusDetails) -> Term? {
    switch code {
    case .notFound where details.facts["nearest"] == nil:
      Term(
        en: "Look for it by its words: punos search WORDS", fi: "Etsi sitä sanoilla: punos search SANAT")
    case .aborted where details.reason == "STALE_ETAG":
      Term(
        en: "Read the record again and repeat the change on what it is now.",
        fi: "Lue tieto uudelleen ja tee muutos sen nykyiseen tilaan.")
    case .failedPrecondition where details.reason == "BASE_ERASED":
      Term(
        en: "Keep what you wrote elsewhere, remove the file, sync, and write it again without the person.",
        fi: "Ota kirjoittamasi talteen, poista tiedosto, synkronoi ja kirjoita se uudelleen ilman henkilöä.")
    case .unauthenticated:
      Term(
        en:
          "The server needs a certificate that names tenant, team and person. An administrator makes one with: "
          + "punosd cert issue. Then: punos context add",
        fi:
          "Palvelin vaatii varmenteen, jossa on organisaatio, tiimi ja henkilö. Ylläpitäjä tekee sen komennolla "
          + "punosd cert issue. Sitten: punos context add")
    case .permissionDenied:
      Term(
        en: "Ask an administrator whether you should be allowed this.",
        fi: "Kysy ylläpitäjältä, pitäisikö sinulla olla tähän oikeus.")
    case .unavailable, .deadlineExceeded:
      Term(
        en: "Find out what is wrong between here and there with: punos doctor",
        fi: "Selvitä, mistä yhteys katkeaa: punos doctor")
    case .unimplemented:
      Term(
        en: "The server is older than this client. Compare: punos version",
        fi: "Palvelin on vanhempi kuin tämä ohjelma. Vertaa: punos version")
    case .internal, .dataLoss, .unknown:
      Term(
        en: "This is the server's fault; its log says more to an administrator.",
        fi: "Vika on palvelimessa; sen loki kertoo ylläpitäjälle lisää.")
    default: nil
    }
  }
}

extension ExitStatus {
  /// The exit status that a failed call's status maps to.
  init(_ code: StatusCode) {
    self =
      switch code {
      case .notFound: .notFound
      case .invalidArgument, .outOfRange, .resourceExhausted: .refused
      case .alreadyExists, .aborted, .failedPrecondition: .conflict
      case .unauthenticated, .permissionDenied: .notAllowed
      case .unavailable, .deadlineExceeded: .unreachable
      case .cancelled: .interrupted
      default: .failure
      }
  }
}
