internal import FieldFormats

/// Reads legal entities from GLEIF's golden copy in CSV (LEI-CDF 3.1): its columns are found by their names, in any
/// order, others are passed over.
public final class GLEIFReader {
  private let table: CSVReader
  private let columns: [String: Int]
  private var record = CSVRecord()

  /// Bytes read of the file so far.
  public var consumedBytes: Int { table.consumedBytes }
  /// Bytes of the whole file; nil for a pipe.
  public var totalBytes: Int? { table.totalBytes }

  /// Opens a file.
  ///
  /// - Throws: ``DataFileError`` for content that is not a table with LEIs and names.
  public init(_ source: ByteSource) throws(DataFileError) {
    table = try CSVReader(source, format: CSVFormat())
    columns = Dictionary(table.header.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    guard columns["LEI"] != nil, columns["Entity.LegalName"] != nil else {
      throw DataFileError(
        .wrongContent, at: FilePosition(line: 1), "expected GLEIF's columns, LEI and Entity.LegalName among them")
    }
  }

  /// An entity that cannot be read.
  public struct Failure: Error, Sendable, Hashable {
    /// Where and what.
    public var problem: RecordProblem
  }

  /// The next entity; nil at the end.
  ///
  /// - Throws: ``DataFileError`` when the file cannot be read on.
  public func next() throws(DataFileError) -> Result<RegistryCompany, Failure>? {
    guard try table.next(&record) else { return nil }
    if let problem = record.problem { return .failure(Failure(problem: problem)) }
    guard let lei = value("LEI").flatMap(FieldFormat.lei.canonical), let name = value("Entity.LegalName") else {
      let reason = "expected an LEI that is well-formed and a legal name"
      return .failure(Failure(problem: RecordProblem(at: FilePosition(line: record.line, column: 1), reason)))
    }
    var company = RegistryCompany(registry: "gleif", line: record.line)
    company.lei = lei
    company.names = [RegistryCompany.Name(text: name, kind: .legal)]
    let legal = address("Entity.LegalAddress", "legal")
    company.addresses = [legal, address("Entity.HeadquartersAddress", "headquarters")].compactMap(\.self)
    // Only Finnish entities are registered under business ids; elsewhere the same digits mean something else.
    if legal?.country == "FI", let id = value("Entity.RegistrationAuthority.RegistrationAuthorityEntityID") {
      company.businessID = FieldFormat.yTunnus.canonical(id)
    }
    company.registrationDate = day("Entity.EntityCreationDate")
    if value("Entity.EntityStatus") == "INACTIVE" {
      company.endDate = day("Entity.EntityExpirationDate") ?? day("Registration.LastUpdateDate")
    }
    company.changeDate = day("Registration.LastUpdateDate")
    return .success(company)
  }

  private func value(_ column: String) -> String? {
    columns[column].flatMap { record.isEmpty($0) ? nil : Cleaning.text(record[$0]).value }
  }

  private func day(_ column: String) -> String? {
    value(column).flatMap { CalendarDate($0.prefix(10))?.description }
  }

  private func address(_ prefix: String, _ label: String) -> RegistryCompany.Address? {
    let lines = ["FirstAddressLine", "AdditionalAddressLine.1", "AdditionalAddressLine.2", "AdditionalAddressLine.3"]
      .compactMap { value("\(prefix).\($0)") }
    let country = value("\(prefix).Country").flatMap(FieldFormat.country.canonical)
    guard !lines.isEmpty || country != nil else { return nil }
    return RegistryCompany.Address(
      label: label, lines: lines, postalCode: value("\(prefix).PostalCode"), city: value("\(prefix).City"),
      region: value("\(prefix).Region"), country: country)
  }
}
