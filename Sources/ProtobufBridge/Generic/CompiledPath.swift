/// One path, made ready to be read from encoded messages again and again.
public struct CompiledPath: Sendable {
  /// One step: into a field, and where it is a map's key, to the entry of that key.
  private struct Step: Sendable {
    let field: FieldDescriptor
    let key: String?
  }

  /// The path.
  public let path: FieldPath
  private let steps: [Step]

  /// More values than this come of no sensible record; a hostile one is cut here.
  public static let valueLimit = CompiledPaths.rowLimit

  /// - Throws: where the path is not in the schema.
  public init(_ path: String, in message: MessageDescriptor) throws(FieldPathError) {
    self.path = try FieldPath(path, in: message)
    var steps: [Step] = []
    for step in self.path.steps {
      switch step {
      case .field(let field): steps.append(Step(field: field, key: nil))
      case .key(let key):
        if let last = steps.popLast() { steps.append(Step(field: last.field, key: key)) }
      }
    }
    self.steps = steps
  }

  /// All values at the path, in the order of the wire. A scalar that is not there gives its default value
  /// unless the field has presence; nothing comes of a message or list that is not there.
  ///
  /// - Parameter bytes: an encoded message; what cannot be read is passed over.
  public func values(in bytes: UnsafeRawBufferPointer) -> [PathValue] {
    var found: [PathValue] = []
    walk(bytes, 0, &found)
    return found
  }

  /// As ``values(in:)-buffer`` for an array.
  public func values(in bytes: [UInt8]) -> [PathValue] {
    bytes.withUnsafeBytes { values(in: $0) }
  }

  private func walk(_ bytes: UnsafeRawBufferPointer, _ index: Int, _ found: inout [PathValue]) {
    let field = steps[index].field
    if steps[index].key != nil { return walkMap(bytes, index, &found) }
    let number = field.number
    var single: WireField?
    var reader = WireReader(bytes)
    while let wire = try? reader.next() {
      guard wire.number == number else { continue }
      if field.isRepeated {
        guard found.count < Self.valueLimit else { return }
        take(wire, index, &found)
      } else if single == nil || index + 1 == steps.count {
        single = wire
      } else {
        return walkMerged(bytes, index, &found)
      }
    }
    if let single {
      take(single, index, &found)
    } else if index + 1 == steps.count, let value = PathValue(defaultOf: field) {
      found.append(value)
    }
  }

  private func take(_ wire: WireField, _ index: Int, _ found: inout [PathValue]) {
    if index + 1 < steps.count {
      if wire.type == .lengthDelimited { walk(wire.bytes, index + 1, &found) }
    } else if let value = PathValue(wire, steps[index].field) {
      found.append(value)
    } else if steps[index].field.isRepeated, wire.type == .lengthDelimited {
      try? FieldRuns.scalars([wire], steps[index].field) { raw in
        guard found.count < Self.valueLimit else { return }
        if let value = PathValue(scalar: raw, of: steps[index].field.type) { found.append(value) }
      }
    }
  }

  /// Parts of one message stand apart on the wire: together they are the message.
  private func walkMerged(_ bytes: UnsafeRawBufferPointer, _ index: Int, _ found: inout [PathValue]) {
    var all: [UInt8] = []
    var reader = WireReader(bytes)
    while let wire = try? reader.next() {
      if wire.number == steps[index].field.number { all.append(contentsOf: wire.bytes) }
    }
    all.withUnsafeBytes { walk($0, index + 1, &found) }
  }

  private func walkMap(_ bytes: UnsafeRawBufferPointer, _ index: Int, _ found: inout [PathValue]) {
    guard let entry = steps[index].field.message, let key = entry.field(1), let value = entry.field(2) else {
      return
    }
    var last: WireField?
    var reader = WireReader(bytes)
    while let wire = try? reader.next() {
      guard wire.number == steps[index].field.number, let entry = MapEntry(wire.bytes, key: key) else {
        continue
      }
      if entry.key == steps[index].key { last = entry.value }
    }
    guard let last else { return }
    if index + 1 < steps.count {
      if last.type == .lengthDelimited { walk(last.bytes, index + 1, &found) }
    } else if let taken = PathValue(last, value) {
      found.append(taken)
    }
  }
}

/// Several paths read together: those that share a repeated parent are taken from the same element.
///
/// With `external_ids.system` and `external_ids.id`, a record with two external ids gives two rows.
public struct CompiledPaths: Sendable {
  /// The paths, in the order of the columns.
  public let paths: [FieldPath]
  private let root: Node

  /// More rows than this come of no sensible record; a hostile one is cut here.
  public static let rowLimit = 10_000

  /// - Throws: where a path is not in the schema.
  public init(_ paths: [String], in message: MessageDescriptor) throws(FieldPathError) {
    var compiled: [FieldPath] = []
    let root = Node()
    for (column, text) in paths.enumerated() {
      let path = try FieldPath(text, in: message)
      root.add(path.steps[...], column: column)
      compiled.append(path)
    }
    root.seal()
    self.paths = compiled
    self.root = root
  }

  /// One row for each combination of elements; one value, or nil, for each path.
  public func rows(in bytes: UnsafeRawBufferPointer) -> [[PathValue?]] {
    var rows = [[PathValue?](repeating: nil, count: paths.count)]
    root.extend(&rows, bytes)
    return rows
  }

  /// As ``rows(in:)-buffer`` for an array.
  public func rows(in bytes: [UInt8]) -> [[PathValue?]] {
    bytes.withUnsafeBytes { rows(in: $0) }
  }
}

