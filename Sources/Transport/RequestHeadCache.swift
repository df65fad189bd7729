internal import HTTP2
internal import RPC

/// A request's head as it was read, shared by the calls that began with the same bytes.
final class ParsedHead: Sendable {
  let head: RequestHead

  init(_ fields: ReceivedFields, router: Router) {
    var head = RequestHead()
    fields.forEach { head.add($0, $1, router: router) }
    self.head = head
  }
}

/// The last request's head: the calls of a connection mostly begin alike, byte for byte, and comparing costs far less
/// than reading.
struct RequestHeadCache {
  /// Longer heads are read each time: they are rarely alike, and an idle connection must not keep much.
  static let longest = 1 << 10

  private var fields = KeptFields()
  private var last: ParsedHead?

  mutating func head(of fields: ReceivedFields, router: Router) -> ParsedHead {
    if let last, self.fields.equal(fields) { return last }
    let parsed = ParsedHead(fields, router: router)
    if fields.byteCount <= Self.longest {
      self.fields.keep(fields)
      last = parsed
    }
    return parsed
  }
}
