internal import FieldFormats

/// A mapping made from a table's header and first rows, to be looked over by a person.
public struct MappingProposal: Sendable {
  /// The mapping.
  public var mapping: Mapping
  /// Why each column is mapped as it is, by column name.
  public var reasons: [String: String]
  /// The profile the columns were recognised by; nil when it was put together column by column.
  public var profile: MappingProfile?

  /// The system of a key that is Punos's own name of the record, `key punos = id`: so exports for spreadsheets come back.
  public static let ownSystem: String = "punos"

  /// How many rows are worth looking at: more change nothing.
  public static let sampleRows = 200

  /// Makes a mapping for a table.
  ///
  /// - Parameters:
  ///   - header: the names of the columns.
  ///   - samples: the first rows; the more, the surer.
  ///   - locale: how the file writes numbers and dates; nil to find out from the rows.
  ///   - country: of rows that do not say one.
  public init(header: [String], samples: [[String]], locale: DataLocale?, country: String?) {
    let locale = locale ?? LocaleInference.locale(of: samples)
    if let profile = Self.profile(for: header),
      var mapping = profile.mapping(header: header, locale: locale, country: country)
    {
      var reasons: [String: String] = [:]
      for column in mapping.sections.flatMap(\.columns) { reasons[column.name] = "column of \(profile.rawValue)" }
      let used = Set(mapping.sections.flatMap { $0.columns.map(\.name) + [$0.keyColumn].compactMap(\.self) })
      var written = Set(mapping.sections.flatMap { $0.columns.flatMap(\.targets) })
      var rest: [String] = []
      for name in header where !used.contains(name) {
        // What the system itself does not have may still be called by a usual name.
        guard let target = ProposalMaker.target(named: name, kind: profile.kind), written.insert(target).inserted else {
          rest.append(name)
          continue
        }
        mapping.sections[0].columns.append(Mapping.Column(name, targets: [target]))
        reasons[name] = "by its name"
      }
      for (name, target) in Self.attributes(rest) where written.insert(target).inserted {
        mapping.sections[0].columns.append(Mapping.Column(name, targets: [target]))
        reasons[name] = "not known to \(profile.rawValue): kept as an attribute"
      }
      self.init(mapping: mapping, reasons: reasons, profile: profile)
      return
    }
    var maker = ProposalMaker(header: header, samples: Array(samples.prefix(Self.sampleRows)), locale: locale)
    self.init(mapping: maker.make(country: country), reasons: maker.reasons, profile: nil)
  }

  private init(mapping: Mapping, reasons: [String: String], profile: MappingProfile?) {
    self.mapping = mapping
    self.reasons = reasons
    self.profile = profile
  }

  /// The profile that knows most of the columns: its key and two more, or five and most of them.
  private static func profile(for header: [String]) -> MappingProfile? {
    let scored = MappingProfile.allCases.map { ($0, $0.knownColumns(in: header), $0.hasKey(in: header)) }
    let fitting = scored.filter { $0.2 ? $0.1 >= 3 : $0.1 >= 5 && $0.1 * 10 >= header.count * 7 }
    return fitting.max { ($0.1, $0.2 ? 1 : 0) < ($1.1, $1.2 ? 1 : 0) }?.0
  }

  /// Attributes for columns that nothing else is known for, each with a name of its own.
  static func attributes(_ columns: [String]) -> [(String, String)] {
    var taken: Set<String> = []
    return columns.filter { !$0.isEmpty }.compactMap { column in
      let target = "attributes.\(RowMapper.attributeName(column))"
      return taken.insert(target).inserted ? (column, target) : nil
    }
  }
}

/// Finds how a file writes numbers and dates.
enum LocaleInference {
  /// The first of the usual locales under which every number and date in the samples makes sense.
  static func locale(of samples: [[String]]) -> DataLocale {
    let candidates = ["en-US", "fi", "en-GB", "de-CH", "sv"].compactMap { DataLocale($0) }
    var failures = [Int](repeating: 0, count: candidates.count)
    var commaDecimals = 0
    var dotted = 0
    for value in samples.prefix(MappingProposal.sampleRows).joined() {
      guard value.utf8.count >= 3, value.utf8.count <= 20, value.utf8.contains(where: { $0 &- 0x30 < 10 }),
        value.unicodeScalars.allSatisfy({ "0123456789.,/-' \u{A0}\u{202F}’".unicodeScalars.contains($0) })
      else { continue }
      let dots = value.count { $0 == "." }
      let slashes = value.count { $0 == "/" }
      if slashes == 2 {
        for (index, locale) in candidates.enumerated() where Cleaning.date(value, locale: locale).doubt != nil {
          failures[index] += 1
        }
      } else if dots == 2, Cleaning.date(value, locale: .finnish).doubt == nil {
        dotted += 1
      } else if value.contains(",") || value.contains(".") {
        for (index, locale) in candidates.enumerated() where Cleaning.readNumber(value, locale: locale) == nil {
          failures[index] += 1
        }
        if value.contains(","), Cleaning.readNumber(value, locale: .american) == nil { commaDecimals += 1 }
      }
    }
    // Dates with dots come from where commas are decimal marks, when no number speaks against it.
    if dotted > 0, commaDecimals > 0 || failures[1] == 0 { return candidates[1] }
    guard let best = failures.indices.min(by: { failures[$0] < failures[$1] }) else { return .american }
    return candidates[best]
  }
}
