/// How often two sides were in touch, by where and in which stage.
public struct TouchTally: Sendable, Hashable {
  /// What happened in one place.
  public struct Touches: Sendable, Hashable {
    public var count = 0
    /// Seconds since 1970; nil where nothing happened.
    public var latest: Int64?

    mutating func add(_ other: Touches) {
      count += other.count
      if let time = other.latest { latest = max(latest ?? time, time) }
    }
  }

  private var places: [GapPlace: Touches] = [:]

  public init() {}

  /// Counts one.
  ///
  /// - Parameter time: seconds since 1970.
  public mutating func add(_ place: GapPlace, at time: Int64) {
    places[place, default: Touches()].add(Touches(count: 1, latest: time))
  }

  /// Everything.
  public var all: Touches {
    var all = Touches()
    for touches in places.values { all.add(touches) }
    return all
  }

  /// What happened in a place: at its touchpoint, in its stage or in one that was not said.
  public func touches(in place: GapPlace) -> Touches {
    var touches = places[place] ?? Touches()
    if !place.stage.isEmpty, let other = places[GapPlace(touchpoint: place.touchpoint, stage: "")] { touches.add(other) }
    return touches
  }
}
