import ProtobufBridge
import PunosMessages

/// How what another source says is put into what is there.
enum Unite {
  /// Whole records, field by field as the schema has them: what is set replaces; of lists those elements come behind
  /// that are not there yet, and external ids replace the one of their system. Kinds whose lists have keys of their
  /// own unite those themselves.
  static func messages<Value: RecordMessage>(_ incoming: Value, into current: Value) -> Value {
    guard let message = Value.descriptor else { return incoming }
    let merged = try? SchemaUnite.merged(incoming.serialized(), into: current.serialized(), message)
    return merged.flatMap { try? Value(serialized: $0, limits: .trusted) } ?? incoming
  }

  /// A text that is left out is the one that is known.
  static func complete(_ text: inout String, from known: String) {
    if text.isEmpty { text = known }
  }

  /// A text that is set replaces.
  static func text(_ incoming: String, into current: inout String) {
    if !incoming.isEmpty { current = incoming }
  }

  /// Elements with a key that is there replace that one in its place; others come behind.
  ///
  /// - Parameter complete: adds to an element what it leaves out and the one that it replaces has.
  static func list<Element>(
    _ incoming: [Element], into current: inout [Element], by key: (Element) -> String,
    completing complete: (inout Element, Element) -> Void = { _, _ in }
  ) {
    guard !incoming.isEmpty else { return }
    if current.isEmpty {
      current = incoming
      return
    }
    var places = Dictionary(
      current.enumerated().map { (key($0.element), $0.offset) }, uniquingKeysWith: { first, _ in first })
    for element in incoming {
      let elementKey = key(element)
      if let place = places[elementKey] {
        var element = element
        complete(&element, current[place])
        current[place] = element
      } else {
        places[elementKey] = current.count
        current.append(element)
      }
    }
  }
}

/// Rules of spans of days.
enum Dates {
  /// Spans that end before, or on, the day they begin.
  ///
  /// - Parameters:
  ///   - spans: first day and the day after the last, YYYY-MM-DD, either may be empty.
  ///   - field: the list's name.
  static func problems(of spans: [(from: String, to: String)], in field: String) -> [FieldProblem] {
    spans.enumerated().compactMap { index, span in
      // Days written YYYY-MM-DD compare as text; their form is the schema's rule.
      guard !span.from.isEmpty, !span.to.isEmpty, span.to <= span.from else { return nil }
      return FieldProblem(
        path: "\(field)[\(index)].valid_to",
        description: "the end must lie after the beginning (valid_from); correct one of the two",
        reason: "EMPTY_SPAN")
    }
  }
}
