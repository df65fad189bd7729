/// What to search for, and among what.
public struct SearchQuery: Hashable, Sendable {
  /// What somebody typed: all words must be there, "words in quotes" must follow each other, -words must not
  /// be there.
  public var text: String
  /// The text is still being typed: its last word may be the beginning of one.
  public var isTyping: Bool
  /// Only these kinds; empty: all.
  public var kinds: [RecordKind]
  /// Only in these accounts' shards, up to ``SearchLimits/filterValues``; empty: everywhere.
  public var accounts: [String]
  /// Only from these teams, up to ``SearchLimits/filterValues``; empty: from any.
  public var teams: [String]
  /// Only about this moment or later; records about no moment are left out then. nil: open.
  public var since: Moment?
  /// Only about a moment before this one; records about no moment are left out then. nil: open.
  public var until: Moment?
  /// 1 … ``SearchLimits/pageHits``; more is taken as that.
  public var limit: Int
  /// Go on after this; nil: from the best.
  public var after: ListPosition?
  /// The moment that recency is reckoned from; nil: now.
  public var now: Moment?

  public init(
    text: String, isTyping: Bool = false, kinds: [RecordKind] = [], accounts: [String] = [],
    teams: [String] = [],
    since: Moment? = nil, until: Moment? = nil, limit: Int = 20, after: ListPosition? = nil,
    now: Moment? = nil
  ) {
    self.text = text
    self.isTyping = isTyping
    self.kinds = kinds
    self.accounts = accounts
    self.teams = teams
    self.since = since
    self.until = until
    self.limit = limit
    self.after = after
    self.now = now
  }
}

/// Why a hit stands where it stands: the score is the product of these.
public struct SearchReasons: Hashable, Sendable {
  /// How well the words match: BM25, rare words counting more than common ones, 0 or more.
  public var relevance: Double
  /// 1 for what is of now, fading with age to three tenths; 1 for what is about no moment.
  public var recency: Double
  /// 1 for what is sure, a half for what is not at all.
  public var confidence: Double

  public init(relevance: Double, recency: Double, confidence: Double) {
    self.relevance = relevance
    self.recency = recency
    self.confidence = confidence
  }

  /// What hits are ordered by, the greatest first.
  public var score: Double { relevance * recency * confidence }
}

/// A place in a record where what was asked for stands.
public struct SearchSnippet: Hashable, Sendable {
  /// The field's path in the message.
  public var field: String
  /// An excerpt of the field's text.
  public var text: String
  /// The words that were found: UTF-8 offsets in `text`, ascending, not overlapping.
  public var highlights: [Range<Int>]
  /// The excerpt with the found words between « and ».
  public var marked: String

  public init(field: String, text: String, highlights: [Range<Int>], marked: String) {
    self.field = field
    self.text = text
    self.highlights = highlights
    self.marked = marked
  }
}

/// A record that was found.
public struct SearchHit: Hashable, Sendable {
  public var key: RecordKey
  /// The record as it was when its excerpts were made.
  public var record: StoredRecord
  public var score: Double
  public var why: SearchReasons
  /// The fields with the most of what was asked for, at most ``SearchLimits/snippetsPerHit``.
  public var snippets: [SearchSnippet]

  public init(
    key: RecordKey, record: StoredRecord, score: Double, why: SearchReasons, snippets: [SearchSnippet]
  ) {
    self.key = key
    self.record = record
    self.score = score
    self.why = why
    self.snippets = snippets
  }
}

/// What a search found.
public struct SearchAnswer: Hashable, Sendable {
  /// The best first; among equals the newest.
  public var hits: [SearchHit]
  /// Pass as `after` to go on; nil at the end, and after ``SearchLimits/reach`` hits.
  public var next: ListPosition?
  /// The work was cut off at its limit: every hit is a hit and correctly scored, but an older one that was
  /// not looked at might have scored better. False: these are the best of all there are.
  public var isBounded: Bool
  /// How many records match, or about how many.
  public var total: Int
  /// Whether ``total`` was counted to the end.
  public var isTotalExact: Bool
  /// Words of the question that were left out because there were too many.
  public var ignoredWords: Int
  /// What an operator should know of how the words were reduced ("Finnish base forms are not available: …");
  /// empty where all is well.
  public var notice: String

  public init(
    hits: [SearchHit] = [], next: ListPosition? = nil, isBounded: Bool = false, total: Int = 0,
    isTotalExact: Bool = true, ignoredWords: Int = 0, notice: String = ""
  ) {
    self.hits = hits
    self.next = next
    self.isBounded = isBounded
    self.total = total
    self.isTotalExact = isTotalExact
    self.ignoredWords = ignoredWords
    self.notice = notice
  }
}

/// A record whose name is like one that was asked for.
public struct NameCandidate: Hashable, Sendable {
  public var key: RecordKey
  /// The name, as the record's first verbatim search field has it.
  public var name: String
  /// 0 to 1; 1 means the same but for spelling and legal form.
  public var similarity: Double

  public init(key: RecordKey, name: String, similarity: Double) {
    self.key = key
    self.name = name
    self.similarity = similarity
  }
}

/// A store that can be searched.
public protocol SearchableStore: Store {
  /// Finds live records by their words, the best first.
  /// - Throws: ``InvalidQuery`` where a filter has too many values or `after` is not of this query;
  ///   ``ReadFailed``.
  func search(_ query: SearchQuery, in tenant: TenantID) async throws -> SearchAnswer

  /// Live records whose names are like one that was asked for, the likest first: for *not found, did you
  /// mean*, and for an unambiguous part of a name.
  /// - Parameters:
  ///   - kinds: only these; empty: all.
  ///   - limit: 1 … ``SearchLimits/pageHits``; more is taken as that.
  func names(like name: String, kinds: [RecordKind], limit: Int, in tenant: TenantID) async throws
    -> [NameCandidate]
}

/// The limits of searching, each with its reason.
public enum SearchLimits {
  /// Hits of one page: each costs a record and its excerpts.
  public static let pageHits = 100
  /// Hits that paging reaches: nobody reads on, they ask better.
  public static let reach = 1_000
  /// Excerpts of one hit.
  public static let snippetsPerHit = 3
  /// Accounts or teams of one filter: a person's own list, not an export.
  public static let filterValues = 100
  /// Bytes of a question: a paragraph, of which the first words count.
  public static let textBytes = 2_000
  /// Matching records that one search scores at most; at about 1 µs each this is the bound on its time.
  public static let scored = 30_000
}
