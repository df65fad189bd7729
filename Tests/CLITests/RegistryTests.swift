import ProtobufBridge
import PunosMessages
import Terminal
import Testing

@testable import CLI
@testable import DataFiles

@Suite struct RegistryTests {
  private var entry: RegistryCompany {
    var company = RegistryCompany(registry: "prh-ytj", line: 1)
    company.businessID = "9000012-6"
    company.names = [
      .init(text: "Kuura Konepaja Oy", kind: .legal, validFrom: "2001-05-02"),
      .init(text: "Kuuran Huolto", kind: .trading),
      .init(text: "Kuura Metalli Oy", kind: .former, validFrom: "1990-01-01", validTo: "2001-05-02"),
    ]
    company.legalForm = "Osakeyhtiö"
    company.businessLine = .init(scheme: "tol_2008", code: "28990", title: "Koneiden valmistus")
    company.addresses = [
      .init(label: "visiting", lines: ["Uusikatu 2"], postalCode: "33200", city: "TAMPERE", country: "FI")
    ]
    company.website = "https://www.kuura.example"
    company.registrationDate = "1990-01-01"
    company.changeDate = "2026-03-01"
    return company
  }

  private var account: Account {
    Account.with {
      $0.name = "accounts/x"
      $0.displayName = "Kuura Konepaja"
      $0.status = .current
      $0.identifiers = [Identifier.with { ($0.type, $0.value) = (.yTunnus, "9000012-6") }]
    }
  }

  private let day = RegistryRun.moment("2026-03-01")

  @Test func whatAnAccountDoesNotSayIsFilledInWithItsSource() throws {
    let result = RegistryComparison(account, entry, observed: day)
    let after = result.account
    #expect(after.names.map(\.text) == ["Kuura Konepaja Oy", "Kuuran Huolto", "Kuura Metalli Oy"])
    #expect(after.names.map(\.type) == [.legal, .trading, .former])
    #expect(after.addresses.first?.city == "TAMPERE")
    #expect(after.domains == ["kuura.example"])
    #expect(after.industries.first?.code == "28990")
    #expect(after.country == "FI")
    #expect(after.attributes["legal_form"]?.value == .text("Osakeyhtiö"))
    #expect(after.attributes["registration_date"]?.value == .date("1990-01-01"))
    #expect(result.differences.isEmpty)
    #expect(after.registryClaims.isEmpty)
    #expect(after.displayName == "Kuura Konepaja")
    let source = try #require(after.sources.first { $0.path == "addresses" })
    #expect(source.source == "prh-ytj")
    #expect(source.observedTime == day)
    #expect(Set(result.paths).isSuperset(of: ["names", "addresses", "sources"]))
  }

  @Test func whatAnAccountSaysOtherwiseIsNeverOverwritten() throws {
    var before = account
    before.names = [AccountName.with { ($0.type, $0.text) = (.legal, "Kuura Ky") }]
    before.addresses = [
      PostalAddress.with {
        ($0.label, $0.lines, $0.postalCode, $0.city) = ("visiting", ["Vanhakatu 1"], "33100", "Tampere")
      }
    ]
    before.domains = ["kuurakonepaja.example"]
    let result = RegistryComparison(before, entry, observed: day)
    #expect(result.account.names.filter { $0.type == .legal } == before.names)
    #expect(result.account.addresses == before.addresses)
    #expect(result.account.domains == before.domains)
    #expect(result.differences.map(\.claim.path) == ["names.legal", "addresses[visiting]", "domains"])
    #expect(result.account.registryClaims.map(\.value).first == "Kuura Konepaja Oy")
    #expect(result.account.registryClaims.allSatisfy { $0.registry == "prh-ytj" && $0.observedTime == day })
    #expect(RegistryDifference.all(of: result.account).map(\.ours).first == "Kuura Ky")
  }

  @Test func theSameEntryTwiceChangesNothing() {
    var before = account
    before.names = [AccountName.with { ($0.type, $0.text) = (.legal, "Kuura Ky") }]
    let once = RegistryComparison(before, entry, observed: day).account
    // A later reading that says the same keeps the day on which the difference was first seen.
    let twice = RegistryComparison(once, entry, observed: RegistryRun.moment("2026-06-01"))
    #expect(twice.paths.isEmpty)
    #expect(twice.account == once)
    #expect(twice.differences.count == 1)
  }

  @Test func aTownAloneIsCompletedAndNotContradicted() {
    var before = account
    before.addresses = [PostalAddress.with { ($0.label, $0.city, $0.country) = ("visiting", "Tampere", "FI") }]
    before.industries = [Industry.with { ($0.scheme, $0.title) = (.own, "Konepaja") }]
    let result = RegistryComparison(before, entry, observed: day)
    #expect(result.differences.isEmpty)
    #expect(result.account.addresses.map(\.lines) == [["Uusikatu 2"]])
    #expect(result.account.addresses.first?.city == "Tampere")
    // What the teams say first stays first.
    #expect(result.account.industries.map(\.scheme) == [.own, .tol2008])
  }

