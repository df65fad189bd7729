import PunosMessages
import Testing

@testable import CLI

@Suite struct WordsTests {
  @Test func aLineOfTheShellIsSplitAsShellsDo() throws {
    #expect(
      try CommandWords.split(#"account show 'Kuura Konepaja' --lang fi # hei"#) == [
        "account", "show", "Kuura Konepaja", "--lang", "fi",
      ])
    #expect(try CommandWords.split(#"a\ b "c \" d" '' e"#) == ["a b", #"c " d"#, "", "e"])
    #expect(try CommandWords.split("   ") == [])
  }

  @Test func anOpenQuoteIsNotTakenForAWord() {
    #expect(throws: CommandWords.OpenQuote.self) { try CommandWords.split("account show 'Kuura") }
    #expect(throws: CommandWords.OpenQuote.self) { try CommandWords.split(#"account \"#) }
  }

  @Test(arguments: ["Kuura", "Kuura Konepaja", "O'Brien & Co", "", "#1", "a\\b"])
  func aQuotedWordIsReadBackAsItWas(_ word: String) throws {
    #expect(try CommandWords.split(CommandWords.quoted(word)) == [word])
  }

  @Test func pathsOfMappingFilesAreTakenApart() {
    let phone = ElementPath("phones[fax].number")
    #expect((phone.field, phone.label, phone.rest) == ("phones", "fax", "number"))
    let plain = ElementPath("display_name")
    #expect((plain.field, plain.label, plain.rest) == ("display_name", nil, ""))
    let currency = ElementPath("revenue.amount.currency")
    #expect((currency.field, currency.rest) == ("revenue", "amount.currency"))
    #expect(ElementPath("attributes.sector").provenance == "attributes.sector")
    #expect(ElementPath("phones[fax].number").provenance == "phones")
  }

  @Test func endpointsNameHostAndPort() {
    #expect(ServerContext.split(endpoint: "crm.example.fi:8443")! == ("crm.example.fi", 8443))
    #expect(ServerContext.split(endpoint: "[::1]:8443")! == ("::1", 8443))
    for bad in ["crm", "crm:", ":8443", "crm:0", "crm:65536", "::1:8443", "crm:x"] {
      #expect(ServerContext.split(endpoint: bad) == nil, "\(bad)")
    }
  }

  @Test(
    arguments: [
      ("96.4M EUR", "EUR", 96_400_000, 0), ("820000 SEK", "SEK", 820_000, 0), ("1,5 M€", "EUR", 1_500_000, 0),
      ("-0.25 usd", "USD", 0, -250_000_000), ("2 k eur", "EUR", 2000, 0),
    ] as [(String, String, Int64, Int32)])
  func amountsAreReadAsPeopleTypeThem(_ text: String, currency: String, units: Int64, nanos: Int32) throws {
    let money = try #require(AmountText.money(text))
    #expect((money.currency, money.units, money.nanos) == (currency, units, nanos))
  }

  @Test(arguments: [
    "", "EUR", "x EUR", "1.2.3 EUR", "99999999999999999999 EUR", "1", "1.1234567891 EUR", "--1 EUR",
  ])
  func whatIsNoAmountIsRefused(_ text: String) {
    #expect(AmountText.money(text) == nil)
  }

  @Test func phoneNumbersAreShownInGroups() {
    #expect(PhoneText.shown("+358401234567") == "+358 40 123 4567")
    #expect(PhoneText.shown("+358942450102") == "+358 9 4245 0102")
    #expect(PhoneText.shown("030-0074321") == "030-0074321")
  }

  @Test func accountsAreKnownByWhatTheyAreCalled() {
    #expect(AccountFinder.certainName("9000012-6") == "accounts/id:9000012-6")
    #expect(AccountFinder.certainName("ext:crm:1") == "accounts/ext:crm:1")
    #expect(AccountFinder.certainName("kuura.example") == "accounts/domain:kuura.example")
    #expect(AccountFinder.certainName("accounts/x") == "accounts/x")
    #expect(AccountFinder.certainName("NOKIA") == nil)
    #expect(AccountFinder.certainName("Kuura Konepaja") == nil)
  }
}
