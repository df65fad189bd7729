import Services
import Store

/// Keeps how far signals were computed in a file of the data folder: a line a tenant, its name and a revision.
struct SignalPlaceFile: SignalPlaces {
  /// More than every tenant that a store can have, with the longest name each, would need never comes about; a file
  /// of this size is somebody else's.
  static let maximumBytes = 16 << 20

  let path: String

  func read() throws -> [TenantID: Revision] {
    guard DataFolder.exists(path) else { return [:] }
    let text = String(decoding: try DataFolder.read(path, limit: Self.maximumBytes), as: UTF8.self)
    var places: [TenantID: Revision] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      // A line that cannot be read costs nothing but looking at that tenant's changes again.
      guard words.count == 2, let tenant = try? TenantID(String(words[0])), let revision = Int64(words[1]),
        revision >= 0
      else { continue }
      places[tenant] = Revision(revision)
    }
    return places
  }

  func write(_ places: [TenantID: Revision]) throws {
    let lines = places.sorted { $0.key < $1.key }.map { "\($0.key.text) \($0.value.rawValue)\n" }
    try DataFolder.write(Array(lines.joined().utf8), to: path, mode: 0o600)
  }
}
