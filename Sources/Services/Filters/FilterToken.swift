/// The pieces a filter is read as.
enum FilterToken: Equatable {
  case word(String)
  case text(String)
  case comparison(FilterComparison)
  case open, close
}

/// How a field is compared with a value.
enum FilterComparison: String {
  case equal = "="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  /// A list has the value; text contains it.
  case has = ":"
}

/// A filter that cannot be read: where, and what was expected there.
public struct FilterProblem: Error, Equatable, CustomStringConvertible {
  /// Position in Unicode scalars, from 1.
  public var position: Int
  /// What was expected, or what is wrong.
  public var expected: String

  public var description: String { "at character \(position): \(expected)" }
}

/// Splits a filter into tokens with their positions.
struct FilterLexer {
  private let scalars: [Unicode.Scalar]
  private var index = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  mutating func tokens() throws(FilterProblem) -> [(token: FilterToken, position: Int)] {
    var result: [(FilterToken, Int)] = []
    while true {
      while index < scalars.count, scalars[index].properties.isWhitespace { index += 1 }
      guard index < scalars.count else { return result }
      let position = index + 1
      result.append((try next(), position))
    }
  }

  private mutating func next() throws(FilterProblem) -> FilterToken {
    let scalar = scalars[index]
    switch scalar {
    case "(":
      index += 1
      return .open
    case ")":
      index += 1
      return .close
    case "\"", "'": return .text(try quoted(by: scalar))
    case "=", ":", "<", ">", "!": return .comparison(try comparison())
    default: return .word(word())
    }
  }

  private mutating func comparison() throws(FilterProblem) -> FilterComparison {
    let start = index
    let two = index + 1 < scalars.count && scalars[index + 1] == "=" ? "\(scalars[index])=" : ""
    if let comparison = FilterComparison(rawValue: two) {
      index += 2
      return comparison
    }
    guard let comparison = FilterComparison(rawValue: String(scalars[index])) else {
      throw FilterProblem(position: start + 1, expected: "one of = != < <= > >= :")
    }
    index += 1
    return comparison
  }

  private mutating func quoted(by quote: Unicode.Scalar) throws(FilterProblem) -> String {
    let start = index
    var text = String.UnicodeScalarView()
    index += 1
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      if scalar == quote { return String(text) }
      if scalar == "\\", index < scalars.count {
        text.append(scalars[index])
        index += 1
      } else {
        text.append(scalar)
      }
    }
    throw FilterProblem(position: start + 1, expected: "the quote that opens here is never closed")
  }

  private mutating func word() -> String {
    var text = String.UnicodeScalarView()
    while index < scalars.count {
      let scalar = scalars[index]
      if scalar.properties.isWhitespace || "()=<>!\"'".unicodeScalars.contains(scalar) { break }
      // A colon compares, unless it stands inside a moment such as 2026-01-01T10:00:00Z.
      if scalar == ":", !text.contains("T") || text.first.map({ !("0"..."9").contains($0) }) ?? true { break }
      text.append(scalar)
      index += 1
    }
    return String(text)
  }
}
