internal import FieldFormats

/// What a column can be mapped to: the fields of a kind of record, as paths, and how values for them are cleaned.
public struct MappingTargets: Sendable {
  /// One field that can be written.
  public struct Target: Sendable, Hashable {
    /// The path as mapping files name it, such as `addresses.city`.
    public var path: String
    /// How a value is cleaned when the mapping does not say otherwise.
    public var cleaning: CleaningStep
    /// Whether the path takes a name in brackets that tells elements apart: `phones[fax].number`.
    public var isRepeated: Bool
    /// Whether the last part is any name: `attributes.sector`, `external_ids[hubspot]`.
    public var isOpen: Bool
  }

  /// The kind of record, such as `account`.
  public var kind: String
  /// The fields by path, without brackets.
  public var targets: [String: Target]

  /// The fields of a kind given as lines of path and cleaning.
  ///
  /// - Parameter table: lines such as `addresses*.city text`; a star marks the repeated part of a path, `.*` at the
  ///   end any name.
  public init(kind: String, table: String) {
    self.kind = kind
    targets = [:]
    for line in table.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1)
      guard let first = words.first else { continue }
      let isOpen = first.hasSuffix(".*")
      var path = String(isOpen ? first.dropLast(2) : first)
      let isRepeated = path.contains("*")
      path = path.filter { $0 != "*" }
      let cleaning = words.count > 1 ? CleaningStep(words: words[1].split(separator: " ").map(String.init)) : nil
      targets[path] = Target(path: path, cleaning: cleaning ?? .text, isRepeated: isRepeated, isOpen: isOpen)
    }
  }

  /// The field that a mapping file's path means.
  ///
  /// - Parameter path: such as `phones[fax].number` or `attributes.sector`.
  /// - Returns: nil when the kind has no such field.
  public func target(for path: String) -> Target? {
    let plain = Self.withoutBrackets(path)
    if let target = targets[plain], !target.isOpen {
      return plain == path || target.isRepeated ? target : nil
    }
    if path.hasPrefix("external_ids["), path.hasSuffix("]") { return targets["external_ids"] }
    // By scalars: an attribute's name may begin with a combining mark.
    let scalars = plain.unicodeScalars
    guard let dot = scalars.firstIndex(of: "."), plain == path else { return nil }
    guard let target = targets[String(scalars[..<dot])], target.isOpen, scalars.index(after: dot) < scalars.endIndex
    else { return nil }
    return target
  }

  private static func withoutBrackets(_ path: String) -> String {
    var result = String.UnicodeScalarView()
    var depth = 0
    for scalar in path.unicodeScalars {
      if scalar == "[" { depth += 1 } else if scalar == "]" { depth -= 1 } else if depth == 0 {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// The fields of accounts.
  public static let account = MappingTargets(
    kind: "account",
    table: """
      display_name company
      names*.legal company
      names*.trading text
      names*.former text
      status status
      identifiers*.y_tunnus y_tunnus
      identifiers*.vat vat
      identifiers*.lei lei
      identifiers*.duns duns
      identifiers*.other text
      industries*.tol_2008 text
      industries*.tol_2025 text
      industries*.nace_2 text
      industries*.nace_2_1 text
      industries*.own text
      employees integer
      revenue.amount money
      revenue.amount.currency currency
      revenue.year integer
      founded_year integer
      country country
      addresses*.label text
      addresses*.lines lines
      addresses*.postal_code text
      addresses*.city text
      addresses*.region text
      addresses*.country country
      domains domain
      phones phone
      parents.account lookup account
      parents.share number
      parents.valid_from date
      owners*.team text
      owners*.principal text
      tags tags
      attributes.* text
      external_ids.* text
      description multiline
      """)

  /// The fields of contacts.
  public static let contact = MappingTargets(
    kind: "contact",
    table: """
      display_name text
      given_name text
      family_name text
      employments*.account lookup account
      employments*.title text
      employments*.department text
      employments*.role text
      employments*.valid_from date
      employments*.valid_to date
      emails*.address email
      emails*.label text
      phones*.number phone
      phones*.label text
      addresses*.label text
      addresses*.lines lines
      addresses*.postal_code text
      addresses*.city text
      addresses*.region text
      addresses*.country country
      language language
      preferred_channel channel
      profession text
      age_group text
      tags tags
      attributes.* text
      external_ids.* text
      description multiline
      """)

  /// The kinds that mapping files know, unless others are given.
  public static let standard: [MappingTargets] = [.account, .contact]
}
