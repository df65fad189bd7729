import FieldFormats
import Testing

/// Values that are fine as they stand, and values that are not, for every format.
private let wellFormed: [FieldFormat: [String]] = [
  .email: ["a@b.fi", "matti.meikalainen+crm@esimerkki.fi", "o'brien@example.co.uk", "å@xn--hmeenlinna-q5a.fi"],
  .phone: ["+358401234567", "+12125550123", "+2904567", "+123456789012345"],
  .country: ["FI", "SE", "GB", "AX", "XK", "ZW"],
  .currency: ["EUR", "SEK", "JPY", "XAU", "BGN"],
  .language: [
    "fi", "sv-FI", "zh-Hant", "zh-Hant-TW", "de-CH-1901", "es-419", "sl-rozaj-biske", "x-own", "en-a-bbb-x-a",
    "i-klingon", "zh-cmn-Hans-CN", "de-1996", "ast",
  ],
  .domain: ["esimerkki.fi", "a-b.co.uk", "xn--hmeenlinna-q5a.fi", "1and1.com"],
  .url: [
    "https://esimerkki.fi", "http://a.fi:8080/x?y=1#z", "https://[2001:db8::1]/", "https://127.0.0.1/a%20b",
    "http://localhost:80", "https://[::1]:443", "https://[1:2:3:4:5:6:7:8]",
  ],
  .yTunnus: ["0112038-9", "1927400-1", "0737546-2"],
  .lei: ["549300A0JPRWG1KI7U06", "529900T8BM49AURSDO55", "7LTWFZYICNSX8D621K86"],
  .duns: ["123456789", "001234567"],
  .vat: [
    "FI01120389", "SE556016068001", "DE129273398", "DE143454214", "DK22756214", "DK24256790", "EE102090374",
    "BE0417497106", "NO923609016MVA", "PL7740001454", "IT00905811006", "LU20260743", "NL004495445B01",
    "ATU12345678", "EL094019245", "GB123456789", "US123456", "CHE116281710MWST", "HU10625790", "PT500697256",
    "FR40303265045",
  ],
  .date: ["2026-12-31", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"],
  .resourceID: ["a", "0", "acme-oy", String(repeating: "a", count: 63)],
]

private let malformed: [FieldFormat: [String]] = [
  .email: [
    "", "a", "@b.fi", "a@", "a@b", "a@@b.fi", "a..b@c.fi", ".a@c.fi", "a.@c.fi", "a b@c.fi", "a@B.fi", "a@b.fi.",
    "\"a\"@b.fi", "a@hämeenlinna.fi", String(repeating: "a", count: 65) + "@b.fi",
    "a@" + String(repeating: "b.", count: 126) + "fi",
  ],
  .phone: ["", "+", "358401234567", "+0401234567", "+358 40", "+123456", "+1234567890123456", "+35840x234567"],
  .country: ["", "fi", "FIN", "XX", "UK", "EU", "F", "ÅÄ"],
  .currency: ["", "eur", "EU", "EURO", "ABC", "€"],
  .language: [
    "", "f", "FI", "fi-", "-fi", "fi--FI", "fi_FI", "sv-fi", "zh-hant", "de-1901-1901", "en-a", "x", "en-x",
    "abcdefghi", "en-a-bb-a-cc", "fi-ä",
  ],
  .domain: ["", "fi", "a.b", ".fi", "a..fi", "a.fi.", "-a.fi", "a-.fi", "A.fi", "hämeenlinna.fi", "a_b.fi", "a.12"],
  .url: [
    "", "ftp://a.fi", "esimerkki.fi", "https://", "https:///x", "https://user:pw@a.fi", "https://a.fi/ b",
    "https://a.fi/%2", "https://a.fi:0", "https://a.fi:99999", "https://[::1", "https://[::1::2]", "https://a.fi/ä",
    "https://[:1]", "https://[1:2:3:4:5:6:7]", "https://256.1.1.1",
  ],
  .yTunnus: ["", "0112038-8", "01120389", "0121038-9", "112038-9", "FI0112038-9", "0000000-0", "0112038_9"],
  .lei: ["", "549300A0JPRWG1KI7U07", "549300a0jprwg1ki7u06", "549300A0JPRWG1KI7U0", "549300A0JPRWG1KI7UA6"],
  .duns: ["", "12345678", "1234567890", "12345678A", "000000000"],
  .vat: [
    "", "FI", "FI01120388", "FI0112038-9", "fi01120389", "SE556016068000", "SE556016068101", "DE129273399",
    "DK22756215", "EE102090375", "BE0417497107", "NO923609017", "PL7740001455", "IT00905811007", "LU20260744",
    "ZZ12345678", "GR094019245", "AT12345678", "12345678",
  ],
  .date: [
    "", "2023-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-1-1", "31.12.2026",
    "0000-01-01", "2026-12-31T00:00:00Z", "20261231",
  ],
  .resourceID: ["", "-a", "a-", "A", "a_b", "ä", "a/b", String(repeating: "a", count: 64)],
]

/// What people and exports write, and what is stored.
private let written: [FieldFormat: [(String, String?)]] = [
  .email: [
    (" Matti.M@Example.COM ", "Matti.M@example.com"), ("mailto:a@b.fi", "a@b.fi"),
    ("Matti <a@b.fi>", "a@b.fi"), ("a@hämeenlinna.fi", "a@xn--hmeenlinna-q5a.fi"), ("nobody", nil),
  ],
  .phone: [
    ("+358 (0)40-123 4567", "+358401234567"), ("0046 8 123 456 78", "+46812345678"),
    ("tel:+1-212-555-0123", "+12125550123"), ("+358\u{00A0}40\u{2011}1234567", "+358401234567"), ("040 1234567", nil),
  ],
  .country: [(" fi ", "FI"), ("suomi", nil)],
  .currency: [("eur", "EUR"), ("€", nil)],
  .language: [("fi_FI.UTF-8", "fi-FI"), ("ZH-hant-tw", "zh-Hant-TW"), ("SV", "sv"), ("finnish language", nil)],
  .domain: [
    ("https://Www.Esimerkki.FI/polku", "www.esimerkki.fi"), ("Hämeenlinna.fi.", "xn--hmeenlinna-q5a.fi"),
    ("ha\u{0308}meenlinna.fi", "xn--hmeenlinna-q5a.fi"), ("bücher.example", "xn--bcher-kva.example"),
    ("他们为什么不说中文.com", "xn--ihqwcrb4cv8a8dqg056pqjye.com"), ("localhost", nil),
  ],
  .url: [
    ("esimerkki.fi", "https://esimerkki.fi"), ("HTTP://Esimerkki.FI/Polku", "http://esimerkki.fi/Polku"),
    ("https://a.fi/ä b", "https://a.fi/%C3%A4%20b"), ("javascript://alert", nil), ("", nil),
  ],
  .yTunnus: [
    ("FI01120389", "0112038-9"), ("0112038 - 9", "0112038-9"), ("fi 0112038-9", "0112038-9"),
    ("112038-9", "0112038-9"), ("0112038-8", nil),
  ],
  .lei: [("5493 00a0 jprw g1ki 7u06", "549300A0JPRWG1KI7U06")],
  .duns: [("12-345-6789", "123456789")],
  .vat: [
    ("fi 0112038-9", "FI01120389"), ("GR 094019245", "EL094019245"), ("NO 923 609 016 MVA", "NO923609016MVA"),
  ],
  .date: [(" 2026-12-31 ", "2026-12-31"), ("31.12.2026", nil)],
  .resourceID: [(" Acme-Oy ", "acme-oy"), ("Acme Oy", nil)],
]

@Test(arguments: FieldFormat.allCases)
func everyFormatAcceptsWhatIsWellFormed(_ format: FieldFormat) throws {
  let values = try #require(wellFormed[format])
  for value in values {
    #expect(format.problem(in: value) == nil, "\(format) refused \(value)")
    #expect(format.canonical(value) == value, "\(format) changed \(value)")
  }
}

@Test(arguments: FieldFormat.allCases)
func everyFormatRefusesWhatIsNotAndSaysWhatItExpected(_ format: FieldFormat) throws {
  let values = try #require(malformed[format])
  for value in values {
    let problem = format.problem(in: value)
    #expect(problem != nil, "\(format) accepted \(value)")
    #expect(problem?.isEmpty == false)
    if value.utf8.count > 8 { #expect(problem?.contains(value) == false, "\(format) repeats the value") }
  }
}

@Test(arguments: FieldFormat.allCases)
func everyFormatBringsWhatPeopleWriteIntoOneForm(_ format: FieldFormat) throws {
  for (value, expected) in try #require(written[format]) {
    #expect(format.canonical(value) == expected, "\(format) of \(value)")
  }
}

@Test(arguments: FieldFormat.allCases)
func noFormatTrapsOnAnyBytes(_ format: FieldFormat) {
  var generator = SeededGenerator(seed: 0x50_75_6E_6F_73)
  let alphabet = Array("aZ09@.-+:/[]%#? äö\u{0}\u{301}\u{1F600}_()\\".unicodeScalars)
  let seeds = (wellFormed[format] ?? []) + (malformed[format] ?? [])
  for _ in 0..<20_000 {
    var scalars = Array((seeds.randomElement(using: &generator) ?? "").unicodeScalars)
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let scalar = alphabet.randomElement(using: &generator) ?? "a"
      let position = Int.random(in: 0...scalars.count, using: &generator)
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: scalars.insert(scalar, at: position)
      case 1 where position < scalars.count: scalars[position] = scalar
      case 2 where position < scalars.count: scalars.remove(at: position)
      default: break
      }
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    let value = String(view)
    // A canonical form is always well-formed, and its own canonical form.
    if let canonical = format.canonical(value) {
      #expect(format.problem(in: canonical) == nil)
      #expect(format.canonical(canonical) == canonical, "\(format): \(value)")
    }
    if format.problem(in: value) == nil { #expect(format.canonical(value) != nil, "\(format): \(value)") }
  }
}

@Test func aWrongDigitInABusinessIDIsNoticed() {
  let digits = Array("0112038-9".utf8)
  for index in digits.indices where index != 7 {
    for digit in UInt8(ascii: "0")...UInt8(ascii: "9") where digit != digits[index] {
      var changed = digits
      changed[index] = digit
      #expect(FieldFormat.yTunnus.problem(in: String(decoding: changed, as: UTF8.self)) != nil)
    }
  }
}

@Test func theListsOfCountriesAndCurrenciesAreComplete() {
  let letters = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map { String(UnicodeScalar($0)) }
  let pairs = letters.flatMap { first in letters.map { first + $0 } }
  // ISO 3166-1 has 249 codes; Kosovo's XK is left to users.
  #expect(pairs.filter { FieldFormat.country.problem(in: $0) == nil }.count == 250)
  let triples = pairs.flatMap { pair in letters.map { pair + $0 } }
  #expect(triples.filter { FieldFormat.currency.problem(in: $0) == nil }.count == 192)
}

@Test func datesAreDaysThatExist() throws {
  for days in stride(from: -719_162, through: 2_932_896, by: 977) {
    let date = try #require(CalendarDate(daysSince1970: days))
    #expect(date.daysSince1970 == days)
    #expect(CalendarDate(date.description) == date)
    #expect(FieldFormat.date.problem(in: date.description) == nil)
  }
  #expect(CalendarDate(daysSince1970: 0)?.description == "1970-01-01")
  #expect(CalendarDate(daysSince1970: 19_782)?.description == "2024-02-29")
  #expect(CalendarDate(daysSince1970: 2_932_897) == nil)
  #expect(CalendarDate("2023-02-29") == nil)
}

@Test func aHundredThousandChecksASecondAreNoBurden() {
  let values = ["0112038-9", "matti.meikalainen@esimerkki.fi", "FI01120389", "https://esimerkki.fi/polku"]
  let formats: [FieldFormat] = [.yTunnus, .email, .vat, .url]
  let clock = ContinuousClock()
  let spent = clock.measure {
    for _ in 0..<25_000 {
      for (format, value) in zip(formats, values) where format.problem(in: value) != nil {
        Issue.record("\(format) refused a good value")
      }
    }
  }
  // Debug builds are twenty times slower than what ships; even they must manage.
  #expect(spent < .seconds(10))
}

@Test func whatAPersonTypesIsRecognised() {
  #expect(FieldFormat.recognised("FI 0112038-9")?.format == .yTunnus)
  #expect(FieldFormat.recognised("0112038-9")?.canonical == "0112038-9")
  #expect(FieldFormat.recognised("549300A0JPRWG1KI7U06")?.format == .lei)
  #expect(FieldFormat.recognised("SE556016068001")?.format == .vat)
  #expect(FieldFormat.recognised("www.Esimerkki.fi")?.canonical == "www.esimerkki.fi")
  #expect(FieldFormat.recognised("a@esimerkki.fi")?.format == .email)
  for text in ["Nokia", "NOKIA", "Esimerkki Oy", "0112038-8", "", "1234", "St. Louis"] {
    #expect(FieldFormat.recognised(text) == nil, "\(text)")
  }
}
