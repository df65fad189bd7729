internal import CStemmer

/// One stemmer of libstemmer.
///
/// `@unchecked Sendable`: a stemmer keeps its result in a buffer of its own, so it may move between threads
/// but not be used from two at once; it belongs to one ``AnalyserLane``, which is only ever touched inside
/// its lock.
final class SnowballStemmer: @unchecked Sendable {
  private let handle: OpaquePointer

  /// Opens the stemmer of a language; `nil` where libstemmer was built without it.
  init?(_ language: Language) {
    let name =
      switch language {
      case .finnish: "finnish"
      case .swedish: "swedish"
      case .english: "english"
      }
    guard let opened = sb_stemmer_new(name, "UTF_8") else { return nil }
    handle = opened
  }

  deinit { sb_stemmer_delete(handle) }

  /// The stem of a folded word; the word itself where there is nothing to take off.
  func stem(_ word: String) -> String {
    var word = word
    let stemmed: String? = word.withUTF8 { bytes in
      guard let base = bytes.baseAddress, let length = Int32(exactly: bytes.count),
        let result = sb_stemmer_stem(handle, base, length)
      else { return nil }
      let size = Int(sb_stemmer_length(handle))
      guard size > 0 else { return nil }
      return String(decoding: UnsafeBufferPointer(start: result, count: size), as: UTF8.self)
    }
    return stemmed ?? word
  }
}
