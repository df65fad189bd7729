public import PunosMessages

/// The journey of B2B customers that is used where a tenant defines none: from first interest to renewal or farewell.
/// Delivery and service have stages of their own, for that is where most of a customer's life with us goes by.
public enum DefaultJourney {
  /// Its resource name. A journey of the tenant's own with this name takes its place.
  public static let name = "journeys/default-b2b"

  /// The journey.
  public static let journey: Journey = {
    var journey = Journey()
    journey.name = name
    journey.title = "B2B customer"
    journey.description = "The journey that comes with Punos. Define one of your own to replace it."
    journey.stages = [prospect, evaluation, agreement, implementation, use, renewal, former]
    return journey
  }()

  private static let prospect = stage("prospect", "Prospect", team: "sales", days: 90) { stage in
    stage.description = "They may need what we do; both sides find out whether it is worth a closer look."
    stage.activities = [
      activity("Find the problem that is worth solving", "sales", "meeting"),
      activity("Learn who their customers are and what those expect", "sales", "meeting"),
      activity("Look at what is published about them", "sales", "web"),
    ]
    stage.needs = ["To be understood before being sold to", "Examples from companies like theirs"]
    stage.painPoints = [
      "Everybody tells them about products, nobody asks", "They do not know whom to believe",
    ]
    stage.kpis = [
      measure("Share that goes on to evaluation", "%"), measure("Days to the first meeting", "days", 14),
    ]
    stage.exitCriteria = [
      criterion("contact-known", "A person at the customer is known.", .contactKnown),
      criterion("need-told", "The need is told in the customer's own words."),
    ]
  }

  private static let evaluation = stage("evaluation", "Evaluation", team: "sales", days: 60) { stage in
    stage.description = "They compare what they may choose, by their own criteria and in their own stages."
    stage.activities = [
      activity("Agree on how they will decide, and when", "sales", "workshop"),
      activity("Show it with their own case", "sales", "demonstration"),
      activity("Let delivery and service meet their counterparts", "delivery", "workshop"),
      activity("Compare offers", "", "internal"),
    ]
    stage.needs = ["Proof that it works for them", "A case that they can defend inside"]
    stage.painPoints = ["Those who decide later were not heard", "Offers that cannot be compared"]
    stage.kpis = [measure("Share that chooses us", "%"), measure("Committee covered", "%", 70)]
    stage.entryCriteria = [criterion("purchase-open", "A purchase is open.", .purchaseOpen)]
    stage.exitCriteria = [
      criterion("decider-known", "Whoever releases the money or makes the choice is known.", .deciderKnown),
      criterion("criteria-known", "It is known by what they decide."),
    ]
  }

  private static let agreement = stage("agreement", "Agreement", team: "sales", days: 30) { stage in
    stage.description = "They have chosen; terms, papers and approvals are settled."
    stage.activities = [
      activity("Settle terms and papers", "sales", "negotiation"),
      activity("Prepare the handover: needs, promises, people, success criteria, risks", "sales", "internal"),
      activity("Name who does it on both sides", "delivery", "meeting"),
    ]
    stage.needs = ["No surprises in the papers", "To know who will do the work"]
    stage.painPoints = ["Legal and procurement come late", "What was said is not in the contract"]
    stage.kpis = [
      measure("Days from choice to signature", "days", 30), measure("Promises written down", "%", 100),
    ]
    stage.entryCriteria = [criterion("chosen", "The customer has said that they choose us.")]
    stage.exitCriteria = [criterion("purchase-won", "A purchase is won.", .purchaseWon)]
  }

