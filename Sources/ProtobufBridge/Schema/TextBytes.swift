/// Text from bytes that may not be UTF-8.
enum TextBytes {
  /// The text, or nil where the bytes are not UTF-8.
  ///
  /// By way of `UTF8Span`, which looks at each byte once: `String(validating:as:)` of Swift 6.3 goes through
  /// unspecialised generic code and takes several times as long for short texts.
  @inline(__always)
  static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    do throws(UTF8.ValidationError) {
      return String(copying: try UTF8Span(validating: bytes.span))
    } catch {
      return nil
    }
  }

  static func text(_ bytes: UnsafeRawBufferPointer) -> String? {
    text(bytes.bindMemory(to: UInt8.self))
  }
}
