import Domain
import PunosMessages
import RPC
import Store

/// What teams say of each other's claims: changes of one insight.
enum InsightReviews {
  /// Another team knows the same. Each team counts once: saying it again renews it, and takes back a dispute.
  static func confirm(_ insight: inout Insight, _ comment: String, _ world: RecordWorld) throws {
    try refuse(insight, world, to: "confirm")
    insight.disputes.removeAll { $0.team == world.caller.team }
    put(review(comment, world), in: &insight.confirmations)
  }

  /// Another team knows otherwise. It takes back its confirmation.
  static func dispute(_ insight: inout Insight, _ comment: String, _ world: RecordWorld) throws {
    try refuse(insight, world, to: "dispute")
    insight.confirmations.removeAll { $0.team == world.caller.team }
    put(review(comment, world), in: &insight.disputes)
  }

  /// The claiming team's word on its own claim.
  static func review(
    _ insight: inout Insight, _ outcome: ReviewInsightRequest.Outcome, _ confidence: Double?,
    _ world: RecordWorld
  ) throws {
    guard world.caller.team == insight.team || world.caller.name == insight.owner else {
      throw Problem(
        .failedPrecondition, "ANOTHER_TEAMS_CLAIM",
        "The claim is the team \(insight.team)'s, which reviews it itself. Confirm it, or dispute it.",
        resource: insight.name)
    }
    if let confidence { insight.confidence = confidence }
    switch outcome {
    case .retired: insight.status = .retired
    default:
      insight.status = .current
      insight.reviewTime = ProtoTimestamp(world.now)
    }
  }

  /// A claim cannot be confirmed or disputed by the team that makes it, nor after it was retired.
  private static func refuse(_ insight: Insight, _ world: RecordWorld, to act: String) throws {
    if world.caller.team == insight.team {
      throw Problem(
        .failedPrecondition, "OWN_CLAIM",
        "It is your own team's claim, which counts already: only another team can \(act) it. "
          + "To say that it still holds, or does not, review it (ReviewInsight).", resource: insight.name)
    }
    guard insight.isCurrent else {
      throw Problem(
        .failedPrecondition, "RETIRED", "The insight is retired; claim it anew if it is so again.",
        resource: insight.name)
    }
  }

  private static func review(_ comment: String, _ world: RecordWorld) -> InsightReview {
    var review = InsightReview()
    review.team = world.caller.team
    review.principal = world.caller.name
    review.time = ProtoTimestamp(world.now)
    review.comment = comment
    return review
  }

  private static func put(_ review: InsightReview, in reviews: inout [InsightReview]) {
    reviews.removeAll { $0.team == review.team }
    reviews.append(review)
  }
}
