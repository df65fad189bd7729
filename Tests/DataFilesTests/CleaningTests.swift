import DataFiles
import Testing

@Test(arguments: [
  "", "  ", "NULL", "null", "N/A", "n/a", "-", "--", "none", "None", "?", "\u{00A0}", "Ei tiedossa", "….",
])
func wordsForNothingAreNothing(_ word: String) {
  if word == "…." { return #expect(Cleaning.text(word).value == word) }
  #expect(Cleaning.text(word).value == nil)
}

@Test(arguments: ["0", "no", "ei", "Nullmeier Oy", "N", "A/S Norden", "-5", "Na Oy"])
func valuesThatLookLikeNothingAreKept(_ value: String) {
  #expect(Cleaning.text(value).value == value)
}

@Test func blanksAreRemovedAndItIsSaid() {
  #expect(
    Cleaning.text(" \u{00A0}Oulu\u{200B} ")
      == Cleaned("Oulu", notes: [CleaningNote(.trimmed, "blanks removed")]))
  #expect(Cleaning.text("Mataderos  2312").value == "Mataderos 2312")
  #expect(Cleaning.text("a\nb", multiline: true).value == "a\nb")
  #expect(Cleaning.text("Oulu").notes.isEmpty)
}

@Test(
  arguments: [
    ("040 123 4567", "FI", "+358401234567"), ("+358 (0)40-1234567", nil, "+358401234567"),
    ("puh. 09 123 4567", "FI", "+35891234567"), ("00358 40 1234567", "SE", "+358401234567"),
    ("030-0074321", "DE", "+49300074321"), ("(503) 555-7555", "US", "+15035557555"),
    ("1-503-555-7555", "US", "+15035557555"), ("011-4988260", "IT", "+390114988260"),
    ("31 12 34 56", "DK", "+4531123456"), ("(91) 555 22 82", "ES", "+34915552282"),
    ("0921-12 34 65", "SE", "+46921123465"), ("+46 (0)8-123 456 78", nil, "+46812345678"),
    ("040-1234567 ext. 12", "FI", "+358401234567"), ("+358 040 1234567", nil, "+358401234567"),
    ("(0171) 555-2222", "GB", "+441715552222"), ("(11) 555-4640", "XX", nil), ("(171) 555-7788", "GB", nil),
    ("981-443655", "FI", nil), ("90-224 8858", "FI", nil), ("(5) 555-4729", "MX", nil),
    ("88.60.15.31", "FR", nil),
    ("07-98 92 35", "NO", nil), ("040 1234567", nil, nil), ("+999 123456789", nil, nil),
    ("ask Matti", "FI", nil),
    ("+358 40", nil, nil), ("123", "FI", nil),
  ] as [(String, String?, String?)])
