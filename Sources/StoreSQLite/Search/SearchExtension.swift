internal import CSQLite
internal import Glibc

/// What FTS5 is taught so that it indexes what our analyser says: a tokeniser that only cuts at blanks, and
/// the function that scores a document.
///
/// Both are given to every connection of the process when it is opened: a connection without them cannot read
/// the index.
enum SearchExtension {
  /// The tokeniser's name in the table's definition.
  static let tokeniser = "punos"
  /// The scoring function's name.
  static let score = "punos_score"

  /// Bytes with a meaning in the texts that the tokeniser is given; none of them can be in a term.
  enum Mark {
    /// Before a term that stands at the place of the term before it.
    static let colocated: UInt8 = 0x05
    /// Begins a text: what follows up to the blank is put before each term.
    static let prefix: UInt8 = 0x06
    static let blank: UInt8 = 0x20
  }

  /// Registers the extension for all connections that are opened from now on. Call it before the first one
  /// is.
  static func register() { _ = registered }

  private static let registered: Int32 = {
    typealias Entry =
      @convention(c) (
        OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, OpaquePointer?
      ) -> Int32
    SQLiteLibrary.prepare()
    let entry: Entry = { database, _, _ in SearchExtension.extend(database) }
    return sqlite3_auto_extension(unsafeBitCast(entry, to: (@convention(c) () -> Void).self))
  }()

  private static func extend(_ database: OpaquePointer?) -> Int32 {
    guard let api = api(of: database) else { return SQLITE_ERROR }
    var functions = fts5_tokenizer()
    functions.xCreate = { _, _, _, created in
      // There is nothing to keep, but the handle may not be null; this one is never looked into.
      created?.pointee = OpaquePointer(bitPattern: 1)
      return SQLITE_OK
    }
    functions.xDelete = { _ in }
    functions.xTokenize = { _, context, _, text, count, take in tokenise(context, text, count, take) }
    let code = api.pointee.xCreateTokenizer(api, tokeniser, nil, &functions, nil)
    guard code == SQLITE_OK else { return code }
    return api.pointee.xCreateFunction(api, score, nil, scoreDocument, nil)
  }

  private static func api(of database: OpaquePointer?) -> UnsafeMutablePointer<fts5_api>? {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(database, "SELECT fts5(?1)", -1, &statement, nil) == SQLITE_OK else {
      return nil
    }
    defer { sqlite3_finalize(statement) }
    var api: UnsafeMutablePointer<fts5_api>?
    withUnsafeMutablePointer(to: &api) { place in
      _ = punos_sqlite_bind_fts5_place(statement, place)
      _ = sqlite3_step(statement)
    }
    return api
  }
}

private typealias TakeToken =
  @convention(c) (UnsafeMutableRawPointer?, Int32, UnsafePointer<CChar>?, Int32, Int32, Int32) -> Int32

/// Hands FTS5 the terms between the blanks.
private func tokenise(
  _ context: UnsafeMutableRawPointer?, _ text: UnsafePointer<CChar>?, _ count: Int32, _ take: TakeToken?
) -> Int32 {
  guard let text, let take, count > 0 else { return SQLITE_OK }
  let bytes = UnsafeRawBufferPointer(start: text, count: Int(count))
  // The common prefix is written once and each term behind it.
  var term: [UInt8] = []
  term.reserveCapacity(256)
  var prefixLength = 0
  var position = 0
  while position < bytes.count {
    let start = position
    while position < bytes.count, bytes[position] != SearchExtension.Mark.blank { position += 1 }
    let end = position
    position += 1
    guard end > start else { continue }
    if start == 0, bytes[0] == SearchExtension.Mark.prefix {
      term.append(contentsOf: bytes[1..<end])
      prefixLength = term.count
      continue
    }
    let isColocated = bytes[start] == SearchExtension.Mark.colocated
    term.removeSubrange(prefixLength...)
    term.append(contentsOf: bytes[(isColocated ? start + 1 : start)..<end])
    guard term.count > prefixLength else { continue }
    let flags = isColocated ? Int32(FTS5_TOKEN_COLOCATED) : 0
    let code = term.withUnsafeBytes { raw in
      take(
        context, flags, raw.baseAddress?.assumingMemoryBound(to: CChar.self),
        Int32(truncatingIfNeeded: raw.count),
        Int32(truncatingIfNeeded: start), Int32(truncatingIfNeeded: end))
    }
    if code != SQLITE_OK { return code }
  }
  return SQLITE_OK
}

