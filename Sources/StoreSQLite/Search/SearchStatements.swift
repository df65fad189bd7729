/// What searches ask of one connection, prepared once for all of them.
final class SearchStatements {
  let connection: Connection
  /// Documents that match an expression, the newest first, with their scores.
  let scan: Statement
  /// What a document is known by.
  let document: Statement
  let moment: Statement
  let tenantDocuments: Statement
  /// A record that search has not been given yet.
  let waiting: Statement
  let termDocuments: Statement
  let termRange: Statement
  let formRange: Statement
  let forms: Statement

  init(_ connection: Connection) throws(SQLiteFailure) {
    self.connection = connection
    scan = try connection.prepare(
      """
      SELECT rowid, \(SearchExtension.score)(search_index, ?2) FROM search_index
      WHERE search_index MATCH ?1 AND rowid BETWEEN ?3 AND ?4 AND (?5 >> ((rowid >> 17) & 63)) & 1
      ORDER BY rowid
      """)
    document = try connection.prepare("SELECT key, team, terms FROM search_document WHERE doc = ?1")
    moment = try connection.prepare("SELECT moment FROM search_document WHERE doc = ?1")
    tenantDocuments = try connection.prepare("SELECT documents FROM search_tenant WHERE tenant = ?1")
    waiting = try connection.prepare("SELECT place FROM search_waiting LIMIT 1")
    termDocuments = try connection.prepare(
      "SELECT documents FROM search_term WHERE tenant = ?1 AND term = ?2")
    termRange = try connection.prepare(
      """
      SELECT term, documents FROM search_term WHERE tenant = ?1 AND term >= ?2 AND term < ?3
      LIMIT \(SearchVocabulary.rangeLimit + 1)
      """)
    formRange = try connection.prepare(
      """
      SELECT DISTINCT term FROM search_form WHERE tenant = ?1 AND form >= ?2 AND form < ?3
      LIMIT \(SearchVocabulary.formLimit + 1)
      """)
    forms = try connection.prepare(
      "SELECT term FROM search_form WHERE tenant = ?1 AND form = ?2 LIMIT \(SearchVocabulary.formLimit)")
  }
}