  @Test func theHistoryTellsWhatARegistrySaid() {
    let claim = RegistryClaim.with {
      ($0.registry, $0.path) = ("prh-ytj", "addresses[visiting]")
      $0.value = "{\"lines\":[\"Uusikatu 2\"],\"postalCode\":\"33200\",\"city\":\"TAMPERE\"}"
    }
    var difference = PunosMessages.FieldDifference()
    difference.path = "registry_claims[0]"
    difference.after = (try? claim.jsonString()) ?? ""
    #expect(
      DifferenceText.sentence(difference, .finnish)
        == "rekisterit kertovat: + YTJ: käyntiosoite Uusikatu 2, 33200 Tam…")
  }

  @Test(arguments: ["KUURA KONEPAJA OY", "Kuura Konepaja osakeyhtiö", "Kuura  Konepaja Oy"])
  func anotherSpellingIsNoDifference(_ spelling: String) {
    var before = account
    before.names = [AccountName.with { ($0.type, $0.text) = (.legal, spelling) }]
    before.addresses = [
      PostalAddress.with {
        ($0.label, $0.lines, $0.postalCode, $0.city) = ("office", ["uusikatu 2"], "33200", "Tampere")
      }
    ]
    let result = RegistryComparison(before, entry, observed: day)
    #expect(result.differences.isEmpty)
    #expect(result.account.addresses.count == 1)
  }

  @Test func aDifferenceEndsWhenTheTeamCorrectsOrTheRegistryDoes() {
    var before = account
    before.names = [AccountName.with { ($0.type, $0.text) = (.legal, "Kuura Ky") }]
    var corrected = RegistryComparison(before, entry, observed: day).account
    corrected.names[0].text = "Kuura Konepaja Oy"
    #expect(RegistryDifference.all(of: corrected).isEmpty)
    let again = RegistryComparison(corrected, entry, observed: day)
    #expect(again.account.registryClaims.isEmpty)
    #expect(again.paths == ["registry_claims"])
  }

  @Test func oneRegistrysClaimsAreNotTouchedByAnother() {
    var before = account
    before.names = [AccountName.with { ($0.type, $0.text) = (.legal, "Kuura Ky") }]
    let first = RegistryComparison(before, entry, observed: day).account
    var other = RegistryCompany(registry: "gleif", line: 1)
    other.names = [.init(text: "Kuura Group Oy", kind: .legal)]
    let second = RegistryComparison(first, other, observed: nil)
    #expect(second.account.registryClaims.map(\.registry) == ["prh-ytj", "gleif"])
  }

  @Test func aCompanyThatHasEndedIsADifferenceToACustomerOnly() throws {
    var ended = entry
    ended.endDate = "2026-02-28"
    let customer = RegistryComparison(account, ended, observed: day)
    #expect(customer.account.status == .current)
    #expect(customer.account.attributes["end_date"]?.value == .date("2026-02-28"))
    let difference = try #require(customer.differences.first { $0.claim.path == "status" })
    #expect(
      RegistryPrinter.sentence(difference, .finnish) == "tila: meillä nykyinen, rekisterissä entinen")
    var nobody = account
    nobody.status = .unspecified
    #expect(RegistryComparison(nobody, ended, observed: day).differences.isEmpty)
  }

  @Test func everyKindOfStatementIsReadBackFromWhatIsKeptOfIt() throws {
    var ended = entry
    ended.endDate = "2026-02-28"
    ended.lei = "549300A0JPRWG1KI7U06"
    for statement in RegistryStatement.all(of: ended) {
      let claim = RegistryClaim.with { ($0.path, $0.value, $0.registry) = (statement.path, statement.value, "r") }
      let again = try #require(RegistryStatement(claim), "\(statement.path)")
      #expect(again.path == statement.path)
      #expect(again.value == statement.value)
    }
    for unknown in ["names.nick", "identifiers.x", "industries.y", "addresses[visiting]", "status", "", "[", "owners"] {
      let claim = RegistryClaim.with { ($0.path, $0.value, $0.registry) = (unknown, "{broken", "r") }
      #expect(RegistryStatement(claim) == nil)
    }
  }

  @Test func takingTheRegistrysNameKeepsTheOldOneFindable() {
    var account = account
    account.names = [AccountName.with { ($0.type, $0.text) = (.legal, "Kuura Ky") }]
    RegistryStatement.name(AccountName.with { ($0.type, $0.text) = (.legal, "Kuura Oy") }).write(to: &account)
    #expect(account.names.map(\.text) == ["Kuura Oy", "Kuura Ky"])
    #expect(account.names.map(\.type) == [.legal, .former])
  }

  @Test func accountsAreFoundByBusinessIdLEIAndFinnishVATNumber() {
    func account(_ name: String, _ type: Identifier.Type_, _ value: String) -> Account {
      Account.with {
        $0.name = name
        $0.identifiers = [Identifier.with { ($0.type, $0.value) = (type, value) }]
      }
    }
    let index = AccountIndex([
      account("accounts/a", .yTunnus, "9000012-6"), account("accounts/b", .vat, "FI90000126"),
      account("accounts/c", .lei, "549300A0JPRWG1KI7U06"), account("accounts/d", .duns, "900001260"),
    ])
    #expect(index.accounts(businessID: "9000012-6", lei: nil) == ["accounts/a", "accounts/b"])
    #expect(index.accounts(businessID: nil, lei: "549300A0JPRWG1KI7U06") == ["accounts/c"])
    #expect(index.accounts(businessID: "0112038-9", lei: nil).isEmpty)
  }

  @Test func theAccountsPageShowsWhatRegistriesSayOtherwise() {
    var before = account
    before.names = [AccountName.with { ($0.type, $0.text) = (.legal, "Kuura Ky") }]
    let view = AccountView.with { $0.account = RegistryComparison(before, entry, observed: day).account }
    func page(_ language: Language) -> String {
      AccountPage(view, Writing(language, now: 1_775_000_000)).page().lines(width: 80, style: Style(false))
        .joined(separator: "\n")
    }
    #expect(page(.english).contains("Registries say otherwise"))
    #expect(page(.english).contains("legal name: Kuura Ky here, Kuura Konepaja Oy in the registry"))
    #expect(page(.finnish).contains("YTJ 1.3.2026"))
    #expect(page(.finnish).contains("Yhtiömuoto"))
  }
}
