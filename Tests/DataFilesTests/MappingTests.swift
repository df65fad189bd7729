import DataFiles
import Testing

private func rows(_ csv: String, _ mapping: String) throws -> [ImportedRow] {
  let reader = try CSVReader(ByteSource(bytes: Array(csv.utf8)))
  var mapper = try RowMapper(Mapping(parsing: mapping), header: reader.header)
  var record = CSVRecord()
  var rows: [ImportedRow] = []
  while try reader.next(&record) { rows += mapper.rows(from: record) }
  return rows
}

private let example = """
  punos-mapping 1
  locale fi            # 1 234,5
  country FI
  source "Old CRM"

  [account]
  key oldcrm = Nro
  Nimi = display_name, names.legal
  "Liikevaihto, M€" = revenue.amount | money | times 1000000
  constant revenue.amount.currency = EUR
  Y-tunnus = identifiers.y_tunnus
  Emo = parents.account | lookup account
  Puhelin = phones
  Toimiala = attributes.sector | replace technolgy=technology "it ala=IT"
  ignore Fax
  [contact]
  Yhteyshenkilö = display_name
  Gsm = phones[mobile].number
  Nimi = employments.account
  """

@Test(arguments: ["Acme Corporation", "Esimerkki OY", "ACME, inc", "oy Firma ab", "Acme Limited", "Rossi SPA"])
func aCompanysNameIsKeptAsItIsWritten(_ written: String) throws {
  let mapping = "punos-mapping 1\n[account]\nkey crm = Nro\nNimi = display_name | company\n"
  let account = try #require(rows("Nro;Nimi\n7;\(written)\n", mapping).first)
  #expect(account.text("display_name") == written)
  #expect(account.fields.first { $0.path == "display_name" }?.notes == [])
}

@Test func whatStandsInForAnEmptyColumnIsNotedAndMakesNoRecordByItself() throws {
  let mapping = """
    punos-mapping 1
    [account]
    key crm = Nro
    Nimi = display_name
    Ala = attributes.sector | default "not said" | upper
    [contact]
    Henkilö = display_name
    Kieli = language | default fi
    """
  let rows = try rows("Nro;Nimi;Ala;Henkilö;Kieli\n7;Kuura;;;\n8;Halla;mine;Matti;\n", mapping)
  #expect(rows.map(\.kind) == ["account", "account", "contact"])
  #expect(rows[0].text("attributes.sector") == "NOT SAID")
  let notes = rows[0].fields.first { $0.path == "attributes.sector" }?.notes.map(\.text) ?? []
  #expect(notes.first == "empty, taken as “not said”")
  #expect(rows[1].text("attributes.sector") == "MINE")
  #expect(rows[2].text("language") == "fi")
  let written = try Mapping(parsing: mapping).text()
  #expect(written.contains("default \"not said\"") || written.contains("default 'not said'"))
  #expect(try Mapping(parsing: written).text() == written)
}

@Test func aMappingTurnsARowIntoRecordsOfSeveralKinds() throws {
  let csv = """
    Nro;Nimi;Liikevaihto, M€;Y-tunnus;Emo;Puhelin;Toimiala;Fax;Yhteyshenkilö;Gsm
    7;Esimerkki OY;1,5;FI01120389;Konserni Oyj;09 123 4567;technolgy;1;Matti Meikäläinen;040 123 4567
    8;Toinen;NULL;123;;oops;it ala;;;
    """
  let rows = try rows(csv, example)
  #expect(rows.map(\.kind) == ["account", "contact", "account", "contact"])
  let account = rows[0]
  #expect(account.key == ImportedRow.Key(system: "oldcrm", id: "7"))
  #expect(account.line == 2)
  #expect(account.text("display_name") == "Esimerkki OY")
  #expect(account.text("names.legal") == "Esimerkki OY")
  #expect(account.text("revenue.amount") == "1500000")
  #expect(account.text("revenue.amount.currency") == "EUR")
  #expect(account.text("identifiers.y_tunnus") == "0112038-9")
  #expect(account.text("phones") == "+35891234567")
  #expect(account.text("attributes.sector") == "technology")
  #expect(
    account.fields.first { $0.path == "parents.account" }?.value
      == .reference(kind: "account", by: .name("Konserni Oyj")))
  #expect(account.fields.first { $0.path == "display_name" }?.notes == [])
  #expect(rows[1].text("phones[mobile].number") == "+358401234567")
  #expect(rows[1].fields.contains { $0.value == .reference(kind: "account", by: .name("Esimerkki OY")) })
  // What cannot be read is kept as an attribute and said, with line and column.
  #expect(rows[2].text("identifiers.y_tunnus") == nil)
  #expect(rows[2].text("attributes.y_tunnus") == "123")
  #expect(rows[2].text("attributes.puhelin") == "oops")
  #expect(rows[2].warnings.map(\.position.column) == [4, 6])
  #expect(rows[3].problems.count == 1)
}

