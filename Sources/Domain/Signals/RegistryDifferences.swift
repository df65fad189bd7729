import ProtobufBridge
public import PunosMessages

/// What public registries say otherwise than the teams do, as an account keeps it (`registry_claims`).
///
/// An import compares each spelling with care, once; here it is seen whether a claim still stands: it does not once
/// somebody took it over, or the account says the same. The account as it is decides, whichever change led there.
public enum RegistryDifferences {
  /// A signal for each difference that stands.
  public static func signals(of account: Account) -> [FoundSignal] {
    account.registryClaims.filter { !agrees($0, account) }.map { claim in
      let since = claim.observedTime.map { " since \(Today($0.seconds).text)" } ?? ""
      return FoundSignal(
        kind: .registryDifference, severity: severity(claim), title: title(claim),
        explanation: "The registry \(claim.registry) says otherwise than the account does\(since); what it says stands "
          + "in the account's registry_claims. Take it over, or correct what is wrong: once both say the same, this "
          + "signal is resolved.",
        evidence: [account.name],
        dedupKey: "registry:\(account.name):\(fingerprint(claim))")
    }
  }

  /// The same registry that says the same of the same thing is one cause, whenever it says so.
  private static func fingerprint(_ claim: RegistryClaim) -> String {
    StableHash.bytes(of: [claim.registry, claim.path, claim.value]).map { byte in
      let text = String(byte, radix: 16)
      return byte < 16 ? "0" + text : text
    }.joined()
  }

  /// A company that has ended buys nothing more; its name and numbers stand on invoices; the rest can wait.
  private static func severity(_ claim: RegistryClaim) -> Signal.Severity {
    switch field(claim) {
    case "status": .warning
    case "names", "identifiers": .notice
    default: claim.path == "attributes.end_date" ? .warning : .info
    }
  }

  private static func title(_ claim: RegistryClaim) -> String {
    if field(claim) == "status" || claim.path == "attributes.end_date" {
      return "The registry \(claim.registry) says that the company has ended"
    }
    return "The registry \(claim.registry) has another \(words(claim))"
  }

  private static func words(_ claim: RegistryClaim) -> String {
    let detail = detail(claim).map { $0 == "_" ? " " : String($0) }.joined()
    switch field(claim) {
    case "names": return "\(detail) name"
    case "identifiers": return "\(detail) identifier"
    case "industries": return "industry (\(detail))"
    case "addresses": return "\(detail) address"
    case "domains": return "domain"
    case "attributes": return detail
    default: return claim.path
    }
  }

  // MARK: Paths

  /// The account's field: `names` of `names.legal`.
  private static func field(_ claim: RegistryClaim) -> Substring { claim.path.prefix { $0 != "." && $0 != "[" } }

  /// Which of several: `legal` of `names.legal`, `visiting` of `addresses[visiting]`.
  private static func detail(_ claim: RegistryClaim) -> Substring {
    claim.path.dropFirst(field(claim).count + 1).prefix { $0 != "]" }
  }

  // MARK: Agreement

  /// Whether the account says the same, however it is spelt. What is not understood does not agree.
  static func agrees(_ claim: RegistryClaim, _ account: Account) -> Bool {
    func among(_ ours: [String]) -> Bool { ours.contains { folded($0) == folded(claim.value) } }
    switch field(claim) {
    case "names":
      guard detail(claim) == "legal" else { return among(account.names.map(\.text) + [account.displayName]) }
      return among(account.names.filter { $0.type == .legal && $0.validTo.isEmpty }.map(\.text))
    case "identifiers": return among(account.identifiers.map(\.value))
    case "industries":
      guard let industry = try? Industry(jsonString: claim.value) else { return false }
      return account.industries.contains { digits($0.code) == digits(industry.code) }
    case "addresses":
      guard let address = try? PostalAddress(jsonString: claim.value) else { return false }
      return account.addresses.contains { parts($0) == parts(address) }
    case "domains": return among(account.domains)
    case "country": return among([account.country])
    case "attributes": return account.attributes[String(detail(claim))].map { among([text($0)]) } ?? false
    case "status": return account.status == .former && claim.value == "STATUS_FORMER"
    default: return false
    }
  }

  private static func digits(_ code: String) -> String { code.filter { $0.isASCII && $0.isNumber } }

  private static func parts(_ address: PostalAddress) -> [String] {
    [folded(address.lines.joined(separator: " ")), folded(address.postalCode), folded(address.city)]
  }

  private static func text(_ value: AttributeValue) -> String {
    switch value.value {
    case .text(let text): text
    case .date(let date): date
    default: ""
    }
  }

  /// Letters and digits in lower case.
  private static func folded(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }
}