func phonesBecomeE164OnlyWhereThatIsCertain(_ written: String, _ country: String?, _ expected: String?) {
  let cleaned = Cleaning.phone(written, country: country)
  if let expected {
    #expect(cleaned.value == expected)
    #expect(cleaned.doubt == nil)
    #expect(!cleaned.notes.isEmpty)
  } else {
    #expect(cleaned.value == written)
    #expect(cleaned.doubt != nil)
  }
  for note in cleaned.notes { #expect(!note.text.contains("1234")) }
}

@Test(
  arguments: [
    ("FI", "FI"), ("fi", "FI"), ("FIN", "FI"), ("Suomi", "FI"), ("SUOMI", "FI"), ("Finland", "FI"),
    ("Yhdysvallat", "US"), ("USA", "US"), ("U.S.A.", "US"), ("United States of America", "US"), ("UK", "GB"),
    ("Iso-Britannia", "GB"), ("Storbritannien", "GB"), ("Österreich", "AT"), ("Itavalta", "AT"),
    ("Ruotsi", "SE"),
    ("Sverige", "SE"), ("Côte d'Ivoire", "CI"), ("Bosnia and Herzegovina", "BA"), ("The Netherlands", "NL"),
    ("Åland", "AX"), ("Viro", "EE"), ("Tyskland", "DE"), ("Korea, Republic of", "KR"), ("Niger", "NE"),
    ("Nigeria", "NG"), ("Turkey", "TR"),
  ])
func countriesAreKnownByCodeAndNameInThreeLanguages(_ written: String, _ code: String) {
  #expect(CountryNames.find(written) == .exact(code))
}

@Test func aMisspeltCountryIsFoundAndTheMisspellingRecorded() {
  let cleaned = Cleaning.country("Philipines")
  #expect(cleaned.value == "PH")
  #expect(cleaned.notes.map(\.kind) == [.spelling])
  #expect(cleaned.notes.first?.text.contains("Philipines") == true)
  #expect(CountryNames.find("Germnay") == .misspelt("DE"))
  #expect(CountryNames.find("Irap") == .unknown)
  #expect(CountryNames.find("Atlantis") == .unknown)
  if case .ambiguous(let codes) = CountryNames.find("Austrlia") {
    #expect(codes.contains("AU"))
  } else {
    #expect(CountryNames.find("Austrlia") == .misspelt("AU"))
  }
}

@Test(
  arguments: [
    ("1 234,5", "fi", "1234.5"), ("1.234,50", "fi", "1234.5"), ("1\u{00A0}234\u{00A0}567", "fi", "1234567"),
    ("−5,5", "fi", "-5.5"), ("1,234.50", "en", "1234.5"), ("(1,234)", "en", "-1234"),
    ("1'234.5", "de-CH", "1234.5"),
    ("0,10", "fi", "0.1"), ("12345678901234567", "en", "12345678901234567"), ("1,234.50", "fi", nil),
    ("1,23,456", "en", nil), ("12.34.56", "fi", nil), ("1.234", "fi", "1234"), ("1.234", "en", "1.234"),
    ("abc", "en", nil), ("1e5", "en", nil), ("", "en", nil), ("-", "en", nil), ("1,2345", "en", nil),
    ("12345678901234567890123", "en", nil),
  ] as [(String, String, String?)])
func numbersAreReadByLocale(_ written: String, _ tag: String, _ expected: String?) throws {
  let cleaned = Cleaning.number(written, locale: try #require(DataLocale(tag)))
  #expect(cleaned.value == expected ?? written)
  #expect((cleaned.doubt == nil) == (expected != nil))
}

@Test(
  arguments: [
    ("2016-10-20", "fi", "2016-10-20"), ("1996-07-04 00:00:00.000", "en", "1996-07-04"),
    ("2016-10-20T11:22:33Z", "en", "2016-10-20"), ("31.12.2026", "fi", "2026-12-31"),
    ("1.2.2026", "en", "2026-02-01"),
    ("12/31/2026", "en-US", "2026-12-31"), ("31/12/2026", "en-GB", "2026-12-31"),
    ("20161020", "en", "2016-10-20"),
    ("4 July 2017", "en", "2017-07-04"), ("July 4th, 2017", "en", "2017-07-04"),
    ("4. heinäkuuta 2017", "fi", "2017-07-04"), ("4 juli 2017", "sv", "2017-07-04"),
    ("31.12.26", "fi", "2026-12-31"),
    ("31.12.99", "fi", "1999-12-31"), ("31.12.2026 klo 11.22", "fi", "2026-12-31"),
    ("31/12/2026", "en-US", nil),
    ("29.2.2023", "fi", nil), ("soon", "fi", nil), ("2026-13-01", "fi", nil), ("12.2026", "fi", nil),
    ("1.2.3", "fi", nil),
  ] as [(String, String, String?)])
func datesAreReadByLocale(_ written: String, _ tag: String, _ expected: String?) throws {
  let cleaned = Cleaning.date(written, locale: try #require(DataLocale(tag)))
  #expect(cleaned.value == expected ?? written)
  #expect((cleaned.doubt == nil) == (expected != nil))
}

@Test(
  arguments: [
    ("2026-05-20T09:00:00Z", "fi", "2026-05-20T09:00:00Z"),
    ("2026-05-20 09:00:00.500+03:00", "fi", "2026-05-20T06:00:00.5Z"),
    ("20.5.2026 klo 9.30 +0300", "fi", "2026-05-20T06:30:00Z"),
    ("5/20/2026 12:05 AM UTC", "en-US", "2026-05-20T00:05:00Z"),
    ("5/20/2026 1:30 pm Z", "en-US", "2026-05-20T13:30:00Z"),
    ("1.1.2026 0:30 +02", "fi", "2025-12-31T22:30:00Z"),
    ("31.12.2025 23:30:15,25 -05:30", "fi", "2026-01-01T05:00:15.25Z"),
    ("20.5.2026", "fi", "2026-05-20T00:00:00Z"),
    ("2026-05-20", "en", "2026-05-20T00:00:00Z"), ("20.5.2026 klo 25.00Z", "fi", nil),
    ("20.5.2026 9:61Z", "fi", nil),
    ("20.5.2026 13:00 pm Z", "fi", nil), ("20.5.2026 9:00 +15:00", "fi", nil), ("huomenna 9:00", "fi", nil),
    ("5/20/2026 9:00Z", "fi", nil), ("0001-01-01T00:00:00+02:00", "fi", nil), ("20.5.2026 9", "fi", nil),
  ] as [(String, String, String?)])
func momentsKeepTheirTimeOfDay(_ written: String, _ tag: String, _ expected: String?) throws {
  let cleaned = Cleaning.moment(written, locale: try #require(DataLocale(tag)))
  #expect(cleaned.value == expected ?? written)
  #expect((cleaned.doubt == nil) == (expected != nil))
}

@Test func midnightSharpWithoutAZoneIsADayAndStaysThatDayWhereverItIsRead() {
  #expect(Cleaning.moment("1998-04-17 00:00:00.000", locale: .american).value == "1998-04-17T00:00:00Z")
  #expect(Cleaning.moment("1998-04-17 00:00:00+02:00", locale: .american).value == "1998-04-16T22:00:00Z")
}

@Test func aTimeWithoutAZoneIsOneOfTheClocksHereAndSaysSo() {
  let cleaned = Cleaning.moment("20.5.2026 klo 9.30", locale: .finnish)
  #expect(cleaned.value?.hasPrefix("2026-05-") == true)
  #expect(cleaned.notes.contains { $0.text.hasPrefix("time of day without a zone read as UTC") })
}

@Test(
  arguments: [
    ("1 234,50 €", "fi", "1234.5", "EUR"), ("EUR 1,2 milj.", "fi", "1200000", "EUR"),
    ("3.2 MEUR", "en", "3200000", "EUR"),
    ("$5k", "en", "5000", nil), ("USD 1,234", "en", "1234", "USD"), ("-5 €", "fi", "-5", "EUR"),
    ("100", "en", "100", nil),
    ("12,5 milj. €", "fi", "12500000", "EUR"), ("1.5 bn SEK", "en", "1500000000", "SEK"),
    ("100 kr", "sv", "100", nil),
  ] as [(String, String, String, String?)])
func amountsOfMoneyAreReadWithTheirCurrency(
  _ written: String, _ tag: String, _ number: String, _ currency: String?
) throws {
  let locale = try #require(DataLocale(tag))
  let amount = try #require(Cleaning.amount(written, locale: locale))
  #expect(amount.number.description == number)
  #expect(amount.currency == currency)
}

@Test func amountsThatAreNotUnderstoodAreNotGuessed() {
  for written in ["about 5", "5 apples", "1,2,3 €", "€", "EUR 5 USD", ""] {
    #expect(Cleaning.amount(written, locale: .american) == nil, "\(written)")
  }
}

@Test(
  arguments: [
    ("Esimerkki OY", "Esimerkki Oy"), ("Esimerkki oyj", "Esimerkki Oyj"), ("ACME, inc", "ACME Inc."),
    ("Muster gmbh", "Muster GmbH"), ("Firma Sp. z oo", "Firma Sp. z o.o."), ("Acme Limited", "Acme Ltd"),
    ("Acme Corporation", "Acme Corp."), ("Volvo AB", "Volvo AB"), ("Kone", "Kone"), ("Oy", "Oy"),
    ("Rossi SPA", "Rossi S.p.A."), ("Kuura osakeyhtiö", "Kuura Oy"),
    ("Kuura julkinen osakeyhtiö", "Kuura Oyj"),
    ("Kuura avoin yhtiö", "Kuura Ay"),
  ])
func namesCompareWhateverWayTheirLegalFormIsWritten(_ written: String, _ usual: String) {
  #expect(LegalForms.usual(written) == usual)
}

@Test func cleaningNeverTrapsOnAnyText() {
  let seed: UInt64 = 99
  var generator = SeededGenerator(seed: seed)
  let pieces = [
    "0", "1", "9", "+", "(", ")", "-", ".", ",", " ", "\u{00A0}", "€", "kr", "ä", "😀", "\u{301}", "x", "/",
    "Oy", "00", "31",
  ]
  for _ in 0..<20_000 {
    let text = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
      pieces.randomElement(using: &generator) ?? ""
    }
    .joined()
    _ = Cleaning.text(text)
    _ = Cleaning.phone(text, country: ["FI", "US", "IT", nil].randomElement(using: &generator) ?? nil)
    let number = Cleaning.number(text, locale: .finnish)
    if number.doubt == nil, let value = number.value { #expect(ExactDecimal(value)?.description == value) }
    _ = Cleaning.date(text, locale: .american)
    _ = Cleaning.moment("20.5.2026 " + text, locale: .finnish)
    _ = Cleaning.amount(text, locale: .finnish)
    _ = LegalForms.usual(text)
  }
}