@Test(
  arguments: [
    ("[account]\nA = display_name", 1, "begins with the line"),
    ("punos-mapping 1\nA = display_name", 2, "expected a section"),
    ("punos-mapping 1\n[acount]", 2, "[account]"),
    ("punos-mapping 1\n[account]\nA = display_nam", 3, "is display_name meant?"),
    ("punos-mapping 1\n[account]\nA = display_name\nA = description", 4, "mapped twice (already on line 3)"),
    ("punos-mapping 1\n[account]\nA = display_name\nB = display_name", 4, "written twice (already on line 3)"),
    ("punos-mapping 1\n[account]\nA = phones | phon", 3, "is phone meant?"),
    ("punos-mapping 1\n[account]\nA = phones |", 3, "no cleaning"),
    ("punos-mapping 1\n[account]\n\"A = phones", 3, "opened and not closed"),
    ("punos-mapping 1\n[account]\nA phones", 3, "expected “column = field”"),
    ("punos-mapping 1\nlocale klingon\n[account]\nA = phones", 2, "locale"),
    ("punos-mapping 1\ncountry Finland\n[account]\nA = phones", 2, "ISO 3166-1"),
    ("punos-mapping 1\n[account]\nkey Old CRM = A\nB = phones", 3, "system's name"),
    ("punos-mapping 1\n[account]\n", 2, "no column is mapped"),
    ("", 1, "begins with the line"),
  ])
func aMappingFileThatIsWrongIsNamedWithItsLine(_ text: String, _ line: Int, _ words: String) {
  let error = #expect(throws: MappingError.self) { try Mapping(parsing: text) }
  #expect(
    error?.problems.contains { $0.position.line == line && $0.reason.contains(words) } == true
      || (text.isEmpty && error != nil), "\(String(describing: error))")
}

@Test func everyProblemOfAMappingFileIsNamedAtOnce() {
  let error = #expect(throws: MappingError.self) {
    try Mapping(parsing: "punos-mapping 1\n[account]\nA = nowhere\nB = display_name | magic\nC = also.nowhere\n")
  }
  #expect(error?.problems.map(\.position.line) == [3, 4, 5])
}

@Test func aColumnThatTheTableDoesNotHaveOrHasTwiceIsNamed() throws {
  let mapping = try Mapping(parsing: "punos-mapping 1\n[account]\nNmae = display_name\nFax = attributes.fax\n")
  let error = #expect(throws: MappingError.self) { try RowMapper(mapping, header: ["Name", "Fax", "Fax"]) }
  #expect(error?.problems.map(\.position.line) == [3, 4])
  #expect(error?.problems.first?.reason.contains("is “Name” meant?") == true)
  #expect(error?.problems.last?.reason.contains("2 times") == true)
}

@Test func aMappingWrittenAsAFileReadsBackEqual() throws {
  let mapping = try Mapping(parsing: example)
  var again = try Mapping(parsing: mapping.text())
  for section in again.sections.indices {
    again.sections[section].line = mapping.sections[section].line
    for column in again.sections[section].columns.indices {
      again.sections[section].columns[column].line = mapping.sections[section].columns[column].line
    }
    for constant in again.sections[section].constants.indices {
      again.sections[section].constants[constant].line = mapping.sections[section].constants[constant].line
    }
  }
  #expect(again == mapping)
}

@Test func aRowThatIsBrokenGivesItsProblemAndNoFields() throws {
  let rows = try rows("Name,City\nA,B,C\n", "punos-mapping 1\n[account]\nName = display_name\n")
  #expect(rows.count == 1)
  #expect(rows[0].fields.isEmpty)
  #expect(rows[0].problems.map(\.position.line) == [2])
}

@Test func aRowWithoutKeyOrNameIsRefused() throws {
  let rows = try rows(
    "Id,Name,City\n,A,B\n2,NULL,C\n",
    "punos-mapping 1\n[account]\nkey x = Id\nName = display_name\nCity = addresses.city\n")
  #expect(rows.map(\.problems.count) == [1, 1])
  #expect(rows[0].problems[0].position.column == 1)
}

