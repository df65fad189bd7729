/// A regular expression that a whole text must match, in time linear in the text whatever the expression.
///
/// Literals, `.`, classes (`[a-z_]`, `[^ ]`, `\d`, `\w`, `\s`), groups, `?`, `*`, `+`, `{m}`, `{m,}`, `{m,n}`
/// and `|`. `^` and `$` may stand at the ends and mean nothing more than what holds anyway. Only ASCII can be
/// named; a scalar beyond ASCII is matched by `.` and by negated classes. The expression is turned into a
/// table of states once; matching looks at each byte once.
public struct Pattern: Sendable {
  /// What is wrong with an expression.
  public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
    /// One sentence.
    public var description: String
  }

  /// Expressions whose table would have more states than this are refused: it would take more than 128 KiB.
  public static let stateLimit = 512
  /// Repetitions beyond this are refused: `length` says such things better.
  public static let repetitionLimit = 256
  /// One column for each ASCII character, one for all scalars beyond.
  private static let columns = 129

  /// The expression as written.
  public let text: String
  /// The next state by state and column; 0 is the state from which nothing matches.
  private let table: [UInt16]
  private let accepting: [Bool]

  /// Compiles an expression.
  public init(_ text: String) throws(Fault) {
    var parser = PatternParser(text)
    let program = try parser.program()
    self.text = text
    (table, accepting) = try Pattern.determine(program)
  }

  /// Whether the whole of a UTF-8 text matches.
  public func matches(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var state = 1
    for byte in bytes {
      // Of a scalar beyond ASCII the first byte counts, the others are passed over.
      if byte & 0xC0 == 0x80 { continue }
      let column = byte < 0x80 ? Int(byte) : 128
      state = Int(table[state &* Self.columns &+ column])
      if state == 0 { return false }
    }
    return accepting[state]
  }

  /// Whether the whole of a text matches.
  public func matches(_ text: String) -> Bool {
    Array(text.utf8).withUnsafeBytes { matches($0) }
  }

  /// The subset construction: each state of the table is a set of places in the program.
  private static func determine(
    _ program: [PatternParser.Instruction]
  ) throws(Fault) -> (table: [UInt16], accepting: [Bool]) {
    var sets: [[Int]] = [[], closure([0], program)]
    var numbers: [[Int]: Int] = [sets[1]: 1]
    var table = [UInt16](repeating: 0, count: columns)
    var accepting = [false]
    var next = 1
    while next < sets.count {
      let set = sets[next]
      accepting.append(set.contains { program[$0] == .match })
      for column in 0..<columns {
        var targets: [Int] = []
        for place in set {
          if case .take(let characters, let target) = program[place], characters.contains(column) {
            targets.append(target)
          }
        }
        guard !targets.isEmpty else {
          table.append(0)
          continue
        }
        let reached = closure(targets, program)
        if let known = numbers[reached] {
          table.append(UInt16(truncatingIfNeeded: known))
        } else {
          guard sets.count < stateLimit else {
            throw Fault(description: "the pattern needs more than \(stateLimit) states: make it simpler")
          }
          table.append(UInt16(truncatingIfNeeded: sets.count))
          numbers[reached] = sets.count
          sets.append(reached)
        }
      }
      next += 1
    }
    return (table, accepting)
  }

  /// All places that are reached from some without taking a character, in ascending order.
  private static func closure(_ places: [Int], _ program: [PatternParser.Instruction]) -> [Int] {
    var reached: Set<Int> = []
    var waiting = places
    while let place = waiting.popLast() {
      guard reached.insert(place).inserted else { continue }
      if case .split(let targets) = program[place] { waiting.append(contentsOf: targets) }
    }
    return reached.filter { program[$0].isStop }.sorted()
  }
}

/// Characters of a class: 128 of ASCII, and one bit for all scalars beyond.
struct CharacterClass: Hashable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0
  private var beyond = false

  func contains(_ column: Int) -> Bool {
    if column < 64 { return low >> UInt64(column) & 1 == 1 }
    if column < 128 { return high >> UInt64(column - 64) & 1 == 1 }
    return beyond
  }

  mutating func insert(_ range: ClosedRange<UInt8>) {
    for byte in range where byte < 128 {
      if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
    }
  }

  mutating func formUnion(_ other: CharacterClass) {
    low |= other.low
    high |= other.high
    beyond = beyond || other.beyond
  }

  var inverted: CharacterClass {
    var result = self
    result.low = ~low
    result.high = ~high
    result.beyond = !beyond
    return result
  }

  static func of(_ ranges: ClosedRange<UInt8>...) -> CharacterClass {
    var result = CharacterClass()
    for range in ranges { result.insert(range) }
    return result
  }

  static let digits = of(0x30...0x39)
  static let word = of(0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A)
  static let blank = of(0x09...0x0D, 0x20...0x20)
  static let any = CharacterClass().inverted
}
