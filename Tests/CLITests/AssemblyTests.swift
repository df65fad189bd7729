import DataFiles
import ProtobufBridge
import PunosMessages
import Testing

@testable import CLI

@Suite struct AssemblyTests {
  private let options = AssemblyOptions(source: "Testi", observed: nil, team: "sales", contentSystem: "testi")

  private func row(_ kind: String, _ fields: [(String, String)], key: String? = "1") -> ImportedRow {
    var row = ImportedRow(kind: kind, line: 2)
    row.key = key.map { ImportedRow.Key(system: "crm", id: $0) }
    row.fields = fields.map { ImportedField(path: $0.0, value: .text($0.1)) }
    return row
  }

  @Test func fieldsOfARowBecomeAnAccount() throws {
    let made = try AccountAssembler(
      row(
        "account",
        [
          ("display_name", "Kuura"), ("names.legal", "Kuura Oy"), ("identifiers.y_tunnus", "9000012-6"),
          ("addresses[visiting].city", "Oulu"), ("addresses[postal].city", "Turku"),
          ("addresses[visiting].lines", "Katu 1"), ("revenue.amount", "1.5"),
          ("revenue.amount.currency", "EUR"),
          ("owners.principal", "aino"), ("attributes.sector", "x"),
        ]), options)
    let account = made.finished([])
    #expect(account.addresses.map(\.label) == ["visiting", "postal"])
    #expect(account.addresses[0].lines == ["Katu 1"])
    #expect(account.revenue?.amount?.nanos == 500_000_000)
    #expect(account.owners[0].team == "sales")
    #expect(account.names[0].type == .legal)
    #expect(account.externalIds.map(\.id) == ["1"])
    #expect(
      Set(account.sources.map(\.path)).isSuperset(of: ["display_name", "addresses", "attributes.sector"]))
    #expect(account.sources.allSatisfy { $0.source == "Testi" })
  }

  @Test func aCurrencyWithoutAnAmountIsNoRevenue() throws {
    let made = try AccountAssembler(
      row("account", [("display_name", "K"), ("revenue.amount.currency", "EUR")]), options)
    #expect(made.finished([]).revenue == nil)
  }

  @Test func anAmountWithoutACurrencyIsRefused() {
    #expect(throws: AssemblyProblem.self) {
      try AccountAssembler(row("account", [("display_name", "K"), ("revenue.amount", "5")]), options)
    }
  }

  @Test func aReferenceIsFilledInWhereItBelongs() throws {
    var person = row("contact", [("display_name", "Liisa"), ("employments.title", "Johtaja")])
    person.fields.append(
      ImportedField(path: "employments.account", value: .reference(kind: "account", by: .name("Kuura"))))
    let made = try ContactAssembler(person, options)
    #expect(made.references.count == 1)
    let contact = made.finished(["accounts/x"])
    #expect(contact.employments.map(\.account) == ["accounts/x"])
    #expect(contact.employments[0].title == "Johtaja")
  }

  @Test func aTitleWithoutAnEmployerIsKeptAsAProfession() throws {
    let contact = try ContactAssembler(
      row("contact", [("display_name", "Liisa"), ("employments.title", "Johtaja")]), options
    ).contact
    #expect(contact.employments.isEmpty)
    #expect(contact.profession == "Johtaja")
  }

  @Test func aNumberTellsElementsApartAndIsNoLabel() throws {
    let contact = try ContactAssembler(
      row(
        "contact",
        [
          ("display_name", "Liisa"), ("emails[1].address", "liisa@kuura.example"),
          ("emails[2].address", "liisa@koti.example"), ("emails[work].address", "l@kuura.example"),
        ]), options
    ).contact
    #expect(
      contact.emails.map(\.address) == ["liisa@kuura.example", "liisa@koti.example", "l@kuura.example"])
    #expect(contact.emails.map(\.label) == ["", "", "work"])
  }

  @Test func aRowWithoutAKeyGetsTheSameOneEachTime() throws {
    let first = try ContactAssembler(row("contact", [("display_name", "Liisa")], key: nil), options).contact
    let again = try ContactAssembler(row("contact", [("display_name", "Liisa")], key: nil), options).contact
    let other = try ContactAssembler(row("contact", [("display_name", "Anna")], key: nil), options).contact
    #expect(first.externalIds == again.externalIds)
    #expect(first.externalIds != other.externalIds)
    #expect(first.externalIds[0].system == "testi")
  }

  @Test func anUnknownFieldIsNamed() {
    do throws(AssemblyProblem) {
      _ = try AccountAssembler(row("account", [("nonsense.x", "1")]), options)
      Issue.record("it was taken")
    } catch {
      #expect(error.reason.contains("nonsense.x"))
    }
  }
}
