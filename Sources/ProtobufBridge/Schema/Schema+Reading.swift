// Reads FileDescriptorProto messages, field numbers as in google/protobuf/descriptor.proto.

/// Where the schema's comments are found: by the path of field numbers and indexes that descriptors use.
typealias CommentTable = [[Int32]: String]

extension FileDescriptor {
  convenience init(wire: UnsafeRawBufferPointer) throws(WireFault) {
    self.init()
    encoded = Array(wire)
    let comments = try Self.comments(wire)
    comment = comments[[12]] ?? ""
    var reader = WireReader(wire)
    while let field = try reader.next() {
      switch field.number {
      case 1: name = text(field)
      case 2: package = text(field)
      case 3: dependencies.append(text(field))
      case 4:
        let path: [Int32] = [4, Int32(truncatingIfNeeded: messages.count)]
        messages.append(try MessageDescriptor(wire: field.bytes, parent: "", path: path, comments))
      case 5:
        let path: [Int32] = [5, Int32(truncatingIfNeeded: enums.count)]
        enums.append(try EnumDescriptor(wire: field.bytes, parent: "", path: path, comments))
      case 6:
        let path: [Int32] = [6, Int32(truncatingIfNeeded: services.count)]
        services.append(try ServiceDescriptor(wire: field.bytes, path: path, comments))
      case 7:
        let path: [Int32] = [7, Int32(truncatingIfNeeded: extensions.count)]
        extensions.append(try FieldDescriptor(wire: field.bytes, path: path, comments))
      case 12: syntax = text(field)
      default: break
      }
    }
    let prefix = package.isEmpty ? "" : package + "."
    for message in messages { message.qualify(prefix) }
    for enumeration in enums { enumeration.fullName = prefix + enumeration.name }
    for service in services { service.fullName = prefix + service.name }
  }

  /// Leading comments by path; a trailing comment where there is no leading one.
  private static func comments(_ wire: UnsafeRawBufferPointer) throws(WireFault) -> CommentTable {
    var table: CommentTable = [:]
    var reader = WireReader(wire)
    while let field = try reader.next() {
      guard field.number == 9 else { continue }
      var locations = WireReader(field.bytes)
      while let location = try locations.next() {
        var path: [Int32] = []
        var leading = ""
        var trailing = ""
        var parts = WireReader(location.bytes)
        while let part = try parts.next() {
          switch part.number {
          case 1 where part.type == .lengthDelimited:
            var numbers = WireReader(part.bytes)
            while !numbers.isAtEnd { path.append(Int32(truncatingIfNeeded: try numbers.varint())) }
          case 1: path.append(Int32(truncatingIfNeeded: part.scalar))
          case 3: leading = text(part)
          case 4: trailing = text(part)
          default: break
          }
        }
        let comment = leading.isEmpty ? trailing : leading
        if !comment.isEmpty { table[path] = comment }
      }
    }
    return table
  }
}

extension MessageDescriptor {
  convenience init(
    wire: UnsafeRawBufferPointer, parent: String, path: [Int32], _ comments: CommentTable
  ) throws(WireFault) {
    self.init()
    comment = comments[path] ?? ""
    var reader = WireReader(wire)
    while let field = try reader.next() {
      switch field.number {
      case 1: name = text(field)
      case 2:
        let at = path + [2, Int32(truncatingIfNeeded: fields.count)]
        fields.append(try FieldDescriptor(wire: field.bytes, path: at, comments))
      case 3:
        let at = path + [3, Int32(truncatingIfNeeded: messages.count)]
        messages.append(try MessageDescriptor(wire: field.bytes, parent: "", path: at, comments))
      case 4:
        let at = path + [4, Int32(truncatingIfNeeded: enums.count)]
        enums.append(try EnumDescriptor(wire: field.bytes, parent: "", path: at, comments))
      case 7: try readOptions(field.bytes)
      case 8:
        let oneof = OneofDescriptor()
        oneof.comment = comments[path + [8, Int32(truncatingIfNeeded: oneofs.count)]] ?? ""
        var parts = WireReader(field.bytes)
        while let part = try parts.next() {
          if part.number == 1 { oneof.name = text(part) }
        }
        oneofs.append(oneof)
      case 9: try readReserved(field.bytes)
      case 10: reservedNames.append(text(field))
      default: break
      }
    }
    joinOneofs()
    index()
  }

  private func readOptions(_ wire: UnsafeRawBufferPointer) throws(WireFault) {
    var reader = WireReader(wire)
    while let option = try reader.next() {
      if option.number == 7 { isMapEntry = option.scalar != 0 }
      if option.number == 50701 { record = try RecordRule(wire: option.bytes) }
    }
  }

