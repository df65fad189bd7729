import DataFiles
import Testing

private func cards(_ text: String) throws -> [Result<VCard, VCardReader.Failure>] {
  let reader = try VCardReader(ByteSource(bytes: Array(text.utf8)))
  var cards: [Result<VCard, VCardReader.Failure>] = []
  while let card = try reader.next() { cards.append(card) }
  return cards
}

private let matti = """
  BEGIN:VCARD\r
  VERSION:4.0\r
  UID:urn:uuid:1\r
  FN:Matti Meikäläinen\r
  N:Meikäläinen;Matti;;;\r
  ORG:Esimerkki\\, Poika & Co;Myynti\r
  TITLE:Myyntijoh\r
   taja\r
  item1.EMAIL;TYPE=work;PREF=1:matti@esimerkki.fi\r
  TEL;TYPE="work,voice";VALUE=uri:tel:+358-40-123-4567\r
  TEL;TYPE=home:040 765 4321\r
  ADR;TYPE=work:;;Kauppakatu 1;Jyväskylä;;40100;Suomi\r
  NOTE:Rivi 1\\nRivi 2\\; ja 3\r
  CATEGORIES:avain,VIP\\, kulta\r
  END:VCARD\r

  """

@Test func aVCardBecomesAContact() throws {
  let card = try #require(cards(matti).first).get()
  let row = VCardMapper(country: nil).row(from: card)
  #expect(row.problems.isEmpty && row.warnings.isEmpty)
  #expect(row.key == ImportedRow.Key(system: "vcard", id: "urn:uuid:1"))
  #expect(row.text("display_name") == "Matti Meikäläinen")
  #expect(row.text("family_name") == "Meikäläinen")
  #expect(row.text("employments.title") == "Myyntijohtaja")
  #expect(row.fields.contains { $0.value == .reference(kind: "account", by: .name("Esimerkki, Poika & Co")) })
  #expect(row.text("employments.department") == "Myynti")
  #expect(row.text("emails[work].address") == "matti@esimerkki.fi")
  #expect(row.text("phones[work].number") == "+358401234567")
  // The home number is read with the country of the address.
  #expect(row.text("phones[home-2].number") == "+358407654321")
  #expect(row.text("addresses[work].country") == "FI")
  #expect(row.text("addresses[work].lines") == "Kauppakatu 1")
  #expect(row.text("description") == "Rivi 1\nRivi 2; ja 3")
  #expect(row.fields.filter { $0.path == "tags" }.map(\.value) == [.text("avain"), .text("VIP, kulta")])
}

@Test func versionThreeIsReadAlike() throws {
  let card = try #require(
    cards("BEGIN:VCARD\nVERSION:3.0\nN:Virtanen;Liisa\nTEL;type=CELL;type=pref:+46 70 123 45 67\nEND:VCARD\n").first
  ).get()
  let row = VCardMapper(country: nil).row(from: card)
  #expect(row.text("display_name") == "Liisa Virtanen")
  #expect(row.text("phones[mobile].number") == "+46701234567")
}

@Test(
  arguments: [
    ("BEGIN:VCARD\nVERSION:2.1\nFN:a\nEND:VCARD", 1), ("BEGIN:VCARD\nVERSION:4.0\nFN:a", 1),
    ("BEGIN:VCARD\nVERSION:4.0\nno colon\nEND:VCARD", 3), ("FN:a\nEND:VCARD", 1),
    ("BEGIN:VCARD\nVERSION:4.0\nFN:a\n", 1), ("BEGIN:VCARD\nFN:a\nEND:VCARD", 1),
  ])
func aBrokenCardIsNamedAndTheRestGoesOn(_ text: String, _ line: Int) throws {
  let all = try cards(text + "\n" + matti)
  guard case .failure(let failure) = try #require(all.first) else {
    Issue.record("the broken card was accepted")
    return
  }
  #expect(failure.problem.position.line == line)
  #expect(throws: Never.self) { try all.last?.get() }
  #expect(all.count == 2)
}

@Test func whatIsWrittenReadsBackEqualAndLinesAreFolded() throws {
  let seed: UInt64 = 7
  var generator = SeededGenerator(seed: seed)
  let pieces = ["a", "ä", ";", ",", "\\", "\n", ":", "\"", "漢字", "😀", " ", "word", "e\u{301}"]
  func text() -> String {
    (0..<Int.random(in: 0...60, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
  }
  for _ in 0..<300 {
    let values = (0..<4).map { _ in text() }
    let card = VCard(properties: [
      VCard.Property("FN", text: values[0]), VCard.Property("N", components: [values[1], values[2]]),
      VCard.Property("TEL", text: values[3], parameters: [VCard.Parameter("TYPE", "work, home:x")]),
    ])
    let bytes = card.serialized()
    #expect(bytes.split(separator: 0x0A).allSatisfy { $0.count <= 76 })
    let reader = try VCardReader(ByteSource(bytes: bytes), encoding: .utf8)
    var again = try #require(try reader.next()).get()
    again.line = 0
    #expect(again == card, "seed \(seed)")
    #expect(again.first("FN")?.text == values[0])
    #expect(again.first("N")?.components == [values[1], values[2]])
  }
}

@Test func aPhotographBeyondTheLimitCostsOneCard() throws {
  let photo = "PHOTO:data:image/jpeg;base64," + String(repeating: "A", count: VCardReader.longestLine)
  let text = "BEGIN:VCARD\nVERSION:4.0\nFN:a\n\(photo)\nEND:VCARD\n" + matti
  let all = try cards(text)
  #expect(all.count == 2)
  #expect(throws: VCardReader.Failure.self) { try all.first?.get() }
}
