internal import FieldFormats

/// Turns vCards into contacts.
public struct VCardMapper: Sendable {
  private let country: String?

  /// A mapper.
  ///
  /// - Parameter country: of telephone numbers on cards without an address that names one; ISO 3166-1.
  public init(country: String?) { self.country = country }

  /// The contact on a card.
  ///
  /// - Returns: a row of kind `contact`, with the card's UID as its key in the system `vcard`.
  public func row(from card: VCard) -> ImportedRow {
    var row = ImportedRow(kind: "contact", line: card.line)
    var cardCountry: String?
    for address in card.properties where address.name == "ADR" {
      let cleaned = address.components.dropFirst(6).first.map { Cleaning.country($0) }
      if let cleaned, cleaned.doubt == nil { cardCountry = cardCountry ?? cleaned.value }
    }
    if let uid = card.first("UID")?.text, !uid.isEmpty { row.key = ImportedRow.Key(system: "vcard", id: uid) }
    for name in ["FN", "N", "ORG", "TITLE", "ROLE", "NOTE", "LANG", "CATEGORIES"] { add(name, card, &row) }
    for (index, property) in card.properties.filter({ $0.name == "EMAIL" }).enumerated() {
      addFormatted("emails[\(label(property, index))].address", .format("email"), property, cardCountry, &row)
    }
    for (index, property) in card.properties.filter({ $0.name == "TEL" }).enumerated() {
      addPhone("phones[\(label(property, index))]", property, cardCountry ?? country, &row)
    }
    for (index, property) in card.properties.filter({ $0.name == "ADR" }).enumerated() {
      addAddress("addresses[\(label(property, index))]", property, &row)
    }
    if row.text("display_name") == nil {
      let parts = [row.text("given_name"), row.text("family_name")].compactMap(\.self)
      if parts.isEmpty {
        row.problems.append(RecordProblem(at: FilePosition(line: card.line), "the card has no name (FN or N)"))
      } else {
        row.fields.insert(ImportedField(path: "display_name", value: .text(parts.joined(separator: " "))), at: 0)
      }
    }
    return row
  }

  private func add(_ name: String, _ card: VCard, _ row: inout ImportedRow) {
    guard let property = card.first(name) else { return }
    func set(_ path: String, _ text: String?, multiline: Bool = false) {
      guard let text else { return }
      let cleaned = Cleaning.text(text, multiline: multiline)
      guard let value = cleaned.value else { return }
      row.fields.append(ImportedField(path: path, value: .text(value), column: name, notes: cleaned.notes))
    }
    let components = property.components
    switch name {
    case "FN": set("display_name", property.text)
    case "N":
      set("family_name", components.first)
      set("given_name", components.dropFirst().first)
    case "ORG":
      if let organisation = components.first.flatMap({ Cleaning.text($0).value }) {
        row.fields.append(
          ImportedField(
            path: "employments.account", value: .reference(kind: "account", by: .name(organisation)), column: name))
        set("employments.department", components.dropFirst().first)
      }
    case "TITLE": set("employments.title", property.text)
    case "ROLE": set("employments.role", property.text)
    case "NOTE": set("description", property.text, multiline: true)
    case "LANG":
      let cleaned = FieldFormat.language.canonical(property.text)
      if let cleaned { set("language", cleaned) }
    case "CATEGORIES": for category in VCard.split(property.rawValue, at: ",") { set("tags", VCard.unescaped(category)) }
    default: return
    }
  }

  /// What kind of address or number it is: its type in small letters, or else its place among its kind.
  private func label(_ property: VCard.Property, _ index: Int) -> String {
    let known = ["work", "home", "cell", "mobile", "fax", "other"]
    guard let type = property.parameter("TYPE").first(where: known.contains) else { return "\(index + 1)" }
    return (type == "cell" ? "mobile" : type) + (index == 0 ? "" : "-\(index + 1)")
  }

  private func addFormatted(
    _ path: String, _ step: CleaningStep, _ property: VCard.Property, _ country: String?, _ row: inout ImportedRow
  ) {
    guard let text = Cleaning.text(property.text).value else { return }
    let cleaned = step.apply(text, locale: .american, country: country)
    if let doubt = cleaned.doubt {
      row.warnings.append(
        RecordProblem(at: FilePosition(line: row.line), columnName: property.name, "left out: \(doubt)"))
    } else if let value = cleaned.value {
      row.fields.append(ImportedField(path: path, value: .text(value), column: property.name, notes: cleaned.notes))
    }
  }

  private func addPhone(_ path: String, _ property: VCard.Property, _ country: String?, _ row: inout ImportedRow) {
    var text = property.text
    if text.lowercased().hasPrefix("tel:") { text = String(text.dropFirst(4)) }
    guard let text = Cleaning.text(text).value else { return }
    let cleaned = Cleaning.phone(text, country: country)
    guard let value = cleaned.value else { return }
    if let doubt = cleaned.doubt {
      row.warnings.append(
        RecordProblem(at: FilePosition(line: row.line), columnName: "TEL", "left as written: \(doubt)"))
    }
    row.fields.append(
      ImportedField(
        path: path + (cleaned.doubt == nil ? ".number" : ".as_written"), value: .text(value), column: "TEL",
        notes: cleaned.notes))
  }

  /// ADR: post office box, extended address, street, locality, region, postal code, country.
  private func addAddress(_ path: String, _ property: VCard.Property, _ row: inout ImportedRow) {
    let components = property.components
    func part(_ index: Int) -> String? { components.dropFirst(index).first.flatMap { Cleaning.text($0).value } }
    func set(_ field: String, _ value: String?, _ notes: [CleaningNote] = []) {
      guard let value else { return }
      row.fields.append(
        ImportedField(path: "\(path).\(field)", value: .text(value), column: "ADR", notes: notes))
    }
    for line in [part(2), part(1), part(0)] { set("lines", line) }
    set("city", part(3))
    set("region", part(4))
    set("postal_code", part(5))
    guard let country = part(6).map({ Cleaning.country($0) }) else { return }
    if let doubt = country.doubt {
      row.warnings.append(
        RecordProblem(at: FilePosition(line: row.line), columnName: "ADR", "country left out: \(doubt)"))
    } else {
      set("country", country.value, country.notes)
    }
  }
}
