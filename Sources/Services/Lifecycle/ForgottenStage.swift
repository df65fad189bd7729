import PunosMessages

extension JourneyStage {
  /// A stage that moves tell and their journey has no more.
  static func forgotten(_ id: String) -> JourneyStage {
    var stage = JourneyStage()
    stage.id = id
    stage.title = id
    return stage
  }
}