@Test(arguments: MappingProfile.allCases)
func everyProfileMapsOnlyToFieldsThatExist(_ profile: MappingProfile) throws {
  let header = ["Account ID", "Contact ID", "Record ID", "Organization - ID", "Person - ID", "(Do Not Modify) Account"]
    + ["Account Name", "Name", "First Name", "Last Name", "Company name", "Person - Name", "Organization - Name", "Full Name"]
    + ["Phone", "Website", "Email", "Mobile", "Parent Account", "Annual Revenue", "Billing Country", "City"]
  let mapping = try #require(profile.mapping(header: header, locale: .american, country: nil))
  #expect(throws: Never.self) { try RowMapper(mapping, header: header) }
  #expect(throws: Never.self) { try Mapping(parsing: mapping.text()) }
  #expect(mapping.sections.map(\.kind) == [profile.kind])
  #expect(mapping.sections.first?.columns.isEmpty == false)
}

@Test(arguments: MappingProfile.allCases)
func aTableThatHasOnlyANameIsNoExportOfAWellKnownSystem(_ profile: MappingProfile) {
  for name in ["Name", "Account Name", "Company name", "Organization - Name", "Full Name", "Person - Name"] {
    #expect(profile.mapping(header: ["id", name, "staff"], locale: .american, country: nil) == nil, "\(name)")
  }
}

@Test func aSalesforceExportIsRecognised() throws {
  let header = ["Account ID", "Account Name", "Phone", "Billing City", "Billing Country", "Parent Account ID", "Tier"]
  let proposal = MappingProposal(
    header: header, samples: [["001", "Acme", "09 123", "Oulu", "Finland", "", "A"]], locale: nil, country: "FI")
  #expect(proposal.profile == .salesforceAccounts)
  var mapper = try RowMapper(proposal.mapping, header: header)
  let reader = try CSVReader(
    ByteSource(bytes: Array((header.joined(separator: ",") + "\n001,Acme OY,09 1234567,Oulu,Finland,002,A\n").utf8)))
  var record = CSVRecord()
  #expect(try reader.next(&record))
  let row = try #require(mapper.rows(from: record).first)
  #expect(row.key == ImportedRow.Key(system: "salesforce", id: "001"))
  #expect(row.text("addresses[billing].country") == "FI")
  #expect(row.text("attributes.tier") == "A")
  #expect(
    row.fields.contains { $0.value == .reference(kind: "account", by: .externalID(system: "salesforce", id: "002")) })
}

@Test(arguments: [
  ["name", "given_name", "family_name", "account", "title"], ["Nimi", "Etunimi", "Sukunimi", "Yritys", "Titteli"],
])
func aNameBesideFirstAndLastNamesIsThePersonsAndTheCompanyKeepsItsOwn(_ header: [String]) throws {
  let samples = [["Liisa Korhonen", "Liisa", "Korhonen", "Kuura Oy", "Johtaja"]]
  let mapping = MappingProposal(header: header, samples: samples, locale: nil, country: nil).mapping
  let targets = { (kind: String) in
    Dictionary(
      uniqueKeysWithValues: (mapping.sections.first { $0.kind == kind }?.columns ?? []).map { ($0.name, $0.targets) })
  }
  #expect(targets("account") == [header[3]: ["display_name"]])
  #expect(targets("contact")[header[0]] == ["display_name"])
  #expect(targets("contact")[header[3]] == ["employments.account"])
}

@Test func aTableOfOurOwnRecordsIsKnownByTheirNames() throws {
  let header = ["id", "name", "family_name", "account", "emails", "external_ids"]
  let samples = [["contacts/liisa", "Liisa Korhonen", "Korhonen", "accounts/kuura", "liisa@kuura.example", "crm=1"]]
  let mapping = MappingProposal(header: header, samples: samples, locale: nil, country: nil).mapping
  let contact = try #require(mapping.sections.first)
  #expect(mapping.sections.map(\.kind) == ["contact"])
  #expect((contact.keySystem, contact.keyColumn) == ("punos", "id"))
  #expect(contact.columns.first { $0.name == "account" }?.targets == ["employments.account"])
  #expect(contact.columns.first { $0.name == "external_ids" }?.targets == [])
}

@Test func aProposalIsMadeFromHeaderAndValues() throws {
  let header = ["Asiakasnumero", "Yritys", "Tunnus", "Sukunimi", "Etunimi", "Yhteys", "Liikevaihto", "Lempiväri"]
  let samples = (1...5).map { number in
    ["\(number)", "Yritys \(number)", "0112038-9", "Meikäläinen", "Matti", "m\(number)@esimerkki.fi", "1 234,\(number)", "sininen"]
  }
  let proposal = MappingProposal(header: header, samples: samples, locale: nil, country: "FI")
  let account = try #require(proposal.mapping.sections.first { $0.kind == "account" })
  let contact = try #require(proposal.mapping.sections.first { $0.kind == "contact" })
  #expect(proposal.mapping.locale.decimalMark == ",")
  #expect(account.keyColumn == "Asiakasnumero")
  #expect(account.columns.first { $0.name == "Yritys" }?.targets == ["display_name"])
  #expect(account.columns.first { $0.name == "Tunnus" }?.targets == ["identifiers.y_tunnus"])
  #expect(account.columns.first { $0.name == "Lempiväri" }?.targets == ["attributes.lempivari"])
  #expect(contact.columns.first { $0.name == "Yhteys" }?.targets == ["emails.address"])
  #expect(contact.columns.contains { $0.targets == ["employments.account"] })
  #expect(proposal.reasons["Tunnus"] == "by its values: business ids")
  #expect(throws: Never.self) { try RowMapper(Mapping(parsing: proposal.mapping.text()), header: header) }
}

