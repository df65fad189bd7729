internal import DataFiles
internal import Glibc
internal import Terminal

extension CLIProblem {
  /// A file that cannot be read on, at its place.
  ///
  /// - Parameter nothing: what was not done because of it.
  init(_ error: DataFileError, file: String, nothing: Term) {
    let place = error.position.map { "\(file), \($0)" } ?? file
    self.init(.badFile, Self.sentence(error), at: place, remedy: nothing)
  }

  /// What happened. The reader's own sentence has what was found and what to do; where it is known in English only, the
  /// kind of problem stands in front of it.
  private static func sentence(_ error: DataFileError) -> Term {
    if let told = Sentences.finnish(error.message) {
      return Term(en: error.message, fi: told.prefix(1).uppercased() + told.dropFirst() + ".")
    }
    let kind: String? =
      switch error.kind {
      case .system(let operation, let number): system(operation, number)
      case .wrongContent: "Tiedosto ei ole sitä, mitä sen pitäisi olla"
      case .encoding: "Tiedoston merkistöä ei voi lukea"
      case .unclosedQuote: "Lainausmerkki avataan, mutta sitä ei suljeta"
      case .limit: "Tiedostossa on jotakin liian suurta"
      case .syntax: "Tiedosto ei noudata muotonsa sääntöjä"
      case .empty: "Tiedosto on tyhjä"
      }
    let finnish = kind.map { isTold(error.kind) ? "\($0)." : "\($0) (\(error.message))." } ?? error.message
    return Term(en: error.message, fi: finnish)
  }

  /// Whether the kind alone says all.
  private static func isTold(_ kind: DataFileError.Kind) -> Bool {
    switch kind {
    case .system, .empty: true
    default: false
    }
  }

  private static func system(_ operation: String, _ number: Int32) -> String {
    let what = operation == "open" ? "Tiedostoa ei voi avata" : "Tiedostoa ei voi lukea"
    switch number {
    case ENOENT: return "\(what): sitä ei ole"
    case EACCES: return "\(what): siihen ei ole oikeutta"
    case EISDIR: return "\(what): se on kansio"
    default: return "\(what): \(String(cString: strerror(number)))"
    }
  }
}
