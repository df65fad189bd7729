internal import Glibc
internal import Store
internal import TextAnalysis

/// What one record puts into the index.
struct DocumentTerms {
  /// Words of a document that are indexed. A body holds at most 1 MiB, but nobody searches the end of a
  /// novel.
  static let wordLimit = 20_000
  /// Bytes of a name that are kept to be compared with others.
  static let titleLimit = 200

  /// The texts of the index's columns, as ``SearchExtension``'s tokeniser reads them, without the tenant's
  /// prefix.
  var columns: [[UInt8]]
  /// Its words: what BM25 takes for the length.
  var words: Int
  /// The first verbatim field, by which the record can be named; empty where there is none.
  var title: String
  /// What the dictionary counts: its words, each once, and its kind.
  var counted: [Term]
  /// What other ways to come to its terms are worked out from, as far as `isNew` said so.
  var formSources: [FormSource]

  /// - Parameter isNew: whether the other ways that follow from a word are still to be written; asked for
  ///   every word of a text, so that what is known already is not kept.
  init(_ document: SearchDocument, key: RecordKey, analyser: TextAnalyser, isNew: (FormSource) -> Bool) {
    var builder = Builder()
    for field in document.fields where builder.words < Self.wordLimit {
      builder.add(field, analyser, isNew)
    }
    builder.addStrongTerms()
    builder.addFilters(key: key, team: document.team)
    columns = builder.columns
    words = builder.words
    title = builder.title
    formSources = builder.formSources
    counted = Array(builder.frequencies.keys)
    counted.append(Term(String(decoding: SearchTerm.kind(key.kind), as: UTF8.self)))
  }

  /// All columns in one, as they are kept to be taken out of the index again.
  var kept: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(columns.reduce(4) { $0 + $1.count })
    for (number, column) in columns.enumerated() {
      if number > 0 { bytes.append(SearchTerm.columnMark) }
      bytes += column
    }
    return bytes
  }

  /// The columns of what was kept.
  static func columns(ofKept bytes: [UInt8]) -> [[UInt8]] {
    bytes.split(
      separator: SearchTerm.columnMark, maxSplits: FieldWeight.weights.count - 1,
      omittingEmptySubsequences: false
    )
    .map { Array($0) }
  }

  /// The terms of columns that the dictionary counts, each once: words and the record's kind.
  static func countedTerms(of columns: [[UInt8]]) -> Set<Term> {
    var terms: Set<Term> = []
    for column in columns {
      for token in column.split(separator: SearchExtension.Mark.blank) {
        let term = token.first == SearchExtension.Mark.colocated ? token.dropFirst() : token
        guard let first = term.first, term.last != SearchTerm.strongMark else { continue }
        if first >= 0x20 || first == SearchTerm.kindMark {
          terms.insert(Term(String(decoding: term, as: UTF8.self)))
        }
      }
    }
    return terms
  }
}

/// A term, equal and ordered byte for byte, as SQLite has it; Swift's own equality of strings would look for
/// other spellings of the same letters, which analysis has settled already.
struct Term: Hashable, Comparable {
  var text: String

  init(_ text: String) { self.text = text }

  static func == (a: Term, b: Term) -> Bool { a.withBytes { a in b.withBytes { same(a, $0) } } }

  static func < (a: Term, b: Term) -> Bool { a.withBytes { a in b.withBytes { precedes(a, $0) } } }

  func hash(into hasher: inout Hasher) { withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) } }

  func withBytes<T>(_ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
    if let result = text.utf8.withContiguousStorageIfAvailable(body) { return result }
    return Array(text.utf8).withUnsafeBufferPointer(body)
  }

  private static func same(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
    guard a.count == b.count, let left = a.baseAddress, let right = b.baseAddress else {
      return a.count == b.count
    }
    return memcmp(left, right, a.count) == 0
  }

  private static func precedes(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let left = a.baseAddress, let right = b.baseAddress else { return a.count < b.count }
    let order = memcmp(left, right, min(a.count, b.count))
    return order != 0 ? order < 0 : a.count < b.count
  }
}

/// How terms are told apart from what else stands in the index.
enum SearchTerm {
  /// After a word's term: the documents in which it stands strongly.
  static let strongMark: UInt8 = 0x01
  /// Before an account, a team, a kind.
  static let accountMark: UInt8 = 0x02
  static let teamMark: UInt8 = 0x03
  static let kindMark: UInt8 = 0x04
  /// Between columns, where they are kept in one.
  static let columnMark: UInt8 = 0x07

  static func kind(_ kind: RecordKind) -> [UInt8] { [kindMark] + Array(String(kind.rawValue).utf8) }

  static func account(_ account: String) -> [UInt8] { [accountMark] + escaped(account) }

  static func team(_ team: String) -> [UInt8] { [teamMark] + escaped(team) }

  /// Blanks and control characters have meanings in the index. What they become may be something else's name,
  /// so a hit is checked against its own key and team.
  private static func escaped(_ name: String) -> [UInt8] { name.utf8.map { $0 <= 0x20 ? 0x1F : $0 } }

  /// What all terms of a tenant begin with.
  static func prefix(ofTenant tenant: UInt32) -> String { "\(tenant):" }
}

/// Another way to come to a term: by how its inflected forms begin (*asiakka* to *asiakas*), by its letters
/// without their dots (*hameenlinna* to *hämeenlinna*), or, for names, with a letter missing.
struct SearchForm: Hashable {
  var form: String
  var term: String

