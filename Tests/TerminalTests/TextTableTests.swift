import Terminal
import Testing

private func example() -> TextTable {
  var table = TextTable(columns: [
    TextTable.Column("Nimi", minimum: 10), TextTable.Column("Kaupunki", expendability: 2),
    TextTable.Column("Arvo", alignedRight: true), TextTable.Column("Kuvaus", wraps: true, expendability: 1),
  ])
  table.add([
    "Äänekosken Sähkö Oy", "Ähtäri", "1\u{A0}234,5", "Toimittaa sähköä ja lämpöä koko seutukunnalle",
  ])
  table.add(["漢字 Oy", "Tōkyō", "5", "e\u{301}clair 😀"])
  table.add(["A\u{308}a", "", "12", ""])
  return table
}

@Test(arguments: [20, 40, 60, 80, 200])
func tablesFitTheTerminal(_ width: Int) {
  for line in example().lines(width: width, style: Style(false)) {
    #expect(DisplayWidth.of(line) <= width, "\(line)")
  }
}

@Test(arguments: 30...60)
func anAmountIsNeverCut(_ width: Int) {
  var table = TextTable(columns: [
    TextTable.Column("Osto"), TextTable.Column("Arvo", alignedRight: true), TextTable.Column("Vastaa"),
  ])
  table.add(["Uusi tuotantolinja Tampereelle", "500\u{A0}000,25\u{A0}€", "maximiliana.hamalainen"])
  #expect(table.lines(width: width, style: Style(false))[1].contains("500\u{A0}000,25\u{A0}€"))
}

@Test(arguments: 24...60)
func amountsUnderEachOtherAreNeverCutWhateverTheirLength(_ width: Int) {
  var table = TextTable(columns: [
    TextTable.Column("Vaihe", minimum: 5, wraps: true),
    TextTable.Column("Menetetty arvo", alignedRight: true, wraps: true),
  ])
  table.add(["Käyttöönotto", "1\u{A0}234\u{A0}567,25\u{A0}MUR\n100\u{A0}000\u{A0}€"])
  let lines = table.lines(width: width, style: Style(false))
  #expect(lines.contains { $0.hasSuffix("1\u{A0}234\u{A0}567,25\u{A0}MUR") })
  #expect(lines.contains { $0.hasSuffix("  100\u{A0}000\u{A0}€") })
  #expect(lines.allSatisfy { DisplayWidth.of($0) <= width })
}

@Test func headingsOfNumbersGoOnOnTheNextLine() {
  var table = TextTable(columns: [
    TextTable.Column("Vaihe"), TextTable.Column("Päivien mediaani", alignedRight: true),
  ])
  table.add(["Käyttöönotto", "12"])
  #expect(
    table.lines(width: 22, style: Style(false)) == [
      "               Päivien", "Vaihe         mediaani", "Käyttöönotto        12",
    ])
  #expect(table.lines(width: 40, style: Style(false))[0] == "Vaihe         Päivien mediaani")
}

@Test func whatMustBeWholeGoesUnderTheRowWhereItDoesNotFitBesideIt() {
  var table = TextTable(columns: [
    TextTable.Column("Siirtymä"), TextTable.Column("Id", goesBelow: true),
  ])
  table.add(["→ Prospekti", "01m8p8agx4aemcngtywx27v12q/move-000001"])
  table.add(["→ Käyttö", ""])
  #expect(
    table.lines(width: 40, style: Style(false))
      == ["Siirtymä", "→ Prospekti", "  01m8p8agx4aemcngtywx27v12q/move-000001", "→ Käyttö"])
  #expect(table.hiddenColumns(width: 40).isEmpty)
  #expect(
    table.lines(width: 80, style: Style(false))[1] == "→ Prospekti  01m8p8agx4aemcngtywx27v12q/move-000001")
}

@Test func columnsStandUnderEachOtherWithWideAndCombiningCharacters() {
  let lines = example().lines(width: 200, style: Style(false))
  #expect(
    lines == [
      "Nimi                 Kaupunki     Arvo  Kuvaus",
      "Äänekosken Sähkö Oy  Ähtäri    1\u{A0}234,5  Toimittaa sähköä ja lämpöä koko seutukunnalle",
      "漢字 Oy              Tōkyō           5  e\u{301}clair 😀",
      "A\u{308}a                                  12",
    ])
}

@Test func whereThereIsNoRoomTheMostExpendableColumnGoesFirstAndIsNamed() {
  #expect(example().hiddenColumns(width: 200).isEmpty)
  #expect(example().hiddenColumns(width: 32) == ["Kaupunki"])
  #expect(example().hiddenColumns(width: 20) == ["Kaupunki", "Kuvaus"])
}

@Test func longValuesWrapOrEndInAnEllipsis() {
  let lines = example().lines(width: 60, style: Style(false))
  #expect(lines.count > 4)
  var narrow = TextTable(columns: [TextTable.Column("A", minimum: 5), TextTable.Column("B", minimum: 5)])
  narrow.add(["abcdefghij", "k"])
  #expect(narrow.lines(width: 20, style: Style(false))[1] == "abcdefghij  k")
  narrow.add(["abcdefghijklmnopqrstuvwxyz", "k"])
  #expect(narrow.lines(width: 20, style: Style(false))[2] == "abcdefghijklmnop…  k")
}

@Test func coloursAreOnlyWhereTheyAreWanted() {
  #expect(!example().lines(width: 80, style: Style(false)).joined().contains("\u{1B}"))
  #expect(example().lines(width: 80, style: Style(true)).joined().contains("\u{1B}[36m"))
  #expect(Style(true).bold("") == "")
}

@Test func markdownKeepsWhatWouldBeMarkup() {
  var table = TextTable(columns: [TextTable.Column("A|B"), TextTable.Column("N", alignedRight: true)])
  table.add(["x|y\nz *", "1"])
  #expect(table.markdown() == ["| A\\|B | N |", "| --- | ---: |", "| x\\|y<br>z \\* | 1 |"])
}

@Test(arguments: [30, 60, 80, 200])
func pagesFitTheTerminal(_ width: Int) {
  var page = Page()
  page.title("Äänekosken Sähkö Oy", note: "nykyinen asiakas · Y-tunnus 0112038-9 · sähkön jakelu · Äänekoski")
  page.heading("Miten tyytyväisiä olette meihin asteikolla 0–10, ja mikä nostaisi lukua yhdellä?")
  page.heading("Yhteyshenkilöt", note: "päivitetty 3 päivää sitten, tuoreus hyvä")
  page.pairs([
    ("Toimitusjohtaja", "Matti Meikäläinen, matti.meikalainen@esimerkki.fi, +358 40 123 4567, päättää"),
    ("Tyhjä", ""), ("Osoite", "Kauppakatu 1\n40100 Jyväskylä"),
  ])
  page.items([("Lupasimme hinnat 漢字 ennen joulua, ja ne ovat vielä antamatta", "31.12.2026, myynti")])
  page.paragraph(
    "Pitkä kuvaus joka jatkuu useamman rivin yli kun pääte on kapea, mutta ei katkea väärästä kohdasta.")
  page.table(example())
  let lines = page.lines(width: width, style: Style(false))
  for line in lines { #expect(DisplayWidth.of(line) <= max(width, 28), "\(line)") }
  #expect(!lines.contains { $0.contains("Tyhjä") })
  #expect(page.markdown().contains("## Yhteyshenkilöt"))
}
