internal import Store
internal import TextAnalysis

/// A record whose searchable text changed, with what it puts into the index. A class, because it is sorted, twice, and
/// large to move.
final class AnalysedChange: Sendable {
  let tenant: UInt32
  let encodedKey: [UInt8]
  /// nil: nothing of it is to be found any more.
  let found: Found?

  final class Found: Sendable {
    /// The group of numbers that the document gets one of.
    let group: DocumentNumber
    let moment: Moment?
    let team: String
    let title: String
    /// What the dictionary counts.
    let counted: [Term]
    let formSources: [FormSource]
    /// The index's columns as it is given them, and all in one as they are kept.
    let columns: [[UInt8]]
    let kept: [UInt8]

    init(_ document: SearchDocument, of change: SearchChange, _ terms: DocumentTerms) {
      group = DocumentNumber(
        moment: document.moment, kind: change.key.kind, confidence: document.confidence, words: terms.words)
      moment = document.moment
      team = document.team
      title = terms.title
      counted = terms.counted
      formSources = terms.formSources
      columns = SearchTables.indexed(terms.columns, tenant: change.tenant)
      kept = terms.kept
    }
  }

  init(_ change: SearchChange, _ analyser: TextAnalyser, isNew: (FormSource) -> Bool) {
    tenant = change.tenant
    encodedKey = change.encodedKey
    found = change.after.map { document in
      Found(
        document, of: change, DocumentTerms(document, key: change.key, analyser: analyser, isNew: isNew))
    }
  }
}

/// Analyses a batch's texts piece by piece, on a thread of its own, while another writes what is there already.
///
/// Whoever asks for a piece that nobody has begun works it out itself: without a second processor, or a second thread, it
/// takes as long as it would have, and never for ever.
final class AnalysisAhead: Sendable {
  private struct State {
    /// Pieces that somebody has begun.
    var begun = 0
    /// Pieces that are worked out and not taken.
    var ready: [Int: [AnalysedChange]] = [:]
    var taken = 0
    var isCancelled = false
  }

  /// Changes of a piece: a few milliseconds of work.
  static let pieceChanges = 512
  /// Pieces that may wait to be taken: what they hold is in memory, about 10 KB for a note.
  private static let readyPieces = 8

  private let changes: SearchChanges
  private let analyser: TextAnalyser
  private let state = Monitor(State())
  private let pieces: Int

  init(_ changes: SearchChanges, analyser: TextAnalyser) {
    self.changes = changes
    self.analyser = analyser
    pieces = (changes.count + Self.pieceChanges - 1) / Self.pieceChanges
    // A thread for less than a piece would cost more than it saves.
    if pieces > 1 { _ = OwnThread("store-analyser") { [self] in workAhead() } }
  }

  /// The next piece, in order; nil: that was all.
  func next() -> [AnalysedChange]? {
    while true {
      let turn = state.wait { state -> Turn? in
        if state.taken == pieces { return .end }
        if let ready = state.ready.removeValue(forKey: state.taken) {
          state.taken += 1
          return .ready(ready)
        }
        guard state.begun == state.taken else { return nil }
        state.begun += 1
        state.taken += 1
        return .begin(state.taken - 1)
      }
      switch turn {
      case .ready(let piece):
        // There is room again.
        state.change { _ in }
        return piece
      case .begin(let piece): return workOut(piece)
      case .end, nil: return nil
      }
    }
  }

  private enum Turn {
    case ready([AnalysedChange])
    case begin(Int)
    case end
  }

  /// Ends the work: nobody will ask for more.
  func cancel() { state.change { $0.isCancelled = true } }

  private func workAhead() {
    while true {
      let piece = state.wait { state -> Int? in
        if state.isCancelled || state.begun == pieces { return -1 }
        guard state.begun - state.taken < Self.readyPieces else { return nil }
        state.begun += 1
        return state.begun - 1
      }
      guard let piece, piece >= 0 else { return }
      let worked = workOut(piece)
      state.change { $0.ready[piece] = worked }
    }
  }

  private func workOut(_ piece: Int) -> [AnalysedChange] {
    let start = piece * Self.pieceChanges
    // The same word comes again and again; what else leads to it is worked out once for a piece.
    var seen: Set<Int> = []
    return changes.read(start..<min(start + Self.pieceChanges, changes.count)).map { change in
      AnalysedChange(change, analyser) { seen.insert($0.digest(tenant: change.tenant)).inserted }
    }
  }
}