  private static let implementation = stage("implementation", "Implementation", team: "delivery", days: 90) {
    stage in
    stage.description = "What was sold is delivered, and taken into use."
    stage.activities = [
      activity("Kick-off with those who will use it", "delivery", "workshop"),
      activity("Deliver, show, correct", "delivery", "project meeting"),
      activity("Train users and administrators", "delivery", "training"),
      activity("Take it into use", "", "internal"),
    ]
    stage.needs = ["Not to explain again what sales was told", "To see progress against their own goals"]
    stage.painPoints = ["Promises that delivery never heard of", "The people who chose it are gone"]
    stage.kpis = [measure("Days to first use", "days", 60), measure("Promises kept", "%", 100)]
    stage.entryCriteria = [
      criterion("handover-accepted", "Delivery has accepted what sales hands over.", .handoverAccepted)
    ]
    stage.exitCriteria = [
      criterion("delivery-accepted", "The customer has accepted what was delivered."),
      criterion("promises-kept", "No promise of ours is overdue.", .promisesKept),
    ]
  }

  private static let use = stage("use", "Use", team: "service", days: nil) { stage in
    stage.description = "They get the value that they bought it for, and we see to it that they do."
    stage.activities = [
      activity("Answer and solve", "service", "service desk"),
      activity("Measure the value together", "service", "review meeting"),
      activity("Look for what changes at the customer", "sales", "meeting"),
    ]
    stage.needs = ["Help when it matters", "To be able to show what it brought"]
    stage.painPoints = ["They hear from us only when the invoice comes", "Faults are told twice"]
    stage.kpis = [
      measure("Value realised against value promised", "%", 100), measure("Net promoter score", "points", 40),
    ]
    stage.entryCriteria = [
      criterion("service-knows", "Service knows what was promised and what was delivered.", .handoverAccepted)
    ]
  }

  private static let renewal = stage("renewal", "Renewal", team: "sales", days: 60) { stage in
    stage.description = "They decide whether, and with what, to go on."
    stage.activities = [
      activity("Show what it brought", "service", "review meeting"),
      activity("Ask what has changed for them", "sales", "meeting"),
      activity("Agree on the next term", "sales", "negotiation"),
    ]
    stage.needs = ["A reason to stay that they can tell their management", "Terms that fit what they use"]
    stage.painPoints = [
      "New people who were not there when it was chosen", "Prices that rise without a reason",
    ]
    stage.kpis = [measure("Share that renews", "%", 90), measure("Days left when it is agreed", "days", 30)]
    stage.entryCriteria = [criterion("value-shown", "What it brought has been shown to the customer.")]
    stage.next = ["use"]
  }

  private static let former = stage("former", "Former", team: "sales", days: nil) { stage in
    stage.description = "They have gone, or never came. What was learnt stays."
    stage.activities = [activity("Ask why, and write it down", "sales", "interview")]
    stage.needs = ["To be let go decently"]
    stage.painPoints = ["Nobody asks why they left"]
    stage.kpis = [measure("Share with a known reason", "%", 100), measure("Share won back", "%")]
    stage.isEnd = true
    stage.next = ["prospect"]
  }
}

/// How the stages above are written.
extension DefaultJourney {
  private static func stage(
    _ id: String, _ title: String, team: String, days: Int32?, _ fill: (inout JourneyStage) -> Void
  ) -> JourneyStage {
    var stage = JourneyStage()
    stage.id = id
    stage.title = title
    stage.team = team
    stage.expectedDays = days
    fill(&stage)
    return stage
  }

  private static func activity(_ title: String, _ team: String, _ touchpoint: String) -> JourneyActivity {
    var activity = JourneyActivity()
    activity.title = title
    activity.team = team
    activity.touchpoint = touchpoint
    return activity
  }

  private static func measure(_ title: String, _ unit: String, _ target: Double? = nil) -> JourneyMeasure {
    var measure = JourneyMeasure()
    measure.title = title
    measure.unit = unit
    measure.target = target
    return measure
  }

  private static func criterion(
    _ id: String, _ title: String, _ check: JourneyCriterion.Check = .unspecified
  ) -> JourneyCriterion {
    var criterion = JourneyCriterion()
    criterion.id = id
    criterion.title = title
    criterion.check = check
    return criterion
  }
}
