import Glibc

/// libvoikko, found at run time: its Finnish dictionary is GPL, so neither is linked nor shipped.
///
/// The C types stay in this file: what leaves it are strings. The library is loaded once and never unloaded.
struct VoikkoLibrary: Sendable {
  typealias Init =
    @convention(c) @Sendable (
      UnsafeMutablePointer<UnsafePointer<CChar>?>?, UnsafePointer<CChar>?, UnsafePointer<CChar>?
    ) -> OpaquePointer?
  typealias Terminate = @convention(c) @Sendable (OpaquePointer?) -> Void
  typealias Analyse =
    @convention(c) @Sendable (OpaquePointer?, UnsafePointer<CChar>?) -> UnsafeMutablePointer<OpaquePointer?>?
  typealias FreeAnalyses = @convention(c) @Sendable (UnsafeMutablePointer<OpaquePointer?>?) -> Void
  typealias Value =
    @convention(c) @Sendable (OpaquePointer?, UnsafePointer<CChar>?) -> UnsafeMutablePointer<CChar>?
  typealias FreeValue = @convention(c) @Sendable (UnsafeMutablePointer<CChar>?) -> Void
  typealias Version = @convention(c) @Sendable () -> UnsafePointer<CChar>?

  let start: Init
  let terminate: Terminate
  let analyse: Analyse
  let freeAnalyses: FreeAnalyses
  let value: Value
  let freeValue: FreeValue
  /// The library's version, such as "4.3.1".
  let version: String

  /// Loads the library.
  ///
  /// - Parameter name: a shared object's name or path.
  /// - Throws: ``VoikkoMissing`` where it is not installed or lacks a function.
  init(name: String) throws(VoikkoMissing) {
    guard let image = dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
      throw VoikkoMissing(reason: "\(name) is not installed")
    }
    func symbol<T>(_ function: String, as type: T.Type) throws(VoikkoMissing) -> T {
      guard let address = dlsym(image, function) else {
        throw VoikkoMissing(reason: "\(name) has no function \(function)")
      }
      return unsafeBitCast(address, to: type)
    }
    start = try symbol("voikkoInit", as: Init.self)
    terminate = try symbol("voikkoTerminate", as: Terminate.self)
    analyse = try symbol("voikkoAnalyzeWordCstr", as: Analyse.self)
    freeAnalyses = try symbol("voikko_free_mor_analysis", as: FreeAnalyses.self)
    value = try symbol("voikko_mor_analysis_value_cstr", as: Value.self)
    freeValue = try symbol("voikko_free_mor_analysis_value_cstr", as: FreeValue.self)
    let versionOf = try symbol("voikkoGetVersion", as: Version.self)
    version = versionOf().map { String(cString: $0) } ?? "unknown"
  }
}

/// Voikko or its Finnish dictionary is not there.
struct VoikkoMissing: Error {
  /// What is missing, for people.
  var reason: String
}

/// What Voikko says of one way to read a word.
struct VoikkoAnalysis {
  /// The base form as the dictionary spells it: "sopimusneuvottelu".
  var baseForm: String
  /// The lengths in letters of the parts of the word as given; one element where it is no compound.
  var partLengths: [Int]
}

/// One handle of libvoikko.
///
/// `@unchecked Sendable`: a handle may move between threads but not be used from two at once; it belongs to
/// one ``AnalyserLane``, which is only ever touched inside its lock.
final class Voikko: @unchecked Sendable {
  // Readings of one word that are looked at. Real words have up to six; more would only come from junk.
  private static let readingLimit = 8

  private let library: VoikkoLibrary
  private let handle: OpaquePointer

  /// Opens the Finnish dictionary.
  ///
  /// - Parameter dictionaryPath: a directory that is looked into before the standard places.
  /// - Throws: ``VoikkoMissing`` where there is no Finnish dictionary.
  init(library: VoikkoLibrary, dictionaryPath: String?) throws(VoikkoMissing) {
    var problem: UnsafePointer<CChar>?
    let opened: OpaquePointer? =
      if let dictionaryPath {
        library.start(&problem, "fi", dictionaryPath)
      } else {
        library.start(&problem, "fi", nil)
      }
    guard let opened else {
      let said = problem.map { String(cString: $0) } ?? "no reason given"
      throw VoikkoMissing(reason: "the Finnish dictionary voikko-fi cannot be opened: \(said)")
    }
    self.library = library
    handle = opened
  }

  deinit { library.terminate(handle) }

  /// The ways to read a word; none where Voikko does not know it.
  ///
  /// - Parameter word: folded or as written, at most ``Tokeniser/tokenLimit`` scalars.
  func readings(of word: String) -> [VoikkoAnalysis] {
    guard let list = library.analyse(handle, word) else { return [] }
    defer { library.freeAnalyses(list) }
    var readings: [VoikkoAnalysis] = []
    var index = 0
    while index < Self.readingLimit, let analysis = list[index] {
      index += 1
      guard let baseForm = value("BASEFORM", of: analysis), !baseForm.isEmpty else { continue }
      readings.append(
        VoikkoAnalysis(
          baseForm: baseForm, partLengths: Self.partLengths(value("STRUCTURE", of: analysis) ?? "")))
    }
    return readings
  }

  private func value(_ key: String, of analysis: OpaquePointer) -> String? {
    guard let text = library.value(analysis, key) else { return nil }
    defer { library.freeValue(text) }
    return String(cString: text)
  }

  /// Voikko writes a word's structure with a `=` before each part and a sign for each letter.
  private static func partLengths(_ structure: String) -> [Int] {
    var lengths: [Int] = []
    for sign in structure.utf8 {
      if sign == 0x3D {
        lengths.append(0)
      } else if !lengths.isEmpty {
        lengths[lengths.count - 1] += 1
      }
    }
    return lengths
  }
}