  /// Before the form without dots.
  static let plainMark = "\u{1}"
  /// Before a lookup key of a name's word.
  static let nameMark = "\u{2}"
}

/// A word that other ways lead to.
enum FormSource: Hashable {
  /// A word as it was written, and the terms it is found by; how many of them stand for the whole word.
  case word(folded: Term, terms: [Term], base: Int)
  /// A word of a record's title, which may be asked for misspelled.
  case name(Term)
  /// A word of another name: a city, an address.
  case other(Term)

  /// What it is known again by, within a tenant, for as long as the process lives.
  func digest(tenant: UInt32) -> Int {
    var hasher = Hasher()
    hasher.combine(tenant)
    hasher.combine(self)
    return hasher.finalize()
  }

  /// The other ways.
  var forms: [SearchForm] {
    switch self {
    case .word(let folded, let terms, let base):
      terms.prefix(base).compactMap { Self.inflected(folded.text, $0.text) }
        + terms.compactMap { Self.plain($0.text) }
    case .name(let word):
      NameMatching.lookupKeys(of: word.text).map {
        SearchForm(form: SearchForm.nameMark + $0, term: word.text)
      }
        + [Self.plain(word.text)].compactMap { $0 }
    case .other(let word): [Self.plain(word.text)].compactMap { $0 }
    }
  }

  private static func inflected(_ folded: String, _ term: String) -> SearchForm? {
    guard !term.hasPrefix(folded) else { return nil }
    let common = zip(term.unicodeScalars, folded.unicodeScalars).prefix { $0 == $1 }.count
    // Two letters beyond what they share: forms that part there go on to the same term.
    let form = String(String.UnicodeScalarView(folded.unicodeScalars.prefix(common + 2)))
    return common > 0 && !term.hasPrefix(form) ? SearchForm(form: form, term: term) : nil
  }

  private static func plain(_ term: String) -> SearchForm? {
    guard term.utf8.contains(0xC3) else { return nil }
    return SearchForm(form: SearchForm.plainMark + Folding.plain(term), term: term)
  }
}

extension DocumentTerms {
  private struct Builder {
    var columns = [[UInt8]](repeating: [], count: FieldWeight.weights.count)
    var words = 0
    var title = ""
    var formSources: [FormSource] = []
    // How often each term stands there, each time counted with its field's weight.
    var frequencies: [Term: Double] = [:]

    mutating func add(
      _ field: SearchDocument.Field, _ analyser: TextAnalyser, _ isNew: (FormSource) -> Bool
    ) {
      let language = field.language.flatMap { Language(tag: $0) }
      let found = analyser.words(of: field.text, language: language, verbatim: field.isVerbatim)
        .prefix(DocumentTerms.wordLimit - words)
      guard !found.isEmpty else { return }
      words += found.count
      let column = FieldWeight.column(for: field.weight)
      // Keeps a phrase from reaching from one field into the next.
      if !columns[column].isEmpty {
        columns[column] += [SearchExtension.Mark.prefix, SearchExtension.Mark.blank]
      }
      for word in found {
        for (place, term) in word.terms.enumerated() {
          if place > 0 { columns[column].append(SearchExtension.Mark.colocated) }
          columns[column] += term.utf8
          columns[column].append(SearchExtension.Mark.blank)
          frequencies[Term(term), default: 0] += FieldWeight.weights[column]
        }
        if !field.isVerbatim {
          let source = FormSource.word(
            folded: Term(word.folded), terms: word.terms.map(Term.init), base: word.base)
          if isNew(source) { formSources.append(source) }
        }
      }
      if field.isVerbatim { addName(field.text, isNew) }
    }

    private mutating func addName(_ text: String, _ isNew: (FormSource) -> Bool) {
      // Names that are nearly right are compared with titles only. Keys for each e-mail address, phone number and id
      // would be most of what an index of contacts costs.
      let isTitle = title.isEmpty
      if isTitle { title = String(decoding: text.utf8.prefix(DocumentTerms.titleLimit), as: UTF8.self) }
      guard isTitle || text.utf8.contains(where: { $0 >= 0x80 }) else { return }
      // Only what the dictionary counts, so that a form goes when its last document does.
      for word in NameMatching.words(of: text).prefix(NameMatching.comparedWords)
      where frequencies[Term(word)] != nil {
        let source = isTitle ? FormSource.name(Term(word)) : .other(Term(word))
        if isNew(source) { formSources.append(source) }
      }
    }

    /// The terms that stand there strongly, once more under a name of their own.
    mutating func addStrongTerms() {
      let length = SearchRanking.lengthClass(words: words)
      for (term, frequency) in frequencies.sorted(by: { $0.key < $1.key })
      where SearchRanking.impact(frequency, length: length) >= SearchRanking.strongImpact {
        append(Array(term.text.utf8) + [SearchTerm.strongMark])
      }
    }

    mutating func addFilters(key: RecordKey, team: String) {
      append(SearchTerm.kind(key.kind))
      if let account = key.account { append(SearchTerm.account(account)) }
      if !team.isEmpty { append(SearchTerm.team(team)) }
    }

    /// Terms that are no words go into the lightest column, all at one place.
    private mutating func append(_ term: [UInt8]) {
      columns[0].append(SearchExtension.Mark.colocated)
      columns[0] += term
      columns[0].append(SearchExtension.Mark.blank)
    }
  }
}