  private func readReserved(_ wire: UnsafeRawBufferPointer) throws(WireFault) {
    var reader = WireReader(wire)
    var start: UInt32 = 0
    var end: UInt32 = 0
    while let part = try reader.next() {
      if part.number == 1 { start = UInt32(truncatingIfNeeded: part.scalar) }
      if part.number == 2 { end = UInt32(truncatingIfNeeded: part.scalar) }
    }
    if start < end { reservedRanges.append(start..<end) }
  }

  private func joinOneofs() {
    for field in fields {
      guard let index = field.oneofIndex, oneofs.indices.contains(index), !field.isProto3Optional else {
        continue
      }
      field.oneof = oneofs[index]
      oneofs[index].fields.append(field)
    }
    oneofs.removeAll { $0.fields.isEmpty }
    for oneof in oneofs { oneof.fields.sort { $0.number < $1.number } }
  }

  func qualify(_ prefix: String) {
    fullName = prefix + name
    wellKnown = WellKnown(fullName: fullName)
    for message in messages { message.qualify(fullName + ".") }
    for enumeration in enums { enumeration.fullName = fullName + "." + enumeration.name }
  }
}

extension FieldDescriptor {
  convenience init(
    wire: UnsafeRawBufferPointer, path: [Int32], _ comments: CommentTable
  ) throws(WireFault) {
    self.init()
    comment = comments[path] ?? ""
    var packed: Bool?
    var reader = WireReader(wire)
    while let field = try reader.next() {
      switch field.number {
      case 1: name = text(field)
      case 2: extendee = Self.withoutDot(text(field))
      case 3: number = UInt32(truncatingIfNeeded: field.scalar)
      case 4: isRepeated = field.scalar == 3
      case 5: type = FieldType(rawValue: UInt8(truncatingIfNeeded: field.scalar)) ?? .group
      case 6: typeName = Self.withoutDot(text(field))
      case 8:
        var options = WireReader(field.bytes)
        while let option = try options.next() {
          if option.number == 2 { packed = option.scalar != 0 }
          if option.number == 3 { isDeprecated = option.scalar != 0 }
          if option.number == 50702 { rule = try FieldRule(wire: option.bytes) }
        }
      case 9: oneofIndex = Int(truncatingIfNeeded: field.scalar)
      case 10: jsonName = text(field)
      case 17: isProto3Optional = field.scalar != 0
      default: break
      }
    }
    isPacked = isRepeated && type.wireType != .lengthDelimited && packed != false
  }

  private static func withoutDot(_ name: String) -> String {
    name.hasPrefix(".") ? String(name.dropFirst()) : name
  }
}

extension EnumDescriptor {
  convenience init(
    wire: UnsafeRawBufferPointer, parent: String, path: [Int32], _ comments: CommentTable
  ) throws(WireFault) {
    self.init()
    comment = comments[path] ?? ""
    var reader = WireReader(wire)
    while let field = try reader.next() {
      if field.number == 1 { name = text(field) }
      guard field.number == 2 else { continue }
      let at = path + [2, Int32(truncatingIfNeeded: values.count)]
      var value = Value(name: "", number: 0, comment: comments[at] ?? "")
      var parts = WireReader(field.bytes)
      while let part = try parts.next() {
        if part.number == 1 { value.name = text(part) }
        if part.number == 2 { value.number = Int32(truncatingIfNeeded: part.scalar) }
      }
      values.append(value)
      numbers[value.name] = value.number
      if names[value.number] == nil { names[value.number] = value.name }
    }
  }
}

extension ServiceDescriptor {
  convenience init(
    wire: UnsafeRawBufferPointer, path: [Int32], _ comments: CommentTable
  ) throws(WireFault) {
    self.init()
    comment = comments[path] ?? ""
    var reader = WireReader(wire)
    while let field = try reader.next() {
      if field.number == 1 { name = text(field) }
      guard field.number == 2 else { continue }
      let method = MethodDescriptor()
      method.comment = comments[path + [2, Int32(truncatingIfNeeded: methods.count)]] ?? ""
      var parts = WireReader(field.bytes)
      while let part = try parts.next() {
        switch part.number {
        case 1: method.name = text(part)
        case 2: method.inputName = String(text(part).drop { $0 == "." })
        case 3: method.outputName = String(text(part).drop { $0 == "." })
        case 5: method.clientStreams = part.scalar != 0
        case 6: method.serverStreams = part.scalar != 0
        default: break
        }
      }
      methods.append(method)
    }
  }
}
