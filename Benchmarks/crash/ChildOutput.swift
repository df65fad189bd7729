import Store

/// What a child said before it was killed.
struct ChildOutput {
  struct Ack {
    var writer: Int
    var round: Int
    var revision: Revision
  }

  struct Watched {
    var revision: Revision
    var digest: UInt64
  }

  var acks: [Ack] = []
  /// What its watcher saw, in order.
  var watched: [Watched] = []
  /// Persons whose erasure was answered.
  var erased: [String] = []

  init(_ output: [UInt8]) throws {
    for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: " ")
      if parts.count == 2, parts[0] == "E" {
        erased.append(String(parts[1]))
      } else if parts.count == 3, parts[0] == "W", let revision = Int64(parts[1]),
        let digest = UInt64(parts[2])
      {
        watched.append(Watched(revision: Revision(revision), digest: digest))
      } else if parts.count == 3, let writer = Int(parts[0]), let round = Int(parts[1]),
        let revision = Int64(parts[2])
      {
        acks.append(Ack(writer: writer, round: round, revision: Revision(revision)))
      } else {
        throw CrashFailure(description: "the child said: \(line)")
      }
    }
  }
}
