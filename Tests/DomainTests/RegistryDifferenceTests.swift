import Domain
import PunosMessages
import Testing

@Suite struct RegistryDifferenceTests {
  private func claim(_ path: String, _ value: String, of registry: String = "prh-ytj", since: Int64? = nil)
    -> RegistryClaim
  {
    var claim = RegistryClaim()
    claim.registry = registry
    claim.path = path
    claim.value = value
    if let since {
      var time = ProtoTimestamp()
      time.seconds = since
      claim.observedTime = time
    }
    return claim
  }

  private func account(_ claims: RegistryClaim..., change: (inout Account) -> Void = { _ in }) -> Account {
    var account = Account()
    account.name = "accounts/a"
    account.displayName = "Kuura Konepaja"
    account.registryClaims = claims
    change(&account)
    return account
  }

  private func legal(_ text: String) -> AccountName {
    var name = AccountName()
    name.type = .legal
    name.text = text
    return name
  }

  @Test func aDifferenceIsToldWithTheAccountAndSinceWhen() throws {
    let account = account(claim("names.legal", "Kuura Konepaja Oy", since: Samples.now)) { $0.names = [legal("Kuura Ky")] }
    let signal = try #require(RegistryDifferences.signals(of: account).first)
    #expect(signal.kind == .registryDifference)
    #expect(signal.severity == .notice)
    #expect(signal.evidence == ["accounts/a"])
    #expect(signal.title == "The registry prh-ytj has another legal name")
    #expect(signal.explanation.contains("since 2026-11-23"))
    // Neither side's word is quoted: whoever may see the account reads it there.
    #expect(!"\(signal)".contains("Kuura"))
  }

  @Test func theSameWordOfARegistryIsOneCauseAndAnotherWordAnother() {
    func key(_ claim: RegistryClaim) -> String? { RegistryDifferences.signals(of: account(claim)).first?.dedupKey }
    let first = key(claim("domains", "kuura.fi", since: 1))
    #expect(first != nil)
    #expect(first == key(claim("domains", "kuura.fi", since: 2)))
    #expect(first != key(claim("domains", "kuura.com", since: 1)))
    #expect(first != key(claim("country", "kuura.fi", since: 1)))
    #expect(first != key(claim("domains", "kuura.fi", of: "gleif", since: 1)))
  }

  @Test func aCompanyThatHasEndedMattersMost() {
    let ended = account(claim("status", "STATUS_FORMER")) { $0.status = .current }
    #expect(RegistryDifferences.signals(of: ended).map(\.severity) == [.warning])
    #expect(RegistryDifferences.signals(of: account(claim("attributes.end_date", "2026-01-01"))).first?.severity == .warning)
    #expect(RegistryDifferences.signals(of: account(claim("domains", "kuura.fi"))).first?.severity == .info)
  }

  @Test func whatWasTakenOverIsNoDifference() {
    #expect(RegistryDifferences.signals(of: account()).isEmpty)
  }

  @Test func onceTheAccountSaysTheSameThereIsNoDifferenceHoweverItIsSpelt() throws {
    var industry = Industry()
    industry.code = "28.99"
    var address = PostalAddress()
    address.lines = ["Uusikatu 2"]
    address.postalCode = "33 200"
    address.city = "Tampere"
    var identifier = Identifier()
    identifier.value = "9000012-6"
    var value = AttributeValue()
    value.value = .text("Osakeyhtiö")
    let agreed = account(
      claim("names.legal", "KUURA KONEPAJA OY"), claim("names.trading", "kuura konepaja"),
      claim("identifiers.y_tunnus", "9000012-6"), claim("industries.tol_2008", #"{"code":"2899","title":"Koneet"}"#),
      claim("addresses[visiting]", #"{"lines":["UUSIKATU 2"],"postalCode":"33200","city":"TAMPERE"}"#),
      claim("domains", "kuura.fi"), claim("country", "FI"), claim("attributes.legal_form", "osakeyhtiö"),
      claim("status", "STATUS_FORMER")
    ) {
      $0.names = [legal("Kuura Konepaja Oy")]
      $0.identifiers = [identifier]
      $0.industries = [industry]
      $0.addresses = [address]
      $0.domains = ["kuura.fi"]
      $0.country = "FI"
      $0.attributes = ["legal_form": value]
      $0.status = .former
    }
    #expect(RegistryDifferences.signals(of: agreed).map(\.title) == [])
    var apart = Account()
    apart.name = "accounts/a"
    apart.registryClaims = agreed.registryClaims
    #expect(RegistryDifferences.signals(of: apart).count == agreed.registryClaims.count)
  }

  @Test func whatIsNotUnderstoodStaysADifferenceUntilItIsTakenAway() {
    let odd = account(
      claim("future.field", "x"), claim("industries.tol_2008", "no JSON"), claim("addresses[visiting]", "{"),
      claim("", ""), claim("names", ""))
    #expect(RegistryDifferences.signals(of: odd).count == 5)
  }
}
