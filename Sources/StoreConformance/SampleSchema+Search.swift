public import Store

extension SampleSchema {
  /// The sample schema with its notes and persons searched.
  public static func searched() -> RecordSchema {
    let sample = schema()
    let kinds = sample.kinds.values.map { kind -> KindSchema in
      var kind = kind
      if kind.kind == SampleKind.note { kind.searchDocument = { try noteDocument($0) } }
      if kind.kind == SampleKind.person { kind.searchDocument = { try personDocument($0) } }
      return kind
    }
    return RecordSchema(kinds: kinds, fold: sample.fold)
  }

  private static func noteDocument(_ bytes: [UInt8]) throws -> SearchDocument {
    let body = try SampleBody(bytes: bytes)
    var fields = [SearchDocument.Field(name: "name", text: body["name"] ?? "", language: "fi")]
    if let said = body["said"] { fields.append(.init(name: "said", text: said, language: "fi")) }
    let moment = body["when"].flatMap(Int64.init).map(Moment.init(microseconds:))
    return SearchDocument(fields: fields, moment: moment, team: body["team"] ?? "")
  }

  private static func personDocument(_ bytes: [UInt8]) throws -> SearchDocument {
    let name = try SampleBody(bytes: bytes)["name"] ?? ""
    return SearchDocument(fields: [.init(name: "name", text: name, weight: 4, isVerbatim: true)])
  }
}
