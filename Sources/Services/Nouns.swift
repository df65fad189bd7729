import PunosAPI
public import RPC

/// Every kind of record that has standard methods: one line each.
public enum Nouns {
  /// Their services.
  ///
  /// - Throws: ``Problem`` where the schema lacks a kind.
  public static func services(_ world: ServiceWorld) throws(Problem) -> [any RPCService] {
    [
      AccountServiceStandardHandler(try NounAnswers(world, AccountRules())),
      ContactServiceStandardHandler(try NounAnswers(world, ContactRules())),
      CommitmentServiceStandardHandler(try NounAnswers(world, CommitmentRules())),
      PurchaseServiceStandardHandler(try NounAnswers(world, PurchaseRules())),
      CommitteeMemberServiceStandardHandler(try NounAnswers(world, CommitteeMemberRules())),
      JourneyServiceStandardHandler(try NounAnswers(world, JourneyRules())),
      StageTransitionServiceStandardHandler(try NounAnswers(world, StageTransitionRules())),
      PurchaseAnalysisHandler(world),
      CoverageHandler(world),
      try LifecycleHandler(world),
      InteractionServiceStandardHandler(try NounAnswers(world, InteractionRules())),
      RelationshipServiceStandardHandler(try NounAnswers(world, RelationshipRules())),
      RhythmHandler(world), NetworkHandler(world),
      BusinessClaimServiceStandardHandler(try NounAnswers(world, BusinessClaimRules())),
      InsightServiceStandardHandler(try NounAnswers(world, InsightRules())),
      InsightReviewHandler(world, try RecordService(world, InsightRules())),
      SignalServiceStandardHandler(try NounAnswers(world, SignalRules())),
      SignalHandlingHandler(world, try RecordService(world, SignalRules())),
      UnderstandingHandler(world, try RecordService(world, AccountRules())),
      EndCustomerSegmentServiceStandardHandler(try NounAnswers(world, EndCustomerSegmentRules())),
      ValueDriverServiceStandardHandler(try NounAnswers(world, ValueDriverRules())),
      FeedbackServiceStandardHandler(try NounAnswers(world, FeedbackRules())),
      ValueHandler(world),
      ExperienceHandler(world),
      HandoverServiceStandardHandler(try NounAnswers(world, HandoverRules())),
      HandoverTemplateServiceStandardHandler(try NounAnswers(world, HandoverTemplateRules())),
      try HandoverWorkflowHandler(world),
    ]
  }
}
