internal import CNGHTTP2

/// Header fields to be sent, in order, in one piece of memory.
package struct HeaderList: Sendable {
  private var bytes: [UInt8] = []
  private var lengths: [(name: Int, value: Int)] = []

  /// Nothing.
  package init() {}

  /// How many fields there are.
  package var count: Int { lengths.count }

  /// Adds a field.
  ///
  /// - Parameters:
  ///   - name: lower-case ASCII.
  ///   - value: without line breaks and NUL; nghttp2 checks again at the peer, not here.
  package mutating func append(_ name: String, _ value: String) {
    let before = bytes.count
    bytes.append(contentsOf: name.utf8)
    let middle = bytes.count
    bytes.append(contentsOf: value.utf8)
    lengths.append((middle - before, bytes.count - middle))
  }

  /// Calls with nghttp2's form of the fields, which is valid only during the call.
  func withFields<R>(_ body: (UnsafePointer<nghttp2_nv>?, Int) -> R) -> R {
    bytes.withUnsafeBufferPointer { bytes in
      withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: lengths.count) { fields in
        var offset = 0
        let base = UnsafeMutablePointer(mutating: bytes.baseAddress)
        for (index, length) in lengths.enumerated() {
          fields.initializeElement(
            at: index,
            to: nghttp2_nv(
              name: base?.advanced(by: offset), value: base?.advanced(by: offset + length.name),
              namelen: length.name, valuelen: length.value, flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue)))
          offset += length.name + length.value
        }
        return body(UnsafePointer(fields.baseAddress), lengths.count)
      }
    }
  }
}

/// Header fields that never change, laid out once: nghttp2 refers to them without a copy.
///
/// Kept for the life of the process, since frames that wait may still point to it; make them as `static let`.
/// It is never written to after its initialiser, which makes `@unchecked Sendable` true.
package final class HeaderTemplate: @unchecked Sendable {
  let fields: UnsafePointer<nghttp2_nv>
  let count: Int

  /// - Parameter pairs: names (lower-case) and values, in order.
  package init(_ pairs: [(StaticString, StaticString)]) {
    let fields = UnsafeMutablePointer<nghttp2_nv>.allocate(capacity: pairs.count)
    let flags = UInt8(NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue)
    for (index, (name, value)) in pairs.enumerated() {
      fields.advanced(by: index).initialize(
        to: nghttp2_nv(
          name: UnsafeMutablePointer(mutating: name.utf8Start),
          value: UnsafeMutablePointer(mutating: value.utf8Start),
          namelen: name.utf8CodeUnitCount, valuelen: value.utf8CodeUnitCount, flags: flags))
    }
    self.fields = UnsafePointer(fields)
    count = pairs.count
  }
}

/// Either kind of fields to send.
package enum HeaderSource {
  case template(HeaderTemplate)
  case list(HeaderList)

  func withFields<R>(_ body: (UnsafePointer<nghttp2_nv>?, Int) -> R) -> R {
    switch self {
    case .template(let template): body(template.fields, template.count)
    case .list(let list): list.withFields(body)
    }
  }
}