/// How a match expression's phrases are scored, as the function gets it: a blob that is read for each
/// document, so it is flat. One byte: how many groups; one byte: how many phrases are scored, the first ones
/// of the expression; one byte for each of them: its group; eight for each group: its weight, a Double.
enum ScorePlan {
  /// - Parameters:
  ///   - phraseGroups: at most 255; twelve words with what they may stand for are about half of that.
  static func encode(phraseGroups: [UInt8], weights: [Double]) -> [UInt8] {
    var bytes = [UInt8(truncatingIfNeeded: weights.count), UInt8(truncatingIfNeeded: phraseGroups.count)]
    bytes += phraseGroups
    for weight in weights { withUnsafeBytes(of: weight) { bytes.append(contentsOf: $0) } }
    return bytes
  }
}

/// The sum over the groups of the group's weight times the greatest impact of any of its phrases.
private func scoreDocument(
  _ api: UnsafePointer<Fts5ExtensionApi>?, _ context: OpaquePointer?, _ result: OpaquePointer?,
  _ count: Int32,
  _ values: UnsafeMutablePointer<OpaquePointer?>?
) {
  guard let api, count == 1, let plan = values?[0], let base = sqlite3_value_blob(plan) else {
    sqlite3_result_error_code(result, SQLITE_MISUSE)
    return
  }
  let bytes = UnsafeRawBufferPointer(start: base, count: Int(sqlite3_value_bytes(plan)))
  guard bytes.count >= 2, bytes.count == 2 + Int(bytes[1]) + 8 * Int(bytes[0]) else {
    sqlite3_result_error_code(result, SQLITE_MISUSE)
    return
  }
  let groups = Int(bytes[0])
  let length = DocumentNumber(rawValue: api.pointee.xRowid(context)).lengthClass
  let score = withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, groups)) { best -> Double in
    best.initialize(repeating: 0)
    let phrases = min(Int(bytes[1]), Int(api.pointee.xPhraseCount(context)))
    for phrase in 0..<phrases {
      let group = Int(bytes[2 + phrase])
      guard group < groups else { continue }
      let frequency = weightedFrequency(api, context, Int32(truncatingIfNeeded: phrase))
      if frequency > 0 { best[group] = max(best[group], SearchRanking.impact(frequency, length: length)) }
    }
    var sum = 0.0
    for group in 0..<groups {
      let weight = bytes.loadUnaligned(fromByteOffset: 2 + Int(bytes[1]) + 8 * group, as: Double.self)
      sum += weight * best[group]
    }
    return sum
  }
  sqlite3_result_double(result, score)
}

private func weightedFrequency(
  _ api: UnsafePointer<Fts5ExtensionApi>, _ context: OpaquePointer?, _ phrase: Int32
) -> Double {
  var place = Fts5PhraseIter()
  var column: Int32 = -1
  var offset: Int32 = -1
  guard api.pointee.xPhraseFirst(context, phrase, &place, &column, &offset) == SQLITE_OK else { return 0 }
  var frequency = 0.0
  while column >= 0 {
    frequency += FieldWeight.weight(ofColumn: Int(column))
    api.pointee.xPhraseNext(context, &place, &column, &offset)
  }
  return frequency
}

/// The index has a column for each weight that a field may have.
enum FieldWeight {
  /// From the lightest to the heaviest, each twice the one before.
  static let weights: [Double] = [0.5, 1, 2, 4]

  static func weight(ofColumn column: Int) -> Double {
    column >= 0 && column < weights.count ? weights[column] : 0
  }

  /// The column for a field's weight: the nearest there is.
  static func column(for weight: Float) -> Int {
    let weight = Double(weight)
    guard weight.isFinite, weight > 0 else { return 1 }
    var nearest = 0
    for column in weights.indices where abs(weights[column] - weight) < abs(weights[nearest] - weight) {
      nearest = column
    }
    return nearest
  }
}
