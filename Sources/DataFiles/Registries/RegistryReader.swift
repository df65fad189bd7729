/// A public registry whose files can be read.
public enum Registry: String, CaseIterable, Sendable {
  /// The open data of the Finnish Patent and Registration Office: YTJ, API version 3, JSON.
  case ytj
  /// GLEIF's legal entities: the golden copy in CSV.
  case gleif
}

/// Reads a registry's file one company at a time, whichever registry it is from.
public final class RegistryReader {
  private enum Reader {
    case ytj(YTJReader)
    case gleif(GLEIFReader)
  }

  private let reader: Reader

  /// The registry that the file is from.
  public let registry: Registry

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - source: not read from yet.
  ///   - registry: which one it is from; found by the content where nil.
  /// - Throws: ``DataFileError`` for content of another kind.
  public init(_ source: ByteSource, registry: Registry? = nil) throws(DataFileError) {
    let chosen: Registry
    if let registry { chosen = registry } else { chosen = try Self.registry(of: source) }
    self.registry = chosen
    switch chosen {
    case .ytj: reader = .ytj(try YTJReader(source))
    case .gleif: reader = .gleif(try GLEIFReader(source))
    }
  }

  /// JSON begins with a brace or bracket, a table does not.
  private static func registry(of source: ByteSource) throws(DataFileError) -> Registry {
    let head = try source.read()
    source.unread(head)
    let first = head.first { ![0xEF, 0xBB, 0xBF, 0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[") ? .ytj : .gleif
  }

  /// The next company, or what is wrong with its entry; nil at the end.
  ///
  /// - Throws: ``DataFileError`` when the file cannot be read on.
  public func next() throws(DataFileError) -> RegistryEntry? {
    switch reader {
    case .ytj(let reader):
      switch try reader.next() {
      case .success(let company): .company(company)
      case .failure(let failure): .unreadable(failure.problem)
      case nil: nil
      }
    case .gleif(let reader):
      switch try reader.next() {
      case .success(let company): .company(company)
      case .failure(let failure): .unreadable(failure.problem)
      case nil: nil
      }
    }
  }

  /// Bytes read of the file so far.
  public var consumedBytes: Int {
    switch reader {
    case .ytj(let reader): reader.consumedBytes
    case .gleif(let reader): reader.consumedBytes
    }
  }

  /// Bytes of the whole file; nil for a pipe.
  public var totalBytes: Int? {
    switch reader {
    case .ytj(let reader): reader.totalBytes
    case .gleif(let reader): reader.totalBytes
    }
  }
}

/// An entry of a registry's file.
public enum RegistryEntry: Sendable, Hashable {
  /// A company.
  case company(RegistryCompany)
  /// What is wrong with an entry that cannot be read; the ones behind it can.
  case unreadable(RecordProblem)
}
