internal import Store

#if canImport(Glibc)
  internal import Glibc
#endif

/// How search orders what it finds: BM25 × recency × confidence.
///
/// BM25 as Robertson and Zaragoza give it (*The Probabilistic Relevance Framework: BM25 and Beyond*, 2009),
/// with the fields' weights in the term frequency (their BM25F). The reference length is fixed instead of the
/// average of the index, so that what one record scores does not change with every other record; lengths are
/// rounded to sixteen classes, confidence to eight, moments to the hour, so that all of it fits into the
/// document's number.
enum SearchRanking {
  static let k1 = 1.2
  static let b = 0.75
  // Words of a usual note.
  static let referenceLength = 60.0
  // What one word can add at most, however often it stands there.
  static let greatestImpact = k1 + 1

  /// Occurrences of this impact or more are kept in lists of their own, which are looked through first: about
  /// one in ten of running text.
  static let strongImpact = 1.5

  /// What is this old counts half of what fades.
  static let halfLifeHours = 180.0 * 24
  /// What never fades: a note of three years ago that says exactly this is still better than one of today
  /// that hardly does.
  static let recencyFloor = 0.3

  /// How much one word's occurrences say of a document.
  ///
  /// - Parameters:
  ///   - frequency: occurrences, each counted with its field's weight.
  ///   - length: the document's length class.
  /// - Returns: 0 ..< ``greatestImpact``.
  static func impact(_ frequency: Double, length: Int) -> Double {
    let norm = lengthNorms[min(max(length, 0), lengthNorms.count - 1)]
    return frequency * (k1 + 1) / (frequency + norm)
  }

  /// How much a word that stands in `documents` of `total` documents tells them apart; more than 0.
  static func rarity(documents: Int, of total: Int) -> Double {
    let n = Double(max(0, documents))
    let all = Double(max(total, documents))
    return log(1 + (all - n + 0.5) / (n + 0.5))
  }

  /// - Parameter age: hours before the moment asked about; negative for what is to come.
  static func recency(age: Int) -> Double {
    guard age > 0 else { return 1 }
    return recencyFloor + (1 - recencyFloor) * exp2(-Double(age) / halfLifeHours)
  }

  /// - Parameter level: 0 … 7.
  static func confidence(level: Int) -> Double { 0.5 + 0.5 * Double(level) / 7 }

  /// The length class of a document: each is half as long again as the one before.
  static func lengthClass(words: Int) -> Int {
    lengthLimits.firstIndex { words <= $0 } ?? lengthLimits.count
  }

  private static let lengths: [Double] = (0..<16).map { 4 * pow(1.5, Double($0)) }
  private static let lengthLimits: [Int] = (0..<15).map { Int((lengths[$0] * lengths[$0 + 1]).squareRoot()) }
  private static let lengthNorms: [Double] = lengths.map { k1 * (1 - b + b * $0 / referenceLength) }
}

/// A document's number in the index. What ranking needs lies in it, so that no row has to be read to score a
/// document, and the numbers are in the order in which documents fade: newest first.
///
/// From the highest bit: hour (22 bits, counted down; the lowest for records about no moment), kind (6, its
/// low bits), confidence (3), length class (4), and a number (10) among those that have all of it in common.
struct DocumentNumber: Hashable, Sendable {
  let rawValue: Int64

  init(rawValue: Int64) { self.rawValue = rawValue }

  static let sequenceBits: Int64 = 10
  private static let hourBits: Int64 = 22
  static let hourShift: Int64 = 23
  private static let lastHour: Int64 = (1 << hourBits) - 1
  // Hours are counted from the year 1800, so that 22 bits reach to 2270.
  private static let origin: Int64 = -1_490_184
  // The lowest hours are for records about no moment: as many as there are may have all else in common.
  static let timelessHours: Int64 = 1 << 16

  /// The first number of those that a document like this may have; the next ones follow it.
  init(moment: Moment?, kind: RecordKind, confidence: Double?, words: Int) {
    let hour = moment.map { Self.countdown(hour: Self.hour(of: $0)) } ?? 0
    let sure = confidence.map { $0.isNaN ? 1 : min(max($0, 0), 1) } ?? 1
    let level = Int64((sure * 7).rounded())
    let length = Int64(SearchRanking.lengthClass(words: words))
    rawValue =
      hour << Self.hourShift | Int64(kind.rawValue & 63) << 17 | level << 14 | length << Self.sequenceBits
  }

  static func hour(of moment: Moment) -> Int64 {
    let seconds = moment.seconds
    return seconds >= 0 ? seconds / 3600 : -((-(seconds &+ 1)) / 3600) - 1
  }

  /// The least for the latest hour there is, more for earlier ones.
  static func countdown(hour: Int64) -> Int64 {
    let sinceOrigin = min(max(hour &- origin, 0), lastHour - timelessHours)
    return lastHour - sinceOrigin
  }

  /// How many hours earlier the number is than those of a group: documents go there where their own hours are full.
  func hours(beyond group: DocumentNumber) -> Int64 {
    (rawValue >> Self.hourShift) &- (group.rawValue >> Self.hourShift)
  }

  /// The hour, counted down; of a document about a moment ``timelessHours`` or more.
  var countdown: Int64 { rawValue >> Self.hourShift }

  /// Whole hours since 1970; nil for a document about no moment.
  var hour: Int64? {
    countdown < Self.timelessHours ? nil : Self.lastHour - countdown + Self.origin
  }

  /// The first number of the next earlier hour: where to go on when an hour is full.
  var earlier: DocumentNumber { DocumentNumber(rawValue: rawValue &+ (1 << Self.hourShift)) }

  /// The number without its place among those that have all else in common.
  var group: DocumentNumber { DocumentNumber(rawValue: rawValue & ~((1 << Self.sequenceBits) - 1)) }

  var lengthClass: Int { Int(rawValue >> Self.sequenceBits & 15) }
  var confidenceLevel: Int { Int(rawValue >> 14 & 7) }
  var kindBits: Int { Int(rawValue >> 17 & 63) }
}