extension CompiledPaths {
  /// Paths as a tree: each node is a message, each branch a field (or a map's key) that some path goes
  /// through.
  ///
  /// @unchecked Sendable: it changes only while `CompiledPaths.init` builds it.
  final class Node: @unchecked Sendable {
    struct Branch {
      let field: FieldDescriptor
      let key: String?
      var columns: [Int] = []
      var node: Node?
    }
    private var branches: [Branch] = []
    /// Numbers of the branches' fields, to pass over all other fields of a message quickly.
    private var numbers: [UInt32] = []

    func add(_ steps: ArraySlice<FieldPath.Step>, column: Int) {
      guard case .field(let field)? = steps.first else { return }
      var rest = steps.dropFirst()
      var key: String?
      if case .key(let name)? = rest.first {
        key = name
        rest = rest.dropFirst()
      }
      let position = branches.firstIndex { $0.field === field && $0.key == key } ?? branches.count
      if position == branches.count { branches.append(Branch(field: field, key: key)) }
      if rest.isEmpty {
        branches[position].columns.append(column)
      } else {
        let node = branches[position].node ?? Node()
        node.add(rest, column: column)
        branches[position].node = node
      }
    }

    func seal() {
      numbers = branches.map { $0.field.number }
      for branch in branches { branch.node?.seal() }
    }

    /// Multiplies the rows by what the message has for each branch.
    func extend(_ rows: inout [[PathValue?]], _ bytes: UnsafeRawBufferPointer) {
      var found = [[WireField]](repeating: [], count: branches.count)
      var reader = WireReader(bytes)
      do throws(WireFault) {
        while let field = try reader.next() {
          for position in numbers.indices where numbers[position] == field.number {
            found[position].append(field)
          }
        }
      } catch {
        // What was read up to the fault is what there is: stored records are checked when they are written.
      }
      for (branch, occurrences) in zip(branches, found) {
        extend(&rows, branch, occurrences)
      }
    }

    private func extend(_ rows: inout [[PathValue?]], _ branch: Branch, _ occurrences: [WireField]) {
      if branch.key != nil { return extendMap(&rows, branch, occurrences) }
      if branch.field.isRepeated {
        let elements = branch.field.isPacked ? [] : occurrences
        var result: [[PathValue?]] = []
        for row in rows {
          if branch.field.isPacked { extendPacked(row, branch, occurrences, &result) }
          for element in elements {
            guard result.count < CompiledPaths.rowLimit else { break }
            var extended = [row]
            set(&extended, branch, element)
            result.append(contentsOf: extended)
          }
        }
        rows = result
      } else if branch.node != nil, occurrences.count > 1 {
        // Parts of one message: together they are the message.
        var all = WireWriter()
        for occurrence in occurrences { all.bytes.append(contentsOf: occurrence.bytes) }
        all.bytes.withUnsafeBytes { branch.node?.extend(&rows, $0) }
      } else if let last = occurrences.last {
        set(&rows, branch, last)
      } else if let value = PathValue(defaultOf: branch.field) {
        set(&rows, branch.columns, value)
      }
    }

    private func extendPacked(
      _ row: [PathValue?], _ branch: Branch, _ occurrences: [WireField], _ result: inout [[PathValue?]]
    ) {
      var added: [[PathValue?]] = []
      try? FieldRuns.scalars(occurrences[...], branch.field) { raw in
        guard added.count < CompiledPaths.rowLimit else { return }
        var extended = row
        for column in branch.columns { extended[column] = PathValue(scalar: raw, of: branch.field.type) }
        added.append(extended)
      }
      result.append(contentsOf: added)
    }

    private func extendMap(_ rows: inout [[PathValue?]], _ branch: Branch, _ occurrences: [WireField]) {
      guard let value = branch.field.message?.field(2), let key = branch.field.message?.field(1) else {
        return
      }
      for occurrence in occurrences.reversed() {
        guard let entry = MapEntry(occurrence.bytes, key: key), entry.key == branch.key else { continue }
        guard let field = entry.value else { return }
        if let node = branch.node {
          node.extend(&rows, field.bytes)
        } else if let value = PathValue(field, value) {
          set(&rows, branch.columns, value)
        }
        return
      }
    }

    private func set(_ rows: inout [[PathValue?]], _ branch: Branch, _ occurrence: WireField) {
      if let node = branch.node {
        if occurrence.type == .lengthDelimited { node.extend(&rows, occurrence.bytes) }
        if branch.columns.isEmpty { return }
      }
      if let value = PathValue(occurrence, branch.field) { set(&rows, branch.columns, value) }
    }

    private func set(_ rows: inout [[PathValue?]], _ columns: [Int], _ value: PathValue) {
      for index in rows.indices {
        for column in columns { rows[index][column] = value }
      }
    }
  }
}

/// One entry of a map on the wire: its key as text, its value as it lies there.
struct MapEntry {
  let key: String
  let value: WireField?

  init?(_ bytes: UnsafeRawBufferPointer, key field: FieldDescriptor) {
    var key: PathValue?
    var value: WireField?
    var reader = WireReader(bytes)
    do throws(WireFault) {
      while let part = try reader.next() {
        if part.number == 1 { key = PathValue(part, field) }
        if part.number == 2 { value = part }
      }
    } catch {
      return nil
    }
    switch key ?? PathValue(defaultOf: field) {
    case .text(let text): self.key = text
    case .int(let number): self.key = String(number)
    case .uint(let number): self.key = String(number)
    case .bool(let flag): self.key = flag ? "true" : "false"
    default: return nil
    }
    self.value = value
  }
}
