internal import Store

/// What a kind of record asks of the tables, in one place that costs nothing to hand about: it is looked up for every
/// record that is written, and the schema's own value is large.
final class KindPlan: Sendable {
  let schema: KindSchema
  let indexes: [NumberedIndex]
  /// Number of its column table; nil: it has no columns.
  let columnTable: UInt32?

  init(_ schema: KindSchema, _ catalog: IndexCatalog) {
    self.schema = schema
    indexes = catalog.indexes[schema.kind] ?? []
    columnTable = catalog.columnTables[schema.kind]
  }
}
