/// A filter as it was written: comparisons joined by AND, OR and NOT.
indirect enum FilterExpression: Equatable {
  case compare(path: String, FilterComparison, value: String, position: Int)
  case all([FilterExpression])
  case anyOf([FilterExpression])
  case not(FilterExpression)

  /// The fields that it looks at.
  var paths: Set<String> {
    switch self {
    case .compare(let path, _, _, _): [path]
    case .all(let parts), .anyOf(let parts): parts.reduce(into: []) { $0.formUnion($1.paths) }
    case .not(let inner): inner.paths
    }
  }
}

/// Reads the filter language of list requests, a part of AIP-160:
///
///     filter      = expression
///     expression  = sequence { "OR" sequence }
///     sequence    = factor { ["AND"] factor }
///     factor      = ["NOT" | "-"] ( "(" expression ")" | comparison )
///     comparison  = path ( "=" | "!=" | "<" | "<=" | ">" | ">=" | ":" ) value
///
/// OR binds looser than AND. A text value that ends in `*` compares by its beginning.
struct FilterParser {
  /// Deepest nesting of parentheses and NOT: a person's filter has three levels, and each costs stack.
  static let maximumDepth = 15
  /// Most comparisons in one filter, as the store has it.
  static let maximumTerms = 100

  private let tokens: [(token: FilterToken, position: Int)]
  private var index = 0
  private var terms = 0

  /// - Parameter text: the filter; empty or blank means no filter.
  /// - Throws: ``FilterProblem`` with the position.
  static func parse(_ text: String) throws(FilterProblem) -> FilterExpression? {
    var lexer = FilterLexer(text)
    var parser = FilterParser(tokens: try lexer.tokens())
    guard !parser.tokens.isEmpty else { return nil }
    let expression = try parser.expression(depth: 0)
    if let rest = parser.current {
      throw FilterProblem(position: rest.position, expected: "AND, OR or the end of the filter")
    }
    return expression
  }

  private init(tokens: [(token: FilterToken, position: Int)]) { self.tokens = tokens }

  private var current: (token: FilterToken, position: Int)? { index < tokens.count ? tokens[index] : nil }

  private var endPosition: Int { (tokens.last?.position ?? 0) + 1 }

  private func isKeyword(_ keyword: String) -> Bool { current?.token == .word(keyword) }

  private mutating func expression(depth: Int) throws(FilterProblem) -> FilterExpression {
    guard depth <= Self.maximumDepth else {
      throw FilterProblem(
        position: current?.position ?? endPosition, expected: "at most \(Self.maximumDepth) levels of nesting"
      )
    }
    var parts = [try sequence(depth: depth)]
    while isKeyword("OR") {
      index += 1
      parts.append(try sequence(depth: depth))
    }
    return parts.count == 1 ? parts[0] : .anyOf(parts)
  }

  private mutating func sequence(depth: Int) throws(FilterProblem) -> FilterExpression {
    var parts = [try factor(depth: depth)]
    while let token = current?.token, token != .close, token != .word("OR") {
      if isKeyword("AND") { index += 1 }
      parts.append(try factor(depth: depth))
    }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func factor(depth: Int) throws(FilterProblem) -> FilterExpression {
    guard let (token, position) = current else {
      throw FilterProblem(position: endPosition, expected: "a comparison such as status = CURRENT")
    }
    switch token {
    case .word("NOT"), .word("-"):
      index += 1
      guard depth < Self.maximumDepth else {
        throw FilterProblem(position: position, expected: "at most \(Self.maximumDepth) levels of nesting")
      }
      return .not(try factor(depth: depth + 1))
    case .open:
      index += 1
      let inner = try expression(depth: depth + 1)
      guard current?.token == .close else {
        throw FilterProblem(position: current?.position ?? endPosition, expected: "the closing parenthesis")
      }
      index += 1
      return inner
    case .word(let path): return try comparison(path: path, position: position)
    default: throw FilterProblem(position: position, expected: "a field name")
    }
  }

  private mutating func comparison(path: String, position: Int) throws(FilterProblem) -> FilterExpression {
    index += 1
    terms += 1
    guard terms <= Self.maximumTerms else {
      throw FilterProblem(position: position, expected: "at most \(Self.maximumTerms) comparisons")
    }
    guard let (token, operatorPosition) = current, case .comparison(let comparison) = token else {
      throw FilterProblem(
        position: current?.position ?? endPosition, expected: "one of = != < <= > >= : after \(path)")
    }
    index += 1
    let value: String
    switch current?.token {
    case .word(let text), .text(let text): value = text
    default:
      throw FilterProblem(
        position: current?.position ?? operatorPosition + 1, expected: "a value to compare with")
    }
    index += 1
    return .compare(path: path, comparison, value: value, position: position)
  }
}
