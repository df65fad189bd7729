internal import FieldFormats

/// Reads companies from the open data of the Finnish Patent and Registration Office (PRH), YTJ API version 3: what
/// `/companies` answers, or the file with all companies.
public final class YTJReader {
  private let elements: JSONElementsReader

  /// Bytes read of the file so far.
  public var consumedBytes: Int { elements.consumedBytes }
  /// Bytes of the whole file; nil for a pipe.
  public var totalBytes: Int? { elements.totalBytes }

  /// Opens a file.
  ///
  /// - Throws: ``DataFileError`` for content that is not text.
  public init(_ source: ByteSource) throws(DataFileError) {
    elements = try JSONElementsReader(source, member: "companies")
  }

  /// A company's entry that cannot be read.
  public struct Failure: Error, Sendable, Hashable {
    /// Where and what.
    public var problem: RecordProblem
  }

  /// The next company; nil at the end.
  ///
  /// - Throws: ``DataFileError`` when the file cannot be read on.
  public func next() throws(DataFileError) -> Result<RegistryCompany, Failure>? {
    guard let element = try elements.next() else { return nil }
    switch element.value {
    case .failure(let failure): return .failure(Failure(problem: failure.problem))
    case .success(let value):
      guard let company = Self.company(value, line: element.line) else {
        let reason = "expected a company with a businessId that is well-formed and a name"
        return .failure(Failure(problem: RecordProblem(at: FilePosition(line: element.line), reason)))
      }
      return .success(company)
    }
  }

  private static func company(_ value: JSONValue, line: Int) -> RegistryCompany? {
    var company = RegistryCompany(registry: "prh-ytj", line: line)
    guard let id = value["businessId"]?["value"]?.stringValue, let canonical = FieldFormat.yTunnus.canonical(id) else {
      return nil
    }
    company.businessID = canonical
    company.names = names(value["names"]?.arrayValue ?? [])
    guard !company.names.isEmpty else { return nil }
    company.legalForm = current(value["companyForms"]).flatMap(description)
    if let line = value["mainBusinessLine"], let code = line["type"]?.stringValue, !code.isEmpty {
      // TOIMI3 is Statistics Finland's TOL 2008; what comes after it is TOL 2025.
      let set = line["typeCodeSet"]?.stringValue ?? "TOIMI3"
      company.businessLine = RegistryCompany.BusinessLine(
        scheme: set == "TOIMI3" ? "tol_2008" : "tol_2025", code: code, title: description(line))
    }
    company.addresses = (value["addresses"]?.arrayValue ?? []).filter { date($0["endDate"]) == nil }.compactMap(address)
    company.website = value["website"]?["url"]?.stringValue
    company.registrationDate = date(value["registrationDate"]) ?? date(value["businessId"]?["registrationDate"])
    company.endDate = date(value["endDate"])
    company.changeDate = value["lastModified"]?.stringValue.flatMap { CalendarDate($0.prefix(10))?.description }
    return company
  }

  private static func date(_ value: JSONValue?) -> String? {
    value?.stringValue.flatMap { CalendarDate($0)?.description }
  }

  /// Type 1 is the registered name, others are parallel and auxiliary ones; a name with an end is a former one.
  private static func names(_ values: [JSONValue]) -> [RegistryCompany.Name] {
    let names = values.compactMap { value -> RegistryCompany.Name? in
      guard let text = value["name"]?.stringValue.flatMap({ Cleaning.text($0).value }) else { return nil }
      let ended = date(value["endDate"])
      let kind: RegistryCompany.Name.Kind =
        ended != nil ? .former : value["type"]?.stringValue == "1" ? .legal : .trading
      return RegistryCompany.Name(text: text, kind: kind, validFrom: date(value["registrationDate"]), validTo: ended)
    }
    return names.filter { $0.kind == .legal } + names.filter { $0.kind == .trading } + names.filter { $0.kind == .former }
  }

  /// The entry without an end, or else the newest.
  private static func current(_ list: JSONValue?) -> JSONValue? {
    let values = list?.arrayValue ?? []
    return values.first { date($0["endDate"]) == nil } ?? values.first
  }

  /// The text in Finnish (1), or else in English (3), or else in Swedish (2).
  private static func description(_ value: JSONValue) -> String? {
    let all = value["descriptions"]?.arrayValue ?? []
    for language in ["1", "3", "2"] {
      let found = all.first { $0["languageCode"]?.stringValue == language }
      if let text = found?["description"]?.stringValue, !text.isEmpty { return text }
    }
    return nil
  }

  /// Type 1 is where visitors go, 2 where letters go.
  private static func address(_ value: JSONValue) -> RegistryCompany.Address? {
    func text(_ name: String) -> String? { value[name]?.stringValue.flatMap { Cleaning.text($0).value } }
    var street = [text("street"), text("buildingNumber"), text("entrance"), text("apartmentNumber")]
      .compactMap(\.self).joined(separator: " ")
    if let suffix = text("apartmentIdSuffix") { street += " \(suffix)" }
    var lines = [text("co").map { "c/o \($0)" }, street.isEmpty ? nil : street].compactMap(\.self)
    if let box = text("postOfficeBox") { lines.append("PL \(box)") }
    if lines.isEmpty, let free = text("freeAddressLine") { lines.append(free) }
    let offices = value["postOffices"]?.arrayValue ?? []
    let office = offices.first { $0["languageCode"]?.stringValue == "1" } ?? offices.first
    let country = text("country").flatMap { name -> String? in
      if case .exact(let code) = CountryNames.find(name) { return code }
      return nil
    }
    let address = RegistryCompany.Address(
      label: value["type"]?.intValue == 2 ? "postal" : "visiting", lines: lines, postalCode: text("postCode"),
      city: office?["city"]?.stringValue, region: nil, country: country ?? "FI")
    return lines.isEmpty && address.city == nil ? nil : address
  }
}