@Test(.enabled(if: RealFiles.areExpected, "the real files are not there"))
func theRealCompaniesGoThroughAProposedMapping() throws {
  func imported(_ name: String) throws -> [ImportedRow] {
    let path = try RealFiles.path(name)
    let first = try CSVReader(ByteSource(path: path))
    var record = CSVRecord()
    var samples: [[String]] = []
    while try first.next(&record) { if record.problem == nil { samples.append(record.fields) } }
    let proposal = MappingProposal(header: first.header, samples: samples, locale: nil, country: nil)
    var mapper = try RowMapper(proposal.mapping, header: first.header)
    let reader = try CSVReader(ByteSource(path: path))
    var rows: [ImportedRow] = []
    while try reader.next(&record) { rows += mapper.rows(from: record) }
    return rows
  }
  let maven = try imported("maven-crm/accounts.csv")
  #expect(maven.count == 85)
  #expect(maven.allSatisfy { $0.problems.isEmpty && $0.text("display_name") != nil })
  #expect(maven.count { $0.text("country") != nil } == 85)
  #expect(maven.count { row in row.fields.contains { $0.notes.contains { $0.kind == .spelling } } } == 1)
  #expect(maven.count { row in row.fields.contains { $0.path == "parents.account" } } == 15)
  let northwind = try imported("northwind/customers.csv")
  #expect(northwind.count { $0.kind == "account" && $0.problems.isEmpty } == 67)
  #expect(northwind.count { $0.kind == "contact" && $0.problems.isEmpty } == 67)
  #expect(northwind.count { !$0.problems.isEmpty } == 24)
  #expect(northwind.allSatisfy { row in !row.fields.contains { $0.value == .text("NULL") } })
}

@Test func theUnitInAColumnsNameIsUnderstood() throws {
  let header = ["Asiakasnumero", "Nimi", "Y-tunnus", "Postinumero", "Postitoimipaikka", "Liikevaihto (M€)", "Vuosi"]
  let samples = [["20010", "Kuura Oy", "0112038-9", "33100", "TAMPERE", "96,4", "2025"], ["20020", "B", "", "", "", "512,0", "2025"]]
  let proposal = MappingProposal(header: header, samples: samples, locale: nil, country: "FI")
  var mapper = try RowMapper(Mapping(parsing: proposal.mapping.text()), header: header)
  let csv = header.joined(separator: ";") + "\n" + samples[0].joined(separator: ";") + "\n"
  let reader = try CSVReader(ByteSource(bytes: Array(csv.utf8)))
  var record = CSVRecord()
  #expect(try reader.next(&record))
  let row = try #require(mapper.rows(from: record).first)
  #expect(row.text("revenue.amount") == "96400000")
  #expect(row.text("revenue.amount.currency") == "EUR")
  #expect(row.text("revenue.year") == "2025")
  #expect(row.text("addresses.city") == "TAMPERE")
  #expect(row.key == ImportedRow.Key(system: "import", id: "20010"))
}

@Test func peopleAreTiedToTheirEmployersByBusinessID() throws {
  let header = ["ticket_user", "name", "email", "mobile", "company business id", "note"]
  let values = ["u300", "Juhani Mäkelä", "j@esimerkki.fi", "+358401234567", "FI01120389", "Soittaa"]
  let proposal = MappingProposal(header: header, samples: [values], locale: nil, country: "FI")
  #expect(proposal.mapping.sections.map(\.kind) == ["contact"])
  var mapper = try RowMapper(Mapping(parsing: proposal.mapping.text()), header: header)
  let csv = header.joined(separator: ",") + "\n" + values.joined(separator: ",") + "\n"
  let reader = try CSVReader(ByteSource(bytes: Array(csv.utf8)))
  var record = CSVRecord()
  #expect(try reader.next(&record))
  let row = try #require(mapper.rows(from: record).first)
  #expect(row.text("display_name") == "Juhani Mäkelä")
  #expect(row.text("description") == "Soittaa")
  #expect(row.key?.id == "u300")
  #expect(
    row.fields.contains {
      $0.value == .reference(kind: "account", by: .identifier(type: "y_tunnus", value: "0112038-9"))
    })
}
