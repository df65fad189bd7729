import DataFiles
import Testing

private let company = """
  {"businessId":{"value":"0112038-9","registrationDate":"1978-03-15"},
   "names":[{"name":"Vanha Nimi Oy","type":"1","registrationDate":"1990-01-01","endDate":"1999-12-31","version":2},
            {"name":"Esimerkki Oyj","type":"1","registrationDate":"2000-01-01","version":1},
            {"name":"Esimerkki Palvelut","type":"3","registrationDate":"2001-05-05","version":1}],
   "mainBusinessLine":{"type":"26300","typeCodeSet":"TOIMI3","descriptions":[
     {"languageCode":"3","description":"Communication equipment"},{"languageCode":"1","description":"Viestintälaitteet"}]},
   "companyForms":[{"type":"17","descriptions":[{"languageCode":"1","description":"Julkinen osakeyhtiö"}]}],
   "addresses":[{"type":1,"street":"Esimerkkikatu","buildingNumber":"7","postCode":"02610",
     "postOffices":[{"city":"ESBO","languageCode":"2"},{"city":"ESPOO","languageCode":"1"}]},
     {"type":2,"postOfficeBox":"226","postCode":"00045","postOffices":[{"city":"NOKIA GROUP","languageCode":"1"}]}],
   "website":{"url":"https://www.esimerkki.fi"},"tradeRegisterStatus":"1","status":"2",
   "registrationDate":"1896-12-20","lastModified":"2025-01-31 08:00:00"}
  """

private func companies(_ text: String) throws -> [Result<RegistryCompany, YTJReader.Failure>] {
  let reader = try YTJReader(ByteSource(bytes: Array(text.utf8)))
  var all: [Result<RegistryCompany, YTJReader.Failure>] = []
  while let next = try reader.next() { all.append(next) }
  return all
}

@Test func aCompanyOfTheFinnishRegistryIsRead() throws {
  let found = try #require(companies(company).first).get()
  #expect(found.businessID == "0112038-9")
  #expect(found.names.map(\.text) == ["Esimerkki Oyj", "Esimerkki Palvelut", "Vanha Nimi Oy"])
  #expect(found.names.map(\.kind) == [.legal, .trading, .former])
  #expect(found.names.last?.validTo == "1999-12-31")
  #expect(found.legalForm == "Julkinen osakeyhtiö")
  #expect(found.businessLine?.scheme == "tol_2008" && found.businessLine?.code == "26300")
  #expect(found.businessLine?.title == "Viestintälaitteet")
  #expect(found.addresses.map(\.label) == ["visiting", "postal"])
  #expect(found.addresses.first?.lines == ["Esimerkkikatu 7"])
  #expect(found.addresses.first?.city == "ESPOO")
  #expect(found.addresses.last?.lines == ["PL 226"])
  #expect(found.registrationDate == "1896-12-20")
  #expect(found.changeDate == "2025-01-31")
  #expect(found.endDate == nil)
  #expect(found.fields.contains { $0.path == "domains" && $0.value == .text("www.esimerkki.fi") })
}

@Test(
  arguments: [
    "[%,%,%]", "{\"totalResults\":3,\"companies\":[%,%,%]}", "%\n%\n%\n", " [ % , % , % ] ",
    "{\"companies\":[%,%,%],\"totalResults\":3,\"note\":{\"a\":[1,{}]}}",
  ])
func theRegistrysFileMayBeAnArrayAnAnswerOrLines(_ shape: String) throws {
  let text = shape.split(separator: "%", omittingEmptySubsequences: false).joined(separator: company)
  let all = try companies(text)
  #expect(all.count == 3)
  for one in all { #expect(try one.get().businessID == "0112038-9") }
}

@Test func aBrokenEntryIsNamedAndTheRestGoesOn() throws {
  let all = try companies("[{\"businessId\":{\"value\":\"0112038-8\"}},\n{\"names\":[1 2]},\n\(company)]")
  #expect(all.count == 3)
  #expect(throws: YTJReader.Failure.self) { try all[0].get() }
  #expect(throws: YTJReader.Failure.self) { try all[1].get() }
  #expect(throws: Never.self) { try all[2].get() }
}

@Test(arguments: ["[{\"a\":1}", "{\"companies\":[{\"a\":\"", "]", "[[[[", "{\"a\":\"\\"])
func aFileThatBreaksOffIsNamed(_ text: String) {
  #expect(throws: DataFileError.self) { try companies(text) }
}

@Test func nestingWithoutEndInARegistryFileIsRefused() {
  #expect(throws: DataFileError.self) { try companies(String(repeating: "[", count: 100_000)) }
}

@Test func entitiesOfTheGLEIFFileAreRead() throws {
  let csv = """
    LEI,Entity.LegalName,Entity.LegalName.xmllang,Entity.LegalAddress.FirstAddressLine,Entity.LegalAddress.City,\
    Entity.LegalAddress.Country,Entity.LegalAddress.PostalCode,Entity.RegistrationAuthority.RegistrationAuthorityEntityID,\
    Entity.EntityStatus,Entity.EntityCreationDate,Registration.LastUpdateDate
    549300A0JPRWG1KI7U06,Esimerkki Oyj,fi,Esimerkkikatu 7,Espoo,FI,02610,0112038-9,ACTIVE,1896-12-20T00:00:00Z,2025-02-03T08:00:00Z
    549300A0JPRWG1KI7U07,Wrong Check,en,a,b,SE,,0112038-9,ACTIVE,,
    7LTWFZYICNSX8D621K86,Beispiel AG,de,Weg 1,Frankfurt am Main,DE,60325,HRB 30000,INACTIVE,,2024-01-01T00:00:00Z
    """
  let reader = try GLEIFReader(ByteSource(bytes: Array(csv.utf8)))
  let first = try #require(try reader.next()).get()
  #expect(first.lei == "549300A0JPRWG1KI7U06")
  #expect(first.businessID == "0112038-9")
  #expect(first.addresses.first?.city == "Espoo")
  #expect(first.registrationDate == "1896-12-20")
  guard case .failure(let failure) = try #require(try reader.next()) else {
    Issue.record("a wrong LEI was accepted")
    return
  }
  #expect(failure.problem.position.line == 3)
  let third = try #require(try reader.next()).get()
  #expect(third.businessID == nil)
  #expect(third.endDate == "2024-01-01")
  #expect(try reader.next() == nil)
  #expect(throws: DataFileError.self) { try GLEIFReader(ByteSource(bytes: Array("a,b\n1,2\n".utf8))) }
}
