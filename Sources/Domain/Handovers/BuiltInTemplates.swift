import ProtobufBridge
public import PunosMessages

/// The templates that Punos brings along: what teams have learned to tell each other. A tenant's own template for the
/// same two teams takes their place.
public enum BuiltInTemplates {
  /// The template between two teams: a known transition's, within one team the one between two people, and otherwise
  /// the one that fits everywhere.
  public static func template(from sending: String, to receiving: String) -> HandoverTemplate {
    var template =
      switch (sending, receiving) {
      case ("sales", "delivery"): salesToDelivery
      case ("delivery", "service"): deliveryToService
      case ("service", "sales"): serviceToSales
      case _ where sending == receiving: betweenPeople
      default: general
      }
    template.fromTeam = sending
    template.toTeam = receiving
    return template
  }

  private static func item(
    _ id: String, _ kind: HandoverItem.Kind, _ title: String, required: Bool = false,
    source: HandoverTemplateItem.Source = .person, prompt: String, why: String
  ) -> HandoverTemplateItem {
    HandoverTemplateItem.with {
      $0.id = id
      $0.kind = kind
      $0.title = title
      $0.required = required
      $0.source = source
      $0.prompt = prompt
      $0.why = why
    }
  }

  /// - Parameter stage: the stage of the journey that comes along, into which such a handover leads; empty where it
  ///   may lead anywhere.
  private static func template(
    _ title: String, stage: String = "", _ items: [HandoverTemplateItem]
  ) -> HandoverTemplate {
    HandoverTemplate.with {
      $0.title = title
      $0.stage = stage
      $0.items = items
    }
  }

  // What more than one template asks.

  private static let promises = item(
    "promises", .promise, "What was promised", required: true, source: .commitments,
    prompt: "Every open promise, to whom it was given and until when; \"none\" where there is none.",
    why: "A promise the receiver does not know of is broken by accident.")
  private static let people = item(
    "people", .stakeholder, "Who matters at the customer", required: true, source: .committee,
    prompt: "Who decides, who uses it, who was against, and whom to call first.",
    why: "The receiver starts with people, not with papers.")
  private static let renewalOwner = item(
    "renewal-owner", .commercialTerm, "Who owns the renewal at the customer", required: true,
    prompt: "The person at the customer who decides on renewal, and when they begin to think of it.",
    why: "Renewals fail most often because nobody knew whom to ask.")
  private static let payment = item(
    "payment", .commercialTerm, "How they pay", required: true,
    prompt: "Payment method and terms, who approves invoices, what must stand on them.",
    why: "An invoice that waits for approval sours a good start.")
  private static let risks = item(
    "risks", .risk, "What may go wrong",
    prompt: "What worried you, and what you would watch.",
    why: "What the sender only felt, the receiver learns the hard way.")
  private static let learned = item(
    "learned", .need, "What else was learned", source: .insights,
    prompt: "What you understand about this customer that nobody else does yet.",
    why: "What only one team knows, the customer has to tell again.")
  private static let nextStep = item(
    "next-step", .nextStep, "The first step", required: true,
    prompt: "What the customer expects to happen next, by whom, until when.",
    why: "Silence after a handover reads as neglect.")
  private static let questions = item(
    "questions", .openQuestion, "What nobody knows yet",
    prompt: "What you would have asked at the next meeting.",
    why: "An open question that is known costs a call; one that is not costs a change request.")

  /// Sales to delivery.
  static let salesToDelivery = template(
    "Sales to delivery", stage: "implementation",
    [
      item(
        "need", .need, "Why they bought", required: true, source: .purchases,
        prompt: "The trouble they have, in their words, and what happens if it stays.",
        why: "Delivery that knows only what was sold delivers what was sold, not what was needed."),
      item(
        "success", .successCriterion, "By what they will judge", required: true, source: .valueDrivers,
        prompt: "What must be different, how they measure it, and when they look.",
        why: "Without it the project ends by date and not by success."),
      promises, people, renewalOwner, payment,
      item(
        "constraints", .constraint, "What cannot be changed",
        prompt: "Dates, systems, rules, people's holidays; what was ruled out and why.",
        why: "Plans made without it are made twice."),
      risks, learned, questions, nextStep,
    ])

  /// Delivery to service.
  static let deliveryToService = template(
    "Delivery to service", stage: "use",
    [
      item(
        "delivered", .need, "What was delivered, and what for", required: true,
        prompt: "What is in use, by whom, and what differs from the offer.",
        why: "Service answers for what is there, not for what was sold."),
      item(
        "success", .successCriterion, "What was achieved", required: true,
        prompt: "What was measured at the end, and what the customer said of it.",
        why: "It is the ground the renewal stands on."),
      promises, people, renewalOwner, payment,
      item(
        "known-faults", .risk, "What is known not to work", required: true,
        prompt: "Faults, workarounds, and what the customer was told of them.",
        why: "The first call should not be the first time service hears of it."),
      item(
        "limits", .constraint, "What was agreed on service",
        prompt: "Hours, response times, changes that need whose consent.",
        why: "Service measures itself by it from the first day."),
      learned, questions, nextStep,
    ])

  /// Service to sales.
  static let serviceToSales = template(
    "Service to sales",
    [
      item(
        "experience", .need, "How it went, in their words", required: true,
        prompt: "What they praised and what they complained of, and to whom.",
        why: "Sales that does not know the complaint renews it."),
      item(
        "new-needs", .need, "What they need now",
        prompt: "What they asked for that we do not do for them yet.",
        why: "The next sale begins in a service call."),
      promises, people, renewalOwner,
      item(
        "value", .successCriterion, "What it was worth to them", required: true, source: .valueDrivers,
        prompt: "What they gained, in their numbers where they have any.",
        why: "A renewal without shown value is a talk about price."),
      risks, learned, questions, nextStep,
    ])

  /// From one person to another of the same team.
  static let betweenPeople = template(
    "Account manager to account manager",
    [
      item(
        "story", .need, "What the customer is about", required: true,
        prompt: "What they do, where they are heading, and what they expect of us.",
        why: "It is what the customer least wants to tell twice."),
      promises, people, renewalOwner, payment,
      item(
        "trust", .stakeholder, "Whose trust to win first",
        prompt: "Who is loyal to you and not yet to us, and how to introduce the new face.",
        why: "Relations are lost at a change of person, not of contract."),
      risks, learned, questions, nextStep,
    ])

  /// Between any other teams.
  static let general = template(
    "Handover between teams",
    [
      item(
        "need", .need, "What it is about", required: true, prompt: "What the customer needs, and why now.",
        why: "The receiver must know what they answer for."),
      promises, people, risks, learned, questions, nextStep,
    ])
}
