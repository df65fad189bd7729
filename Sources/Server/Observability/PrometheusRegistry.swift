public import CoreMetrics
import Synchronization

/// Collects what the server measures and writes it in Prometheus' text format, version 0.0.4.
///
/// Counters become counters, meters and recorders without aggregation gauges, timers and aggregating recorders
/// histograms. Labels and dimensions must never carry personal data: callers use method names, codes and states.
public final class PrometheusRegistry: MetricsFactory, Sendable {
  /// Most series kept: labels come from our own code, so this is only reached by a mistake, which then cannot eat
  /// the memory. Further series are measured and not shown.
  static let maximumSeries = 10_000

  /// Upper bounds of duration buckets, in seconds: from 50 µs, where an in-memory call answers, to 10 s, the
  /// longest deadline people sit through.
  static let durationBuckets: [Double] = [
    0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]
  /// Upper bounds of size buckets, in bytes: powers of four to the message limit.
  static let sizeBuckets: [Double] = [64, 256, 1024, 4096, 16384, 65536, 262_144, 1_048_576, 4_194_304]

  struct Key: Hashable, Comparable {
    var name: String
    var labels: [String]

    static func < (left: Key, right: Key) -> Bool {
      left.name != right.name ? left.name < right.name : left.labels.lexicographicallyPrecedes(right.labels)
    }
  }

  private let series = Mutex<[Key: Series]>([:])

  /// An empty registry.
  public init() {}

  private func series(_ label: String, _ dimensions: [(String, String)], _ make: () -> Series) -> Series {
    let key = Key(
      name: Self.sanitised(label),
      labels: dimensions.map { "\(Self.sanitised($0.0))=\"\(Self.escaped($0.1))\"" })
    return series.withLock { all in
      if let existing = all[key] { return existing }
      let made = make()
      if all.count < Self.maximumSeries { all[key] = made }
      return made
    }
  }

  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    series(label, dimensions) { Series(kind: .counter) }
  }

  public func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler
  {
    series(label, dimensions) { Series(kind: .counter) }
  }

  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    series(label, dimensions) { Series(kind: .gauge) }
  }

  public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    series(label, dimensions) {
      aggregate ? Series(kind: .histogram(bounds: Self.sizeBuckets)) : Series(kind: .gauge)
    }
  }

  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    series(label, dimensions) { Series(kind: .histogram(bounds: Self.durationBuckets)) }
  }

  public func destroyCounter(_ handler: any CounterHandler) {}
  public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
  public func destroyMeter(_ handler: any MeterHandler) {}
  public func destroyRecorder(_ handler: any RecorderHandler) {}
  public func destroyTimer(_ handler: any TimerHandler) {}

  /// The exposition: one `# TYPE` line a name, then its series in a fixed order.
  public func exposition() -> String {
    let all = series.withLock { $0 }.sorted { $0.key < $1.key }
    var text = ""
    var lastName = ""
    for (key, series) in all {
      if key.name != lastName {
        text += "# TYPE \(key.name) \(series.typeName)\n"
        lastName = key.name
      }
      series.write(name: key.name, labels: key.labels, to: &text)
    }
    return text
  }

  static func sanitised(_ name: String) -> String {
    var result = ""
    for scalar in name.unicodeScalars {
      let allowed =
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
        || (("0"..."9").contains(scalar) && !result.isEmpty)
      result.unicodeScalars.append(allowed ? scalar : "_")
    }
    return result
  }

  static func escaped(_ value: String) -> String {
    var result = ""
    for character in value {
      switch character {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.append(character)
      }
    }
    return result
  }
}
