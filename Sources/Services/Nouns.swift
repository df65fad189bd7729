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
      HandoverServiceStandardHandler(try NounAnswers(world, HandoverRules())),
      HandoverTemplateServiceStandardHandler(try NounAnswers(world, HandoverTemplateRules())),
      try HandoverWorkflowHandler(world),
    ]
  }
}
