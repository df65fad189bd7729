/// Reads a pattern into a program of places: take a character and go on, or go on in several ways.
struct PatternParser {
  enum Instruction: Hashable {
    case take(CharacterClass, Int)
    case split([Int])
    case match

    /// Whether a state of the table is told apart by it.
    var isStop: Bool {
      if case .split = self { return false }
      return true
    }
  }

  /// The expression as a tree.
  indirect enum Term {
    case empty
    case one(CharacterClass)
    case sequence([Term])
    case choice([Term])
    case repeated(Term, Int, Int?)
  }

  /// Groups nested deeper than this are refused.
  static let depthLimit = 32
  /// Programs longer than this are refused: nested repetitions multiply.
  static let placeLimit = 4096

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard let byte = current, UInt32(byte) == character.value else { return false }
    position += 1
    return true
  }

  private func fault(_ problem: String) -> Pattern.Fault {
    Pattern.Fault(description: "\(problem) at character \(position + 1) of the pattern")
  }

  mutating func program() throws(Pattern.Fault) -> [Instruction] {
    guard bytes.allSatisfy({ $0 < 128 }) else { throw fault("a character beyond ASCII") }
    _ = take("^")
    let term = try choice()
    guard position == bytes.count else { throw fault("a parenthesis that was not opened") }
    var program: [Instruction] = []
    // Built from the end: each term knows where it goes on. Place 0 must be the start, so turn it round.
    program.append(.match)
    let start = try PatternParser.emit(term, to: 0, &program)
    return PatternParser.startingAt(start, program)
  }

  private static func startingAt(_ start: Int, _ program: [Instruction]) -> [Instruction] {
    [.split([start + 1])]
      + program.map { instruction in
        switch instruction {
        case .take(let characters, let next): .take(characters, next + 1)
        case .split(let targets): .split(targets.map { $0 + 1 })
        case .match: .match
        }
      }
  }

  // MARK: Grammar

  private mutating func choice() throws(Pattern.Fault) -> Term {
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws(Pattern.Fault) -> Term {
    var terms: [Term] = []
    while let byte = current, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
      if byte == UInt8(ascii: "$") {
        position += 1
        guard current == nil || current == UInt8(ascii: "|") || current == UInt8(ascii: ")") else {
          throw fault("$ before the end")
        }
        continue
      }
      terms.append(try repetition(try atom()))
    }
    return terms.isEmpty ? .empty : .sequence(terms)
  }

  private mutating func repetition(_ atom: Term) throws(Pattern.Fault) -> Term {
    var term = atom
    while true {
      if take("?") {
        term = .repeated(term, 0, 1)
      } else if take("*") {
        term = .repeated(term, 0, nil)
      } else if take("+") {
        term = .repeated(term, 1, nil)
      } else if take("{") {
        term = try counted(term)
      } else {
        return term
      }
    }
  }

  private mutating func counted(_ term: Term) throws(Pattern.Fault) -> Term {
    let least = try number()
    var most: Int? = least
    if take(",") { most = current == UInt8(ascii: "}") ? nil : try number() }
    guard take("}") else { throw fault("} was expected") }
    if let most, most < least { throw fault("a repetition whose greatest count is below its least") }
    return .repeated(term, least, most)
  }

  private mutating func number() throws(Pattern.Fault) -> Int {
    var value = 0
    var count = 0
    while let byte = current, byte >= 0x30, byte <= 0x39 {
      value = value * 10 + Int(byte - 0x30)
      count += 1
      position += 1
      guard value <= Pattern.repetitionLimit else {
        throw fault("a repetition of more than \(Pattern.repetitionLimit)")
      }
    }
    guard count > 0 else { throw fault("a number was expected") }
    return value
  }

  private mutating func atom() throws(Pattern.Fault) -> Term {
    guard let byte = current else { throw fault("the pattern ends early") }
    position += 1
    switch byte {
    case UInt8(ascii: "("):
      depth += 1
      guard depth <= Self.depthLimit else { throw fault("groups nested deeper than \(Self.depthLimit)") }
      if take("?"), !take(":") { throw fault("only (?: is known of its kind") }
      let inner = try choice()
      guard take(")") else { throw fault("a parenthesis that does not close") }
      depth -= 1
      return inner
    case UInt8(ascii: "["): return .one(try characterClass())
    case UInt8(ascii: "."): return .one(.any)
    case UInt8(ascii: "\\"): return .one(try escaped())
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"), UInt8(ascii: "^"):
      throw fault("nothing to repeat, or ^ after the beginning")
    default: return .one(.of(byte...byte))
    }
  }

  private mutating func escaped() throws(Pattern.Fault) -> CharacterClass {
    guard let byte = current else { throw fault("the pattern ends after a backslash") }
    position += 1
    switch byte {
    case UInt8(ascii: "d"): return .digits
    case UInt8(ascii: "D"): return CharacterClass.digits.inverted
    case UInt8(ascii: "w"): return .word
    case UInt8(ascii: "W"): return CharacterClass.word.inverted
    case UInt8(ascii: "s"): return .blank
    case UInt8(ascii: "S"): return CharacterClass.blank.inverted
    case UInt8(ascii: "n"): return .of(0x0A...0x0A)
    case UInt8(ascii: "t"): return .of(0x09...0x09)
    case UInt8(ascii: "r"): return .of(0x0D...0x0D)
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: throw fault("an escape that is not known")
    default: return .of(byte...byte)
    }
  }

  private mutating func characterClass() throws(Pattern.Fault) -> CharacterClass {
    var result = CharacterClass()
    let isInverted = take("^")
    var isFirst = true
    while let byte = current, isFirst || byte != UInt8(ascii: "]") {
      isFirst = false
      position += 1
      if byte == UInt8(ascii: "\\") {
        result.formUnion(try escaped())
        continue
      }
      let isRange =
        current == UInt8(ascii: "-") && position + 1 < bytes.count && bytes[position + 1] != UInt8(ascii: "]")
      guard isRange else {
        result.insert(byte...byte)
        continue
      }
      let last = bytes[position + 1]
      guard last >= byte, last != UInt8(ascii: "\\") else {
        throw fault("a range of a class that is not one")
      }
      position += 2
      result.insert(byte...last)
    }
    guard take("]") else { throw fault("a class that does not close") }
    return isInverted ? result.inverted : result
  }

  // MARK: Program

  /// Appends what a term does before it goes on to `next`, and returns where that begins.
  private static func emit(
    _ term: Term, to next: Int, _ program: inout [Instruction]
  ) throws(Pattern.Fault) -> Int {
    guard program.count < placeLimit else {
      throw Pattern.Fault(description: "the pattern is too long once its repetitions are written out")
    }
    switch term {
    case .empty: return next
    case .one(let characters):
      program.append(.take(characters, next))
      return program.count - 1
    case .sequence(let terms):
      var target = next
      for term in terms.reversed() { target = try emit(term, to: target, &program) }
      return target
    case .choice(let branches):
      var targets: [Int] = []
      for branch in branches { targets.append(try emit(branch, to: next, &program)) }
      program.append(.split(targets))
      return program.count - 1
    case .repeated(let inner, let least, let most):
      return try emitRepeated(inner, least, most, to: next, &program)
    }
  }

  private static func emitRepeated(
    _ inner: Term, _ least: Int, _ most: Int?, to next: Int, _ program: inout [Instruction]
  ) throws(Pattern.Fault) -> Int {
    var target = next
    if let most {
      for _ in least..<max(least, most) {
        let entry = try emit(inner, to: target, &program)
        program.append(.split([entry, next]))
        target = program.count - 1
      }
    } else {
      program.append(.split([]))
      let loop = program.count - 1
      let entry = try emit(inner, to: loop, &program)
      program[loop] = .split([entry, next])
      target = loop
    }
    for _ in 0..<least { target = try emit(inner, to: target, &program) }
    return target
  }
}
