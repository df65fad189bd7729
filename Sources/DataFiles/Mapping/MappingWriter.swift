extension CleaningStep: CustomStringConvertible {
  /// The step as mapping files write it.
  public var description: String {
    switch self {
    case .text: "text"
    case .multiline: "multiline"
    case .lines: "lines"
    case .tags: "tags"
    case .company: "company"
    case .integer: "integer"
    case .number: "number"
    case .money: "money"
    case .date: "date"
    case .moment: "moment"
    case .phone: "phone"
    case .country: "country"
    case .currency: "currency"
    case .status: "status"
    case .channel: "channel"
    case .format(let name): name
    case .lower: "lower"
    case .upper: "upper"
    case .times(let power): "times 1" + String(repeating: "0", count: power)
    case .replace(let table):
      "replace "
        + table.sorted { $0.key < $1.key }.map { Mapping.quoted("\($0.key)=\($0.value)") }.joined(
          separator: " ")
    case .standIn(let text): "default \(Mapping.quoted(text))"
    case .lookup(let kind, let system): "lookup \(kind)\(system.map { " \($0)" } ?? "")"
    }
  }
}

extension Mapping {
  /// The mapping as a mapping file, which reads back equal but for line numbers.
  ///
  /// - Parameter remarks: what to write behind columns as a comment, by column name.
  public func text(remarks: [String: String] = [:]) -> String {
    var lines = ["punos-mapping 1", "locale \(locale.tag)"]
    if let country { lines.append("country \(country)") }
    if let source { lines.append("source \(Self.quoted(source))") }
    for section in sections {
      lines += ["", "[\(section.kind)]"]
      if let system = section.keySystem, let column = section.keyColumn {
        lines.append("key \(system) = \(Self.quoted(column))")
      }
      for column in section.columns {
        var line: String
        if column.targets.isEmpty {
          line = "ignore \(Self.quoted(column.name))"
        } else {
          line = "\(Self.quoted(column.name)) = \(column.targets.joined(separator: ", "))"
          for step in column.steps { line += " | \(step)" }
        }
        if let remark = remarks[column.name] { line += "  # \(remark)" }
        lines.append(line)
      }
      for constant in section.constants {
        lines.append("constant \(constant.target) = \(Self.quoted(constant.value))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A word as mapping files write it: in quotes unless it is plain.
  static func quoted(_ word: String) -> String {
    let plain =
      !word.isEmpty
      && word.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || "0123456789_-.".unicodeScalars.contains($0)
      }
    if plain, !["key", "constant", "ignore", "locale", "country", "source"].contains(word) { return word }
    var result = String.UnicodeScalarView()
    result.append("\"")
    for scalar in word.unicodeScalars {
      if scalar == "\"" { result.append(scalar) }
      result.append(scalar)
    }
    result.append("\"")
    return String(result)
  }
}
