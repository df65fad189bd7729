internal import Store

/// The period that a search is kept to, to the moment.
///
/// A document's number has its hour, or an earlier one where its own was full. So most numbers say whether their documents
/// are of the period; of those of the hours at its ends the moment itself is looked up.
struct SearchWindow {
  /// The numbers that documents of the period may have.
  let range: ClosedRange<Int64>

  private let since: Moment?
  private let until: Moment?
  /// Hours, counted down, in which a document may be of the period or not.
  private let edges: [ClosedRange<Int64>]

  /// - Parameters:
  ///   - since: the first moment; nil: open.
  ///   - until: the first moment after it; nil: open. With both open documents about no moment are in it too.
  ///   - moved: how many hours earlier than its own a document's number may be.
  init(since: Moment?, until: Moment?, moved: Int64) {
    (self.since, self.until) = (since, until)
    let greatest = Int64.max >> DocumentNumber.hourShift
    let newest = until.map { DocumentNumber.countdown(hour: DocumentNumber.hour(of: $0)) }
    let oldest = since.map { DocumentNumber.countdown(hour: DocumentNumber.hour(of: $0)) }
    let most = min(max(moved, 0), greatest)
    edges = [newest, oldest].compactMap { hour in hour.map { $0...min($0 + most, greatest) } }
    let first = newest ?? (oldest == nil ? 0 : DocumentNumber.timelessHours)
    let last = oldest.map { min($0 + most, greatest) } ?? greatest
    // Where the period ends before it begins no number is in it: none is the greatest there is.
    range =
      first <= last
      ? (first << DocumentNumber.hourShift)...((last << DocumentNumber.hourShift)
        | (1 << DocumentNumber.hourShift - 1))
      : Int64.max...Int64.max
  }

  /// Whether a document of the range is of the period, or its moment has to be looked up for that.
  func needsLook(_ document: DocumentNumber) -> Bool { edges.contains { $0.contains(document.countdown) } }

  func admits(_ moment: Moment?) -> Bool {
    guard let moment else { return since == nil && until == nil }
    return since.map { $0 <= moment } ?? true && until.map { moment < $0 } ?? true
  }
}
