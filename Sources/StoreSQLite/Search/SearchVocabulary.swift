internal import Store
internal import TextAnalysis

/// A tenant's dictionary, as a search reads it.
struct SearchVocabulary {
  // Terms that a beginning is taken for at most: more would make every search for "a" a search for
  // everything.
  static let expansionLimit = 24
  // Dictionary rows that are looked at for the most frequent of them; half a millisecond.
  static let rangeLimit = 1_000
  // Inflected forms that are looked at; each costs a look into the dictionary.
  static let formLimit = 200
  // A form is looked for by beginnings of what was typed down to this length.
  private static let shortestForm = 3

  /// A term, and in how many documents of the tenant it stands.
  struct Entry: Hashable {
    var term: String
    var documents: Int
  }

  let tenant: UInt32
  private let statements: SearchStatements
  private var count: Statement { statements.termDocuments }
  private var termRange: Statement { statements.termRange }
  private var formRange: Statement { statements.formRange }
  private var forms: Statement { statements.forms }

  init(_ statements: SearchStatements, tenant: UInt32) {
    self.tenant = tenant
    self.statements = statements
  }

  func documents(with term: String) throws(SQLiteFailure) -> Int {
    count.bind(1, Int64(tenant))
    count.bind(2, term)
    defer { count.reset() }
    return try count.step() ? Int(count.integer(0)) : 0
  }

  /// The terms a word may be stored under that are stored at all.
  ///
  /// - Returns: the terms, and whether some were left out because there were too many.
  func entries(for word: SearchText.Word) throws(SQLiteFailure) -> (entries: [Entry], isCut: Bool) {
    var found: [Entry] = []
    for term in word.alternatives { try add(term, to: &found) }
    var isCut = false
    if word.isPrefix {
      isCut = try addExpansions(of: word.folded, to: &found)
    }
    if found.isEmpty, Folding.plain(word.folded) == word.folded {
      // Typed without dots what is only there with them.
      for term in try terms(ofForm: SearchForm.plainMark + word.folded) { try add(term, to: &found) }
    }
    return (found, isCut)
  }

  private func add(_ term: String, to found: inout [Entry]) throws(SQLiteFailure) {
    guard !found.contains(where: { $0.term == term }) else { return }
    let documents = try documents(with: term)
    if documents > 0 { found.append(Entry(term: term, documents: documents)) }
  }

  /// Adds the most frequent terms that what was typed may become.
  /// - Returns: whether some were left out.
  private func addExpansions(of beginning: String, to found: inout [Entry]) throws(SQLiteFailure) -> Bool {
    var (candidates, isCut) = try entries(beginningWith: beginning)
    var stems = try terms(withFormsBeginning: beginning)
    isCut = isCut || stems.count > Self.formLimit
    // The form that is kept may be shorter than what was typed of it.
    let letters = Array(beginning.unicodeScalars)
    var length = letters.count - 1
    while length >= Self.shortestForm {
      stems += try terms(ofForm: String(String.UnicodeScalarView(letters[..<length])))
      length -= 1
    }
    for term in stems.prefix(Self.formLimit) where !candidates.contains(where: { $0.term == term }) {
      try add(term, to: &candidates)
    }
    candidates.sort { $0.documents != $1.documents ? $0.documents > $1.documents : $0.term < $1.term }
    for candidate in candidates where !found.contains(where: { $0.term == candidate.term }) {
      guard found.count < Self.expansionLimit else { return true }
      found.append(candidate)
    }
    return isCut
  }

  /// Terms that begin with something, and whether there are more than were looked at.
  func entries(beginningWith beginning: String) throws(SQLiteFailure) -> (entries: [Entry], isCut: Bool) {
    termRange.bind(1, Int64(tenant))
    termRange.bind(2, beginning)
    termRange.bind(3, beginning + "\u{10FFFF}")
    defer { termRange.reset() }
    var found: [Entry] = []
    while try termRange.step() {
      if found.count == Self.rangeLimit { return (found, true) }
      found.append(Entry(term: termRange.text(0), documents: Int(termRange.integer(1))))
    }
    return (found, false)
  }

  private func terms(withFormsBeginning beginning: String) throws(SQLiteFailure) -> [String] {
    formRange.bind(1, Int64(tenant))
    formRange.bind(2, beginning)
    formRange.bind(3, beginning + "\u{10FFFF}")
    defer { formRange.reset() }
    var found: [String] = []
    while try formRange.step() { found.append(formRange.text(0)) }
    return found
  }

  /// The terms that a form leads to.
  func terms(ofForm form: String) throws(SQLiteFailure) -> [String] {
    forms.bind(1, Int64(tenant))
    forms.bind(2, form)
    defer { forms.reset() }
    var found: [String] = []
    while try forms.step() { found.append(forms.text(0)) }
    return found
  }
}
