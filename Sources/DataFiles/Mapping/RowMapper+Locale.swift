internal import FieldFormats

/// What a value of a table says of the locale that the table is read by.
public enum LocaleVerdict: Sendable, Hashable {
  /// Every locale reads it alike, or none does.
  case silent
  /// It is written as the locale writes numbers and dates.
  case fits
  /// Another locale reads it and this one does not.
  case contradicts(RecordProblem)
}

extension CleaningStep {
  /// Whether what a value means depends on where the file was written.
  var dependsOnLocale: Bool {
    switch self {
    case .integer, .number, .money, .date, .moment: true
    default: false
    }
  }
}

extension RowMapper {
  /// Habits that values are tried by: each decimal mark, and each order of day, month and year.
  private static let otherHabits = ["fi", "en-US", "en-GB", "sv"].compactMap { DataLocale($0) }

  /// Whether any column has values that the locale decides about.
  public var dependsOnLocale: Bool {
    sections.contains { $0.columns.contains { column in column.steps.contains(where: \.dependsOnLocale) } }
  }

  /// Tells of each value of a row that the locale decides about what it says of the locale.
  ///
  /// - Parameters:
  ///   - record: a row of the table that this mapper was made for; one with a problem of its own says nothing.
  ///   - tell: is given the column's place in the header, and the verdict.
  public func judgeLocale(by record: CSVRecord, _ tell: (_ column: Int, LocaleVerdict) -> Void) {
    guard record.problem == nil else { return }
    for section in sections {
      for column in section.columns where !record.isEmpty(column.index) {
        guard let step = column.steps.firstIndex(where: \.dependsOnLocale) else { continue }
        if record.isPlainDigits(column.index) {
          tell(column.index, .silent)
        } else if let verdict = verdict(record, column, step) {
          tell(column.index, verdict)
        }
      }
    }
  }

  /// - Parameter step: the one of the column's steps that the locale decides about.
  /// - Returns: nil for a word that means no value.
  private func verdict(_ record: CSVRecord, _ column: Column, _ step: Int) -> LocaleVerdict? {
    var value = Cleaning.text(record[column.index])
    for earlier in column.steps[..<step] {
      value = value.then { earlier.apply($0, locale: mapping.locale, country: nil) }
    }
    guard value.doubt == nil, let text = value.value else { return nil }
    if FieldFormat.date.problem(in: text) == nil { return .silent }
    let read = column.steps[step].apply(text, locale: mapping.locale, country: nil)
    guard let doubt = read.doubt else { return .fits }
    guard isReadElsewhere(text, column.steps[step]) else { return .silent }
    return .contradicts(
      RecordProblem(
        at: FilePosition(line: record.line, column: column.index + 1), columnName: column.mapping.name, doubt)
    )
  }
}

extension RowMapper {
  /// Whether another locale reads a value that this one does not. A fraction where a whole number is wanted is still a
  /// number of the locale that reads it.
  private func isReadElsewhere(_ text: String, _ step: CleaningStep) -> Bool {
    func reads(_ step: CleaningStep, _ locale: DataLocale) -> Bool {
      step.apply(text, locale: locale, country: nil).doubt == nil
    }
    if Self.otherHabits.contains(where: { reads(step, $0) }) { return true }
    guard step == .integer, !reads(.number, mapping.locale) else { return false }
    return Self.otherHabits.contains { reads(.number, $0) }
  }
}

extension CSVRecord {
  /// Whether a field has only digits, which every place writes alike.
  fileprivate func isPlainDigits(_ index: Int) -> Bool {
    withBytes(index) { bytes in bytes.allSatisfy { $0 &- 0x30 < 10 } }
  }
}
